/**
 * Collecting signatures: any order of arrival gives the bytes a live network took, and nothing gets
 * into a collection that would spoil it.
 */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../worker/core/neo/hex.ts';
import {
  comparePublicKeys,
  decodePublicKey,
  type PublicKey,
} from '../../../../worker/core/neo/public-key.ts';
import { type ScriptHash, scriptHashOf } from '../../../../worker/core/neo/script-hash.ts';
import {
  formatSignatureContext,
  parseSignatureContext,
} from '../../../../worker/core/neo/transaction/signature-context.ts';
import {
  checkWitness,
  decodeInvocation,
  encodeInvocation,
} from '../../../../worker/core/neo/transaction/signature-witness.ts';
import {
  addContract,
  addSignature,
  addVerification,
  type Collected,
  completeTransaction,
  type SignatureCollection,
  signingMessageOf,
  startCollection,
} from '../../../../worker/core/neo/transaction/signatures.ts';
import {
  encodeTransaction,
  parseBase64Transaction,
  toBase64Transaction,
  type UnsignedTransaction,
} from '../../../../worker/core/neo/transaction/transaction.ts';
import {
  CALLED_BY_ENTRY,
  NO_SCOPES,
} from '../../../../worker/core/neo/transaction/witness-scope.ts';
import {
  encodeMultisigScript,
  encodeSignatureScript,
} from '../../../../worker/core/neo/verification-script.ts';
import { parseWif } from '../../../../worker/core/neo/wif.ts';
import { readNeoVectors } from '../../../support/neo-vectors.ts';
import committee from './committee-context.neo-cli.json' with { type: 'json' };

const MAGIC = 56_753;

interface Signatory {
  readonly secret: Uint8Array;
  readonly key: PublicKey;
}
const signatory = (secret: Uint8Array): Signatory => {
  const key = decodePublicKey(p256.getPublicKey(secret, true));
  if (key === null) throw new Error('no key');
  return { secret, key };
};
const named = (name: string) => signatory(sha256(new TextEncoder().encode(name)));

const owners = ['ann', 'bea', 'cid'].map(named).sort((a, b) => comparePublicKeys(a.key, b.key));
const [first, second, third] = owners as [Signatory, Signatory, Signatory];
const stranger = named('stranger');
const payer = named('payer');

const treasury = (() => {
  const script = encodeMultisigScript({ threshold: 2, publicKeys: owners.map(({ key }) => key) });
  if (!script.ok) throw new Error('no script');
  return script.value;
})();
const single = encodeSignatureScript(payer.key);
const transaction: UnsignedTransaction = {
  nonce: 1,
  systemFee: 2n,
  networkFee: 3n,
  validUntilBlock: 4,
  signers: [
    { account: scriptHashOf(single), scopes: NO_SCOPES },
    { account: scriptHashOf(treasury), scopes: CALLED_BY_ENTRY },
  ],
  attributes: [],
  script: Uint8Array.of(0x40),
};

function added(collected: Collected): SignatureCollection {
  if (!collected.ok) throw new Error(collected.refusal);
  return collected.collection;
}

const sign = (collection: SignatureCollection, { secret }: Signatory): Uint8Array =>
  p256.sign(signingMessageOf(collection), secret, { lowS: false });

const give = (collection: SignatureCollection, account: ScriptHash, by: Signatory): Collected =>
  addSignature(collection, { account, publicKey: by.key, signature: sign(collection, by) });

const known = [single, treasury].reduce(
  (collection, script) => added(addVerification(collection, script)),
  startCollection(transaction, MAGIC),
);
const paid = added(give(known, scriptHashOf(single), payer));
const treasuryAccount = scriptHashOf(treasury);

