/**
 * Transactions against those of mainnet, neo-go, neon-js, the documentation of the C# node and a
 * live node: bytes, hashes, sizes, what is signed and who signed it; and, one fault at a time, what
 * no node would take.
 */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../worker/core/assert.ts';
import type { Decoded } from '../../../../worker/core/neo/byte-reader.ts';
import { ByteWriter } from '../../../../worker/core/neo/byte-writer.ts';
import { decodeHash256, type Hash256, parseHash256 } from '../../../../worker/core/neo/hash256.ts';
import { encodeHex, parseHex } from '../../../../worker/core/neo/hex.ts';
import { decodeScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import {
  type Attribute,
  writeAttribute,
} from '../../../../worker/core/neo/transaction/attribute.ts';
import { LIMITS } from '../../../../worker/core/neo/transaction/limits.ts';
import { checkWitness } from '../../../../worker/core/neo/transaction/signature-witness.ts';
import { type Signer, writeSigner } from '../../../../worker/core/neo/transaction/signer.ts';
import {
  decodeTransaction,
  decodeUnsigned,
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  hashTransaction,
  parseBase64Transaction,
  sizeOfTransaction,
  type Transaction,
  toBase64Transaction,
} from '../../../../worker/core/neo/transaction/transaction.ts';
import {
  formatTransaction,
  parseTransaction,
} from '../../../../worker/core/neo/transaction/transaction-json.ts';
import {
  CALLED_BY_ENTRY,
  NO_SCOPES,
} from '../../../../worker/core/neo/transaction/witness-scope.ts';
import { readNeoVectors } from '../../../support/neo-vectors.ts';

interface SignedVector {
  readonly raw_base64: string;
  readonly size: number;
  readonly hash_display: string;
  readonly sign_data_hex?: string;
}
interface Vectors {
  readonly public_transactions: readonly (SignedVector & {
    readonly raw_hex: string;
    readonly json?: object;
    readonly witnesses_check: readonly {
      readonly network_magic?: number;
      readonly valid: boolean | null;
    }[];
  })[];
  readonly generated_signed: readonly (SignedVector & { readonly network_magic: number })[];
  readonly undecodable: readonly { readonly why: string; readonly raw_hex: string }[];
}
interface Samples {
  readonly examples: readonly { readonly params?: readonly unknown[]; readonly result?: unknown }[];
}
type Live = Readonly<Record<string, { readonly response?: unknown }>>;

const vectors = readNeoVectors('transactions.json') as Vectors | undefined;
const sent = readNeoVectors('rpc-samples/sendrawtransaction.json') as Samples | undefined;
const got = readNeoVectors('rpc-samples/getrawtransaction.json') as Samples | undefined;
const live = readNeoVectors('rpc-samples/live-neo-go-0.122.json') as Live | undefined;

function valueOf<Value>(decoded: Decoded<Value>): Value {
  if (!decoded.ok) throw new Error(`malformed: ${decoded.malformed.reason}`);
  return decoded.value;
}

function verdicts(transaction: Transaction, networkMagic: number): readonly string[] {
  const message = encodeSigningMessage(networkMagic, hashTransaction(transaction));
  return transaction.signers.map(({ account }, index) => {
    const witness = transaction.witnesses[index];
    return witness ? checkWitness({ witness, account, message }) : 'absent';
  });
}

describe('transactions of others', () => {
  it.skipIf(!vectors)('have the bytes, hash, size and JSON that their source states', () => {
    for (const vector of vectors?.public_transactions ?? []) {
      const transaction = valueOf(parseBase64Transaction(vector.raw_base64));
      expect(encodeHex(encodeTransaction(transaction))).toBe(vector.raw_hex);
      expect(toBase64Transaction(transaction)).toBe(vector.raw_base64);
      expect(hashTransaction(transaction)).toBe(vector.hash_display);
      expect(sizeOfTransaction(transaction)).toBe(vector.size);
      if (vector.json === undefined) continue;
      expect(formatTransaction(transaction)).toMatchObject(vector.json);
      expect(parseTransaction(vector.json)).toEqual({ ok: true, value: transaction });
    }
  });

  it.skipIf(!vectors)('were signed by whom their source says, on that network alone', () => {
    let judged = 0;
    for (const vector of vectors?.public_transactions ?? []) {
      const transaction = valueOf(parseBase64Transaction(vector.raw_base64));
      const [check] = vector.witnesses_check;
      if (check?.network_magic === undefined) continue;
      judged += 1;
      expect(verdicts(transaction, check.network_magic)).toEqual(['valid']);
      expect(verdicts(transaction, check.network_magic + 1)).toEqual(['invalid']);
    }
    expect(judged).toBeGreaterThan(0);
  });

  it.skipIf(!vectors)('that a live node accepted are decoded and judged as it did', () => {
    for (const vector of vectors?.generated_signed ?? []) {
      const transaction = valueOf(parseBase64Transaction(vector.raw_base64));
      const hash = hashTransaction(transaction);
      expect(hash).toBe(vector.hash_display);
      expect(sizeOfTransaction(transaction)).toBe(vector.size);
      expect(encodeHex(encodeSigningMessage(vector.network_magic, hash))).toBe(
        vector.sign_data_hex,
      );
      expect(new Set(verdicts(transaction, vector.network_magic))).toEqual(new Set(['valid']));
    }
  });

  it.skipIf(!vectors)('that cannot be decoded are refused', () => {
    for (const { raw_hex, why } of vectors?.undecodable ?? []) {
      const bytes = parseHex(raw_hex) ?? new Uint8Array();
      expect(decodeTransaction(bytes).ok, why).toBe(false);
    }
  });

  it.skipIf(!sent)('of the documentation are read and written again', () => {
    const text = String(sent?.examples[0]?.params?.[0]);
    const transaction = valueOf(parseBase64Transaction(text));
    expect(toBase64Transaction(transaction)).toBe(text);
    // The hash on that page is of a preview version, and so is the syscall in the witness.
    expect(verdicts(transaction, 860_833_102)).toEqual(['unjudged']);
  });

  it.skipIf(!got)('of the documentation agree with its own JSON', () => {
    const results = got?.examples.map(({ result }) => result) ?? [];
    const text = results.find((result) => typeof result === 'string');
    const json = results.find((result) => typeof result === 'object');
    const transaction = valueOf(parseBase64Transaction(String(text)));
    expect(toBase64Transaction(transaction)).toBe(text);
    const { signers, script, witnesses, size, nonce } = formatTransaction(transaction);
    expect(json).toMatchObject({ signers, script, witnesses, size, nonce });
    // The page shows fees with a decimal point, as preview versions did.
    expect(parseTransaction(json)).toMatchObject({ misshapen: { pointer: '/sysfee' } });
  });
});

/** Whatever looks like a verbose transaction, wherever a live node printed it. */
function transactionsIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('validuntilblock' in value && 'witnesses' in value) return [value];
  return Object.values(value).flatMap(transactionsIn);
}

