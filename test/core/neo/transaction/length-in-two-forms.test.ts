/**
 * A length of 65535, which neo-go writes in five bytes and the C# node in three. Each kind of node
 * hashes its own form, so nothing with such a length is made or signed here; but anybody can put one
 * on a chain, and a follower that cannot read its block would stand still for ever.
 */
import { describe, expect, it } from 'vitest';
import { decodeBlock } from '../../../../worker/core/neo/block/block.ts';
import { encodeHeader, type Header } from '../../../../worker/core/neo/block/header.ts';
import { merkleRootOf } from '../../../../worker/core/neo/block/merkle.ts';
import { ByteWriter } from '../../../../worker/core/neo/byte-writer.ts';
import { decodeHash256, type Hash256, hash256Of } from '../../../../worker/core/neo/hash256.ts';
import { encodeHex, parseHex } from '../../../../worker/core/neo/hex.ts';
import { decodeScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import type { Attribute } from '../../../../worker/core/neo/transaction/attribute.ts';
import { LIMITS } from '../../../../worker/core/neo/transaction/limits.ts';
import {
  decodeTransaction,
  decodeUnsigned,
  encodeTransaction,
  encodeUnsigned,
  hashTransaction,
  type Transaction,
} from '../../../../worker/core/neo/transaction/transaction.ts';
import { NO_SCOPES } from '../../../../worker/core/neo/transaction/witness-scope.ts';

const ACCOUNT = decodeScriptHash(new Uint8Array(20).fill(5));
const script = (length: number): Uint8Array => new Uint8Array(length).fill(0x21);
const response: Attribute = {
  type: 'OracleResponse',
  id: 1n,
  code: 'Success',
  result: new Uint8Array(65_535).fill(7),
};
const transactionOf = (change: Partial<Transaction>): Transaction => ({
  nonce: 1,
  systemFee: 0n,
  networkFee: 1n,
  validUntilBlock: 9,
  signers: [{ account: ACCOUNT, scopes: NO_SCOPES }],
  attributes: [],
  script: script(1),
  witnesses: [{ invocation: new Uint8Array(2), verification: new Uint8Array(3) }],
  ...change,
});
const SHORT = transactionOf({ nonce: 2 });
const CASES: readonly (readonly [string, Transaction])[] = [
  ['a script', transactionOf({ script: script(65_535) })],
  ["an oracle's result", transactionOf({ attributes: [response] })],
];

/** As neo-go writes it. */
function long(bytes: Uint8Array): Uint8Array {
  const hex = encodeHex(bytes);
  const at = hex.indexOf('fdffff');
  const written = parseHex(`${hex.slice(0, at)}feffff0000${hex.slice(at + 6)}`);
  if (written === null || at < 0) throw new Error('bytes with that length');
  return written;
}
const longHash = (transaction: Transaction): Hash256 =>
  hash256Of(long(encodeUnsigned(transaction)));

function headerOver(hashes: readonly Hash256[]): Header {
  const merkleRoot = merkleRootOf(hashes);
  if (merkleRoot === null) throw new Error('a root');
  return {
    previousHash: decodeHash256(new Uint8Array(32)),
    merkleRoot,
    timeMs: 1,
    nonce: 0n,
    index: 1,
    primary: 0,
    nextConsensus: ACCOUNT,
    witness: { invocation: new Uint8Array(), verification: new Uint8Array() },
  };
}

const blockBytes = (header: Header, transactions: readonly Uint8Array[]): Uint8Array => {
  const writer = new ByteWriter().bytes(encodeHeader(header));
  return writer.list(transactions, (bytes) => writer.bytes(bytes)).toBytes();
};

describe.each(CASES)('%s of 65535 bytes', (_, transaction) => {
  it('is not taken for signing, in either form', () => {
    const unsigned = encodeUnsigned(transaction);
    expect(decodeUnsigned(unsigned)).toMatchObject({
      malformed: { reason: 'a length on whose hash nodes differ' },
    });
    expect(decodeUnsigned(long(unsigned))).toMatchObject({ ok: false });
  });

  it('is read alone in the one form that has our hash', () => {
    const bytes = encodeTransaction(transaction);
    expect(decodeTransaction(bytes).ok).toBe(true);
    expect(decodeTransaction(long(bytes))).toMatchObject({
      malformed: { reason: 'a length that is not in its shortest form' },
    });
  });

  it.each([
    ['the shortest, hashed so', encodeTransaction, hashTransaction],
    ['the long one, hashed so', (one: Transaction) => long(encodeTransaction(one)), longHash],
    [
      'the long one of what was hashed short',
      (one: Transaction) => long(encodeTransaction(one)),
      hashTransaction,
    ],
  ] as const)('is read from a block in every form a node gives it: %s', (_form, write, hashOf) => {
    const hashes = [hashTransaction(SHORT), hashOf(transaction)];
    const header = headerOver(hashes);
    const bytes = blockBytes(header, [encodeTransaction(SHORT), write(transaction)]);
    const decoded = decodeBlock(bytes);
    expect(decoded.ok && decoded.value.transactionHashes).toEqual(hashes);
    expect(decoded.ok && decoded.value.transactions.length).toBe(2);
  });

  it('is held to the root of its block all the same', () => {
    const header = headerOver([hashTransaction(SHORT), longHash(transaction)]);
    const others = [
      encodeTransaction(SHORT),
      long(encodeTransaction({ ...transaction, nonce: 3 })),
    ];
    expect(decodeBlock(blockBytes(header, others))).toMatchObject({ ok: false });
    expect(decodeBlock(blockBytes(header, [encodeTransaction(SHORT)]))).toMatchObject({
      ok: false,
    });
  });
});

describe('a script a byte shorter', () => {
  it('is the longest that is taken for signing', () => {
    const longest = transactionOf({ script: script(LIMITS.ownScriptBytesMax.value) });
    expect(decodeUnsigned(encodeUnsigned(longest)).ok).toBe(true);
    expect(LIMITS.ownScriptBytesMax.value).toBe(LIMITS.scriptBytesMax.value - 1);
  });
});