describe('a collection of signatures', () => {
  it('gives the same transaction whatever order they arrive in', () => {
    const one = added(give(added(give(paid, treasuryAccount, third)), treasuryAccount, first));
    const other = added(give(added(give(paid, treasuryAccount, first)), treasuryAccount, third));
    const complete = completeTransaction(one);
    if (complete === null) throw new Error('incomplete');
    expect(completeTransaction(other)).toEqual(complete);
    const message = signingMessageOf(one);
    for (const [index, { account }] of transaction.signers.entries()) {
      const witness = complete.witnesses[index];
      expect(witness && checkWitness({ witness, account, message })).toBe('valid');
    }
    expect(decodeInvocation(complete.witnesses[1]?.invocation ?? new Uint8Array())).toHaveLength(2);
  });

  it('is not complete before the last signature of the last signer', () => {
    const half = added(give(known, treasuryAccount, first));
    expect(completeTransaction(known)).toBeNull();
    expect(completeTransaction(half)).toBeNull();
    expect(completeTransaction(added(give(half, treasuryAccount, second)))).toBeNull();
  });

  it('does not change when it has enough', () => {
    const full = added(give(added(give(paid, treasuryAccount, second)), treasuryAccount, third));
    expect(give(full, treasuryAccount, first)).toEqual({ ok: false, refusal: 'account_complete' });
  });

  it('takes a high s as it takes a low one', () => {
    const signature = sign(known, payer);
    const { r, s } = p256.Signature.fromBytes(signature);
    const flipped = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes();
    for (const either of [signature, flipped])
      expect(
        addSignature(known, {
          account: scriptHashOf(single),
          publicKey: payer.key,
          signature: either,
        }),
      ).toMatchObject({ ok: true });
  });

  it('refuses a signature of another network, transaction or key, and one cut short', () => {
    const account = treasuryAccount;
    const publicKey = first.key;
    const elsewhere = sign({ ...known, networkMagic: MAGIC + 1 }, first);
    const changed = sign({ ...known, transaction: { ...transaction, nonce: 2 } }, first);
    const good = sign(known, first);
    for (const signature of [
      elsewhere,
      changed,
      sign(known, second),
      good.slice(1),
      new Uint8Array(64),
      new Uint8Array(),
    ])
      expect(addSignature(known, { account, publicKey, signature })).toEqual({
        ok: false,
        refusal: 'signature_invalid',
      });
  });

  it('refuses strangers, repeated keys, and accounts that do not sign', () => {
    const refusal = (collected: Collected) => (collected.ok ? null : collected.refusal);
    expect(refusal(give(known, treasuryAccount, stranger))).toBe('key_foreign');
    const once = added(give(known, treasuryAccount, first));
    expect(refusal(give(once, treasuryAccount, first))).toBe('key_repeated');
    const strange = encodeSignatureScript(stranger.key);
    expect(refusal(addVerification(known, strange))).toBe('not_a_signer');
    expect(refusal(give(known, scriptHashOf(strange), stranger))).toBe('not_a_signer');
    expect(refusal(addContract(known, scriptHashOf(strange)))).toBe('not_a_signer');
    const fresh = startCollection(transaction, MAGIC);
    expect(refusal(give(fresh, treasuryAccount, first))).toBe('account_without_keys');
    expect(refusal(addContract(known, treasuryAccount))).toBe('account_known');
  });

  it('keeps its signatures when the script is named again', () => {
    expect(added(addVerification(paid, single))).toBe(paid);
  });

  it('refuses a script that is no account of keys', () => {
    const odd = Uint8Array.of(0x11, 0x40);
    const odder = { ...transaction, signers: [{ account: scriptHashOf(odd), scopes: NO_SCOPES }] };
    expect(addVerification(startCollection(odder, MAGIC), odd)).toEqual({
      ok: false,
      refusal: 'script_unknown',
    });
  });

  it('leaves the witness of a contract empty', () => {
    const started = startCollection(transaction, MAGIC);
    const contracts = transaction.signers.reduce(
      (collection, { account }) => added(addContract(collection, account)),
      started,
    );
    const complete = completeTransaction(contracts);
    const empty = { invocation: new Uint8Array(), verification: new Uint8Array() };
    expect(complete?.witnesses).toEqual([empty, empty]);
    expect(added(addContract(contracts, treasuryAccount))).toBe(contracts);
  });
});