describe('transactions a live node printed', () => {
  it.skipIf(!live)('have their hash, their size and a valid witness', () => {
    const printed = Object.values(live ?? {}).flatMap(({ response }) => transactionsIn(response));
    expect(printed.length).toBeGreaterThan(20);
    for (const json of printed) {
      const parsed = parseTransaction(json);
      if (!parsed.ok) throw new Error(`${parsed.misshapen.pointer} ${parsed.misshapen.reason}`);
      expect(json).toMatchObject(formatTransaction(parsed.value));
      expect(verdicts(parsed.value, 56_753)).toEqual(['valid']);
    }
  });

  it.skipIf(!live)('are refused when any one field of them was changed', () => {
    const [json = {}] = transactionsIn(live?.['getrawtransaction-mempool-verbose']?.response);
    expect(parseTransaction(json).ok).toBe(true);
    const changes = {
      hash: `0x${'00'.repeat(32)}`,
      size: 246,
      version: 1,
      nonce: 1_511_686_901,
      sysfee: '9977781',
      netfee: '1228521',
      validuntilblock: 139,
      signers: [{ account: `0x${'11'.repeat(20)}`, scopes: 'CalledByEntry' }],
      attributes: [{ type: 'HighPriority' }],
      script: 'EUA=',
      witnesses: [],
    };
    for (const [name, value] of Object.entries(changes)) {
      expect(parseTransaction({ ...json, [name]: value }).ok, name).toBe(false);
      expect(parseTransaction({ ...json, [name]: undefined }).ok, name).toBe(false);
    }
  });
});

