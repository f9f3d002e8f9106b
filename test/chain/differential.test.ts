/**
 * Our codecs against neo-go's own packages, byte for byte and both ways: 10,000 random transactions
 * with all attributes, scopes and rules, scripts of every push form, keys and accounts. Where the
 * two differ by intent the difference is pinned here with its reason, and random inputs leave it
 * out. SEED repeats a run.
 */
import { base64 } from '@scure/base';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptKey, NEP2_SCRYPT } from '../../sdk/keys/index.ts';
import { encodeAddress, parseAddress } from '../../worker/core/neo/address.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { contractHashOf } from '../../worker/core/neo/contract-hash.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { decodePrivateKey, publicKeyOf, signMessage } from '../../worker/core/neo/private-key.ts';
import { decodeScriptHash, scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../worker/core/neo/stack-argument.ts';
import {
  decodeTransaction,
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  hashTransaction,
  sizeOfTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import {
  formatTransaction,
  parseTransaction,
} from '../../worker/core/neo/transaction/transaction-json.ts';
import {
  encodeMultisigScript,
  encodeSignatureScript,
} from '../../worker/core/neo/verification-script.ts';
import { encodeWif, parseWif } from '../../worker/core/neo/wif.ts';
import {
  arbitraryPublicKey,
  arbitraryTransaction,
  hasLengthInTwoForms,
} from '../support/neo-arbitraries.ts';
import { callOf } from '../support/neo-arguments.ts';
import { runsOf } from '../support/runs.ts';
import { arbitraryTampering, tamperWith } from '../support/tampering.ts';
import { type Answer, NeoGoPeer } from './support/neo-go-peer.ts';

const { seed } = runsOf('differential', { usual: 10_000, slow: 10_000 });
/** Shrinking asks thousands of times more; the seed and the path are enough to look closer. */
const runs = (numRuns: number) => ({ seed, numRuns, endOnFailure: true });
const TRANSACTIONS = 10_000;
const SCRIPTS = 10_000;
/** Most of the time goes into points of the curve here, as it does for signatures below. */
const READ_AS_JSON = 500;
const TAMPERED = 2_000;
const ACCOUNTS = 1_000;
const CONTRACTS = 2_000;
/** Half a second of scrypt for each. */
const ENCRYPTED = 20;
/** A minute where nothing else runs. */
const TIMEOUT_MS = 240_000;

let peer: NeoGoPeer;
beforeAll(async () => {
  peer = await NeoGoPeer.start();
});
afterAll(() => peer.stop());

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const scriptHashes = bytesOf(20).map(decodeScriptHash);
const u32 = fc.nat(0xffff_ffff);
const answeredBytes = ({ error, ...answer }: Answer, name: string): string => {
  if (error !== undefined) throw new Error(`neo-go: ${JSON.stringify(error)}`);
  return encodeHex(base64.decode(String(answer[name])));
};

describe('a transaction', () => {
  it(
    'has the bytes, hash, size and signed data that neo-go gives it, from bytes and from JSON',
    async () => {
      const transactions = arbitraryTransaction.filter((one) => !hasLengthInTwoForms(one));
      await fc.assert(
        fc.asyncProperty(transactions, u32, async (transaction, magic) => {
          const bytes = base64.encode(encodeTransaction(transaction));
          const question = { bytes, json: formatTransaction(transaction), magic };
          const { json: _, ...answer } = await peer.ask('transaction', question);
          const hash = hashTransaction(transaction);
          expect(answer).toEqual({
            bytes,
            fromJson: bytes,
            unsigned: base64.encode(encodeUnsigned(transaction)),
            hash,
            size: sizeOfTransaction(transaction),
            signed: base64.encode(encodeSigningMessage(magic, hash)),
          });
        }),
        runs(TRANSACTIONS),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'is read from the JSON that neo-go writes',
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryTransaction, async (transaction) => {
          const bytes = base64.encode(encodeTransaction(transaction));
          const parsed = parseTransaction((await peer.ask('bytes', { bytes, magic: 0 })).json);
          expect(parsed.ok && base64.encode(encodeTransaction(parsed.value))).toBe(bytes);
        }),
        runs(READ_AS_JSON),
      );
    },
    TIMEOUT_MS,
  );

  it('differs from neo-go in a length of 65535, which it writes in another form', async () => {
    const [transaction] = fc.sample(
      arbitraryTransaction.filter(({ script }) => script.length === 0xffff),
      { seed, numRuns: 1 },
    );
    if (transaction === undefined) throw new Error('a sample of one');
    const bytes = base64.encode(encodeTransaction(transaction));
    const answer = await peer.ask('bytes', { bytes, magic: 0 });
    expect(answer.hash).toBe(hashTransaction(transaction));
    expect(answer.size).toBe(sizeOfTransaction(transaction));
    expect(answeredBytes(answer, 'unsigned')).toBe(
      encodeHex(encodeUnsigned(transaction)).replace('fdffff', 'feffff0000'),
    );
  });

  /** What neo-go takes and we refuse, by intent. */
  const STRICTER = [
    // Two byte forms of one transaction would have two hashes in neo-go.
    'a length that is not in its shortest form',
    // Refused by every node in verification (-507): never on chain.
    'the attribute Conflicts twice',
    // The experimental types e0 to ff, which public networks do not know.
    /^unknown attribute 2(2[4-9]|[345]\d)$/,
    // Looked at by nodes when they take it into a pool or a block.
    'more than 102400 bytes',
    // A second form of true would be a second hash.
    'a boolean that is neither 0 nor 1',
  ];
  const isStricter = (reason: string): boolean =>
    STRICTER.some((one) => (typeof one === 'string' ? one === reason : one.test(reason)));

  it(
    'that was tampered with is taken or refused as neo-go does it, but for what is listed',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryTransaction,
          fc.array(arbitraryTampering, { minLength: 1, maxLength: 2 }),
          async (transaction, tamperings) => {
            const bytes = tamperings.reduce(tamperWith, encodeTransaction(transaction));
            const decoded = decodeTransaction(bytes);
            const answer = await peer.ask('bytes', { bytes: base64.encode(bytes), magic: 0 });
            if (decoded.ok) expect(answer.hash).toBe(hashTransaction(decoded.value));
            else if (!isStricter(decoded.malformed.reason))
              expect([decoded.malformed.reason, answer]).toEqual([
                decoded.malformed.reason,
                { error: expect.any(String) },
              ]);
          },
        ),
        runs(TAMPERED),
      );
    },
    TIMEOUT_MS,
  );
});