describe('a witness', () => {
  const full = added(give(added(give(paid, treasuryAccount, first)), treasuryAccount, third));
  const message = signingMessageOf(full);
  const signatures = [first, third].map((one) => sign(full, one));
  const judged = (invocation: Uint8Array, verification = treasury, account = treasuryAccount) =>
    checkWitness({ witness: { invocation, verification }, account, message });

  it('is invalid with signatures in another order, too few, too many or twice the same', () => {
    const [one = new Uint8Array(), other = new Uint8Array()] = signatures;
    expect(judged(encodeInvocation([one, other]))).toBe('valid');
    expect(judged(encodeInvocation([other, one]))).toBe('invalid');
    expect(judged(encodeInvocation([one, one]))).toBe('invalid');
    expect(judged(encodeInvocation([one]))).toBe('invalid');
    expect(judged(encodeInvocation([one, other, sign(full, second)]))).toBe('invalid');
    expect(judged(new Uint8Array())).toBe('invalid');
    expect(judged(encodeInvocation([one, other]).slice(1))).toBe('invalid');
  });

  it('is invalid under another account, and not judged where a contract verifies', () => {
    expect(judged(encodeInvocation(signatures), treasury, scriptHashOf(single))).toBe('invalid');
    expect(judged(new Uint8Array(), new Uint8Array())).toBe('unjudged');
    const odd = Uint8Array.of(0x11, 0x40);
    expect(judged(new Uint8Array(), odd, scriptHashOf(odd))).toBe('unjudged');
  });
});

interface Signed {
  readonly generated_signed: readonly {
    readonly raw_base64: string;
    readonly network_magic: number;
    readonly signing_wifs: readonly (readonly string[])[];
  }[];
}
const vectors = readNeoVectors('transactions.json') as Signed | undefined;

describe('transactions that a live node accepted', () => {
  it.skipIf(!vectors)('come out byte for byte when their keys sign again', () => {
    for (const { raw_base64, network_magic, signing_wifs } of vectors?.generated_signed ?? []) {
      const decoded = parseBase64Transaction(raw_base64);
      if (!decoded.ok) throw new Error(decoded.malformed.reason);
      const { witnesses, ...unsigned } = decoded.value;
      let collection = startCollection(unsigned, network_magic);
      for (const { verification } of witnesses)
        collection = added(addVerification(collection, verification));
      for (const [index, wifs] of signing_wifs.entries())
        for (const wif of wifs)
          collection = added(
            give(
              collection,
              unsigned.signers[index]?.account ?? scriptHashOf(new Uint8Array()),
              signatory(parseWif(wif) ?? new Uint8Array()),
            ),
          );
      const complete = completeTransaction(collection);
      expect(complete && toBase64Transaction(complete)).toBe(raw_base64);
    }
  });
});