const accountOf = (index: number) => decodeScriptHash(new Uint8Array(20).fill(index));
const hashOf = (index: number): Hash256 => decodeHash256(new Uint8Array(32).fill(index));
const payer: Signer = { account: accountOf(1), scopes: CALLED_BY_ENTRY };
const sound: Transaction = {
  nonce: 7,
  systemFee: 1n,
  networkFee: 2n,
  validUntilBlock: 100,
  signers: [payer],
  attributes: [],
  script: Uint8Array.of(0x40),
  witnesses: [{ invocation: new Uint8Array(), verification: new Uint8Array() }],
};
const signersOf = (count: number): readonly Signer[] =>
  Array.from({ length: count }, (_, index) => ({ account: accountOf(index), scopes: NO_SCOPES }));
const witnessesOf = (count: number, bytes = 0) =>
  Array.from({ length: count }, () => ({
    invocation: new Uint8Array(bytes),
    verification: new Uint8Array(bytes),
  }));
const conflictsOf = (count: number): readonly Attribute[] =>
  Array.from({ length: count }, (_, index) => ({ type: 'Conflicts', hash: hashOf(index) }));
const I64_MAX = 2n ** 63n - 1n;

const SOUND: Readonly<Record<string, Partial<Transaction>>> = {
  'of fees that just fit': { systemFee: I64_MAX - 2n },
  'of 16 signers': { signers: signersOf(16), witnesses: witnessesOf(16) },
  'of one signer and 15 attributes': { attributes: conflictsOf(15) },
  'of the longest script': { script: new Uint8Array(65_535) },
  'of the longest witness': { witnesses: witnessesOf(1, 1024) },
  'that conflicts with two others': { attributes: conflictsOf(2) },
};
const BROKEN: Readonly<Record<string, Partial<Transaction>>> = {
  'a negative system fee': { systemFee: -1n },
  'a negative network fee': { networkFee: -1n },
  'fees whose sum overflows': { systemFee: I64_MAX - 1n },
  'no signer': { signers: [], witnesses: [] },
  '17 signers': { signers: signersOf(17), witnesses: witnessesOf(17) },
  'the same signer twice': {
    signers: [payer, { account: payer.account, scopes: NO_SCOPES }],
    witnesses: witnessesOf(2),
  },
  '16 attributes beside a signer': { attributes: conflictsOf(16) },
  'HighPriority twice': { attributes: [{ type: 'HighPriority' }, { type: 'HighPriority' }] },
  'NotValidBefore twice': {
    attributes: [
      { type: 'NotValidBefore', height: 1 },
      { type: 'NotValidBefore', height: 2 },
    ],
  },
  'a conflict with the same hash twice': { attributes: [...conflictsOf(1), ...conflictsOf(1)] },
  'an empty script': { script: new Uint8Array() },
  'a script of 65536 bytes': { script: new Uint8Array(65_536) },
  'no witness': { witnesses: [] },
  'more witnesses than signers': { witnesses: witnessesOf(2) },
  'a witness script of 1025 bytes': { witnesses: witnessesOf(1, 1025) },
};

/** The bytes of a transaction that the codec would not write. */
function unchecked({ signers, attributes, witnesses, ...transaction }: Transaction): Uint8Array {
  const writer = new ByteWriter().u8(0).u32(transaction.nonce);
  writer.i64(transaction.systemFee).i64(transaction.networkFee).u32(transaction.validUntilBlock);
  writer.list(signers, (signer) => writeSigner(writer, signer));
  writer.list(attributes, (attribute) => writeAttribute(writer, attribute));
  writer.varBytes(transaction.script);
  writer.list(witnesses, ({ invocation, verification }) =>
    writer.varBytes(invocation).varBytes(verification),
  );
  return writer.toBytes();
}

