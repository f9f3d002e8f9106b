/**
 * Any transaction round-trips, as bytes and as JSON, and any bytes end as a transaction that has
 * exactly those bytes or as a refusal that says where: never as another error, and never by
 * reserving memory for a length that the bytes only claim.
 */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../worker/core/neo/byte-reader.ts';
import { formatSigner, parseSigner } from '../../worker/core/neo/transaction/signer-json.ts';
import {
  decodeTransaction,
  decodeUnsigned,
  encodeTransaction,
  encodeUnsigned,
  encodeWithHash,
  hashTransaction,
  parseBase64Transaction,
  sizeOfTransaction,
  sizeOfUnsigned,
  type Transaction,
  toBase64Transaction,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import {
  formatTransaction,
  parseTransaction,
} from '../../worker/core/neo/transaction/transaction-json.ts';
import {
  arbitrarySigner,
  arbitraryTransaction,
  hasLengthInTwoForms,
} from '../support/neo-arbitraries.ts';
import { runsOf } from '../support/runs.ts';
import { arbitraryTampering, tamperWith } from '../support/tampering.ts';

const runs = runsOf('neo-transaction', { usual: 100, slow: 2_000 });

/** As `toEqual`, which takes seconds for scripts of 64 KiB; fast-check shows what differed. */
const expectSame = (one: unknown, other: unknown): void =>
  expect(isDeepStrictEqual(one, other)).toBe(true);

const isUnsigned = (decoded: Decoded<UnsignedTransaction>, { witnesses, ...rest }: Transaction) =>
  witnesses.length === rest.signers.length && isDeepStrictEqual(decoded, { ok: true, value: rest });

/** Decoding either refuses with a place inside the bytes, or understood every one of them. */
function expectTotal<Value>(
  bytes: Uint8Array,
  decoded: Decoded<Value>,
  encode: (value: Value) => Uint8Array,
): void {
  if (decoded.ok) {
    expectSame(encode(decoded.value), bytes);
    return;
  }
  expect(decoded.malformed.reason).not.toBe('');
  expect(decoded.malformed.at).toBeLessThanOrEqual(bytes.length);
}

describe('any transaction', () => {
  it('is the same after its bytes, its base64 and its unsigned bytes', () => {
    fc.assert(
      fc.property(arbitraryTransaction, (transaction) => {
        const bytes = encodeTransaction(transaction);
        const same = { ok: true, value: transaction };
        expectSame(decodeTransaction(bytes), same);
        expectSame(parseBase64Transaction(toBase64Transaction(transaction)), same);
        const unsigned = encodeUnsigned(transaction);
        // What nodes hash in two ways is read where it is signed already, and never to be signed.
        const isSignable = !hasLengthInTwoForms(transaction);
        expect(isUnsigned(decodeUnsigned(unsigned), transaction)).toBe(isSignable);
        expectSame(bytes.slice(0, unsigned.length), unsigned);
        expectSame(encodeWithHash(transaction), { bytes, hash: hashTransaction(transaction) });
      }),
      runs,
    );
  });

  it('has the size of its bytes without writing them', () => {
    fc.assert(
      fc.property(arbitraryTransaction, (transaction) => {
        expect(sizeOfTransaction(transaction)).toBe(encodeTransaction(transaction).length);
        expect(sizeOfUnsigned(transaction)).toBe(encodeUnsigned(transaction).length);
      }),
      runs,
    );
  });

  it('is the same after its JSON as text', () => {
    fc.assert(
      fc.property(arbitraryTransaction, (transaction) => {
        const text = JSON.stringify(formatTransaction(transaction));
        expectSame(parseTransaction(JSON.parse(text)), { ok: true, value: transaction });
      }),
      runs,
    );
  });

  it('has a hash that no witness changes', () => {
    fc.assert(
      fc.property(arbitraryTransaction, (transaction) => {
        const empty = { invocation: new Uint8Array(), verification: new Uint8Array() };
        const stripped = { ...transaction, witnesses: transaction.witnesses.map(() => empty) };
        expect(hashTransaction(stripped)).toBe(hashTransaction(transaction));
      }),
      runs,
    );
  });
});

describe('any signer', () => {
  it('is the same after its JSON as text', () => {
    fc.assert(
      fc.property(arbitrarySigner, (signer) => {
        const text = JSON.stringify(formatSigner(signer));
        expectSame(parseSigner(JSON.parse(text)), { ok: true, value: signer });
      }),
      runs,
    );
  });
});

describe('hostile bytes', () => {
  it('of a transaction that was tampered with decode to themselves or to a refusal', () => {
    fc.assert(
      fc.property(
        arbitraryTransaction,
        fc.array(arbitraryTampering, { maxLength: 3 }),
        (one, tampering) => {
          const bytes = tampering.reduce(tamperWith, encodeTransaction(one));
          expectTotal(bytes, decodeTransaction(bytes), encodeTransaction);
          expectTotal(bytes, decodeUnsigned(bytes), encodeUnsigned);
        },
      ),
      runs,
    );
  });

  it('of no form at all decode to a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), (bytes) => {
        bytes.set([0].slice(0, bytes.length));
        expectTotal(bytes, decodeTransaction(bytes), encodeTransaction);
        expectTotal(bytes, decodeUnsigned(bytes), encodeUnsigned);
      }),
      runs,
    );
  });
});

describe('hostile JSON', () => {
  it('of any form ends as a refusal that names a place', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const parsed of [parseTransaction(json), parseSigner(json)])
          expect(parsed).toMatchObject({ ok: false, misshapen: { pointer: expect.any(String) } });
      }),
      runs,
    );
  });

  it('of a transaction with one field changed is never another transaction', () => {
    fc.assert(
      fc.property(arbitraryTransaction, fc.jsonValue(), fc.nat(), (one, json, at) => {
        const fields = Object.entries(formatTransaction(one));
        const [name] = fields[at % fields.length] ?? [''];
        const parsed = parseTransaction({ ...Object.fromEntries(fields), [name]: json });
        if (parsed.ok) expect(hashTransaction(parsed.value)).toBe(hashTransaction(one));
      }),
      runs,
    );
  });
});