describe('a context of signatures', () => {
  const half = added(give(paid, treasuryAccount, third));
  const full = added(give(half, treasuryAccount, first));
  const roundTrip = (collection: SignatureCollection): unknown =>
    JSON.parse(JSON.stringify(formatSignatureContext(collection)));

  it('carries a collection in any state from one wallet to the next', () => {
    for (const collection of [startCollection(transaction, MAGIC), known, paid, half, full])
      expect(parseSignatureContext(roundTrip(collection), MAGIC)).toEqual({
        ok: true,
        value: collection,
      });
  });

  it('has the parameters in reverse order of the keys, as neo-go reads them', () => {
    const { items } = formatSignatureContext(full);
    const base64 = (by: Signatory) => Buffer.from(sign(full, by)).toString('base64');
    expect(items[treasuryAccount]?.parameters).toEqual([
      { type: 'Signature', value: base64(third) },
      { type: 'Signature', value: base64(first) },
    ]);
    const missing = formatSignatureContext(half).items[treasuryAccount];
    expect(missing?.parameters).toEqual([{ type: 'Signature' }, { type: 'Signature' }]);
    expect(Object.keys(missing?.signatures ?? {})).toEqual([third.key]);
    expect(items[scriptHashOf(single)]).toMatchObject({
      parameters: [{ value: base64(payer) }],
      signatures: {},
    });
  });

  it('with more signatures than needed is complete with those it needs', () => {
    const json = formatSignatureContext(full);
    const item = json.items[treasuryAccount];
    const extra = Buffer.from(sign(full, second)).toString('base64');
    const items = {
      ...json.items,
      [treasuryAccount]: { ...item, signatures: { ...item?.signatures, [second.key]: extra } },
    };
    const parsed = parseSignatureContext({ ...json, items }, MAGIC);
    const complete = parsed.ok ? completeTransaction(parsed.value) : null;
    expect(complete && encodeTransaction(complete).length).toBeGreaterThan(0);
  });

  it('is refused when anything in it does not belong to this transaction and network', () => {
    const json = formatSignatureContext(half);
    const item = json.items[treasuryAccount];
    const wrong = Buffer.from(sign({ ...half, networkMagic: 1 }, first)).toString('base64');
    const withItem = (change: object) => ({
      ...json,
      items: { ...json.items, [treasuryAccount]: { ...item, ...change } },
    });
    const refused: Readonly<Record<string, unknown>> = {
      'another network': { ...json, network: MAGIC + 1 },
      'another hash': { ...json, hash: `0x${'00'.repeat(32)}` },
      'another type': { ...json, type: 'Neo.Network.P2P.Payloads.Block' },
      'no transaction': { ...json, data: '' },
      'a script of another account': withItem({ script: Buffer.from(single).toString('base64') }),
      'a signature of another network': withItem({ signatures: { [first.key]: wrong } }),
      'a signature by a stranger': withItem({ signatures: { [stranger.key]: wrong } }),
      'a signature under no key': withItem({ signatures: { key: wrong } }),
      'a contract in place of a known account': withItem({ script: 7 }),
      'an account that does not sign': {
        ...json,
        items: { [scriptHashOf(new Uint8Array())]: { script: null, parameters: [] } },
      },
      'an item under no hash': { ...json, items: { treasury: item } },
      'no items': { ...json, items: null },
      nothing: null,
    };
    for (const [why, given] of Object.entries(refused))
      expect(parseSignatureContext(given, MAGIC), why).toMatchObject({ ok: false });
  });

  it('without its hash, as some write it, is taken by its transaction', () => {
    const { hash, ...rest } = formatSignatureContext(half);
    expect(hash).toMatch(/^0x/);
    expect(parseSignatureContext(rest, MAGIC)).toEqual({ ok: true, value: half });
  });
});

describe('the context of a committee that the C# node wrote', () => {
  const { context } = committee;

  it('has four valid signatures of the eleven it needs, and is written as it came', () => {
    const parsed = parseSignatureContext(context, context.network);
    if (!parsed.ok) throw new Error(`${parsed.misshapen.pointer} ${parsed.misshapen.reason}`);
    const [account] = parsed.value.accounts.values();
    expect(account?.kind === 'keys' && account.signatures.size).toBe(4);
    expect(completeTransaction(parsed.value)).toBeNull();
    expect(formatSignatureContext(parsed.value)).toEqual(context);
  });

  it('is refused when one of its signatures was changed', () => {
    const text = JSON.stringify(context).replace('"QtjYFNpG', '"QtjYFNpH');
    expect(parseSignatureContext(JSON.parse(text), context.network)).toMatchObject({
      misshapen: { reason: 'signature_invalid' },
    });
  });
});

it('an invocation script of another form is not read', () => {
  for (const hex of ['0c', '0c4000', `0d4000${'00'.repeat(64)}`, `0c41${'00'.repeat(65)}`])
    expect(decodeInvocation(parseHex(hex) ?? new Uint8Array())).toBeNull();
});