describe('a transaction', () => {
  it.each(Object.entries(SOUND))('%s is written and read again', (_, change) => {
    const transaction = { ...sound, ...change };
    const decoded = valueOf(decodeTransaction(encodeTransaction(transaction)));
    // `toEqual` walks 64 KiB of script number by number.
    expect(isDeepStrictEqual(decoded, transaction)).toBe(true);
  });

  it.each(Object.entries(BROKEN))('with %s is refused in bytes and never written', (_, change) => {
    const broken = { ...sound, ...change };
    expect(decodeTransaction(unchecked(broken))).toMatchObject({ ok: false });
    expect(() => encodeTransaction(broken)).toThrow(InvariantError);
  });

  it('of 102400 bytes is one, and of a byte more is not', () => {
    const oracle = (length: number): Attribute => ({
      type: 'OracleResponse',
      id: 1n,
      code: 'Success',
      result: new Uint8Array(length),
    });
    const full = { ...sound, script: new Uint8Array(65_534), attributes: [oracle(30_000)] };
    const room = LIMITS.transactionBytesMax.value - sizeOfTransaction(full);
    const largest = { ...full, attributes: [oracle(30_000 + room)] };
    expect(encodeTransaction(largest)).toHaveLength(102_400);
    expect(decodeTransaction(encodeTransaction(largest)).ok).toBe(true);
    const larger = { ...full, attributes: [oracle(30_001 + room)] };
    expect(() => encodeTransaction(larger)).toThrow();
    expect(decodeTransaction(new Uint8Array(102_401))).toMatchObject({ ok: false });
    const unsigned = encodeUnsigned(larger);
    expect(decodeUnsigned(unsigned).ok).toBe(unsigned.length <= 102_400);
    expect(parseBase64Transaction('A'.repeat(136_540))).toMatchObject({ ok: false });
  });

  it('is refused as base64 that is none', () => {
    for (const text of ['', '=', 'AA', 'A A=', '____', `${toBase64Transaction(sound)}\n`])
      expect(parseBase64Transaction(text), text).toMatchObject({ ok: false });
  });

  it('does not decode when a length is longer than it must be: that would be a second hash', () => {
    const hex = encodeHex(encodeTransaction(sound));
    // The script's length and its one byte, then one witness of two empty scripts.
    expect(hex.endsWith('0140010000')).toBe(true);
    const head = hex.slice(0, -'0140010000'.length);
    for (const tail of ['fd010040010000', '0140fd01000000', '014001fd000000'])
      expect(decodeTransaction(parseHex(head + tail) ?? new Uint8Array()), tail).toMatchObject({
        ok: false,
        malformed: { reason: 'a length that is not in its shortest form' },
      });
  });

  it('does not decode from a claim of more than there is', () => {
    const hex = encodeHex(encodeTransaction(sound));
    const head = hex.slice(0, -'0140010000'.length);
    for (const tail of ['feffffffff', 'ffffffffffffffffff', 'fdffff40'])
      expect(decodeTransaction(parseHex(head + tail) ?? new Uint8Array()), tail).toMatchObject({
        ok: false,
      });
  });

  it('keeps an oracle id beyond 2^53 through its JSON, and refuses a rounded one', () => {
    const id = 2n ** 64n - 1n;
    const attribute: Attribute = {
      type: 'OracleResponse',
      id,
      code: 'Success',
      result: new Uint8Array(),
    };
    const json = formatTransaction({ ...sound, attributes: [attribute] });
    expect(parseTransaction(json)).toMatchObject({ ok: true, value: { attributes: [{ id }] } });
    const rounded = { ...attribute, id: Number(id), result: '' };
    expect(parseTransaction({ ...json, attributes: [rounded] })).toMatchObject({
      misshapen: { pointer: '/attributes/0/id' },
    });
  });

  it('has no other hash for other witnesses', () => {
    const signed: Transaction = { ...sound, witnesses: witnessesOf(1, 9) };
    expect(hashTransaction(signed)).toBe(hashTransaction(sound));
    expect(parseHash256(hashTransaction(sound))).not.toBeNull();
  });
});