const TYPES: readonly StackArgument['type'][] = [
  ...(['Any', 'Boolean', 'Integer', 'ByteArray', 'ByteString', 'Signature', 'String'] as const),
  ...(['Hash160', 'Hash256', 'PublicKey', 'Array', 'Struct', 'Map'] as const),
];

/** What neo-go writes in another form; the tests below show each. */
const isLeftOut = ({ type, value }: StackArgument): boolean =>
  (type === 'Integer' && value === 16n) ||
  (type === 'Struct' && value.length === 0) ||
  (type === 'Map' && value.length === 0);

type ArgumentJson = Readonly<Record<'type' | 'value', unknown>>;

function toJson(argument: StackArgument): ArgumentJson {
  const { type, value } = argument;
  if (type === 'Array' || type === 'Struct') return { type, value: value.map(toJson) };
  if (type === 'Map') {
    const pairs = value.map((pair) => ({ key: toJson(pair.key), value: toJson(pair.value) }));
    return { type, value: pairs };
  }
  if (type === 'Integer') return { type, value: value.toString() };
  return { type, value: value instanceof Uint8Array ? base64.encode(value) : value };
}

describe('a script', () => {
  const neoGoScript = async (calls: readonly ContractCall[]): Promise<string> => {
    const asJson = calls.map((call) => ({ ...call, args: call.args.map(toJson) }));
    return answeredBytes(await peer.ask('script', { calls: asJson }), 'script');
  };

  it(
    'of calls with arguments of every type has the bytes that neo-go writes',
    async () => {
      const calls = fc.array(callOf({ types: TYPES, isLeftOut }), { minLength: 1, maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(calls, async (given) => {
          expect(encodeHex(encodeCalls(given))).toBe(await neoGoScript(given));
        }),
        runs(SCRIPTS),
      );
    },
    TIMEOUT_MS,
  );

  // PUSHINT8 10, where the C# node, neon-js and we write PUSH16: the same to the machine.
  const SIXTEEN = { ours: '20', theirs: '0010' };
  const differences: readonly (readonly [string, StackArgument, string, string])[] = [
    ['the integer 16', { type: 'Integer', value: 16n }, SIXTEEN.ours, SIXTEEN.theirs],
    // PUSH0 and a packing, where one instruction does it.
    ['an empty struct', { type: 'Struct', value: [] }, 'c5', '10bf'],
    ['an empty map', { type: 'Map', value: [] }, 'c8', '10be'],
  ];

  it.each(differences)('differs from neo-go in %s, by intent', async (...difference) => {
    const [, argument, ours, theirs] = difference;
    const call = {
      contract: decodeScriptHash(new Uint8Array(20)),
      method: 'm',
      args: [argument],
      flags: 15,
      result: 'kept',
    } as const;
    // The argument, the count of one and PACK come first.
    const own = encodeHex(encodeCalls([call]));
    expect(own.slice(0, ours.length + 4)).toBe(`${ours}11c0`);
    expect(await neoGoScript([call])).toBe(`${theirs}${own.slice(ours.length)}`);
  });

  it('differs from neo-go in a count of 16, by intent', async () => {
    const args = Array.from({ length: 16 }, () => ({ type: 'Any', value: null }) as const);
    const contract = decodeScriptHash(new Uint8Array(20));
    const call = { contract, method: 'm', args, flags: 15, result: 'kept' } as const;
    const own = encodeHex(encodeCalls([call]));
    expect(await neoGoScript([call])).toBe(own.replace(`${SIXTEEN.ours}c0`, `${SIXTEEN.theirs}c0`));
  });
});

describe('an account', () => {
  const privateKeys = bytesOf(32)
    .map(decodePrivateKey)
    .filter((key) => key !== null);

  it(
    'of one key has the key, WIF, script, hash and address that neo-go gives it, and signs the same',
    async () => {
      await fc.assert(
        fc.asyncProperty(privateKeys, fc.uint8Array({ maxLength: 100 }), async (key, message) => {
          const privateKey = encodeHex(key);
          const question = { privateKey, message: base64.encode(message) };
          const script = encodeSignatureScript(publicKeyOf(key));
          const address = encodeAddress(scriptHashOf(script));
          expect(await peer.ask('key', question)).toEqual({
            wif: encodeWif(key),
            fromWif: privateKey,
            publicKey: publicKeyOf(key),
            script: base64.encode(script),
            hash: scriptHashOf(script),
            address,
            signature: base64.encode(signMessage(message, key)),
          });
          expect(parseAddress(address)).toBe(scriptHashOf(script));
          expect(parseWif(encodeWif(key))).toEqual(key);
        }),
        runs(ACCOUNTS),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'has the NEP-2 text that neo-go gives its key under the parameters of the standard',
    async () => {
      const passphrases = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
      await fc.assert(
        fc.asyncProperty(privateKeys, passphrases, async (key, passphrase) => {
          const question = { privateKey: encodeHex(key), passphrase, scrypt: NEP2_SCRYPT };
          const { encrypted } = await peer.ask('nep2', question);
          expect(await encryptKey({ privateKey: key, passphrase })).toEqual({
            ok: true,
            encrypted,
          });
        }),
        runs(ENCRYPTED),
      );
    },
    TIMEOUT_MS,
  );

  const members = fc.uniqueArray(arbitraryPublicKey, { minLength: 1, maxLength: 15 });

  it(
    'of several keys in any order has the script and address that neo-go gives it',
    async () => {
      await fc.assert(
        fc.asyncProperty(members, fc.nat(), async (publicKeys, at) => {
          const threshold = 1 + (at % publicKeys.length);
          const script = encodeMultisigScript({ threshold, publicKeys });
          const bytes = script.ok ? script.value : new Uint8Array();
          expect(await peer.ask('multisig', { threshold, publicKeys })).toEqual({
            script: base64.encode(bytes),
            hash: scriptHashOf(bytes),
            address: encodeAddress(scriptHashOf(bytes)),
          });
        }),
        runs(ACCOUNTS),
      );
    },
    TIMEOUT_MS,
  );

  it('of 16 keys is refused here, since neo-go gives it another address than others do', async () => {
    const publicKeys = fc.sample(
      fc.uniqueArray(arbitraryPublicKey, { minLength: 16, maxLength: 16 }),
      { seed, numRuns: 1 },
    )[0];
    const answer = await peer.ask('multisig', { threshold: 1, publicKeys });
    expect(answeredBytes(answer, 'script')).toMatch(/^11.*001041/);
    expect(encodeMultisigScript({ threshold: 1, publicKeys: publicKeys ?? [] }).ok).toBe(false);
  });
});

describe('a contract', () => {
  it(
    'has the hash that neo-go reckons from deployer, checksum and name',
    async () => {
      const names = fc
        .string({ unit: 'binary', maxLength: 40 })
        .filter((one) => one.isWellFormed());
      // 16 again: neo-go writes that checksum in another form.
      const checksums = u32.filter((checksum) => checksum !== 16);
      await fc.assert(
        fc.asyncProperty(scriptHashes, checksums, names, async (sender, checksum, name) => {
          const answer = await peer.ask('contract', { sender, checksum, name });
          expect(answer).toEqual({ hash: contractHashOf({ sender, nefChecksum: checksum, name }) });
        }),
        runs(CONTRACTS),
      );
    },
    TIMEOUT_MS,
  );
});
