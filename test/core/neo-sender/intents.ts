/** Intents and attempts of tests, at one wallet and one moment. */
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import { parseScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { encodeUnsigned } from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import {
  type Attempt,
  type AttemptKind,
  makeIntent,
  type PreparedTransaction,
  planAttempt,
} from '../../../worker/core/neo-sender/intent.ts';
import { type Dossier, toLive, toPrepared } from '../../../worker/core/neo-sender/lifecycle.ts';
import type { Quote } from '../../../worker/core/neo-sender/prepare.ts';

export const NOW = 1_800_000_000_000;
export const moment = { now: NOW, msPerBlock: 15_000 };
// Of the right form by construction.
const ACCOUNT = parseScriptHash(`0x${'5e'.repeat(20)}`) as ScriptHash;
export const STRANGER = parseScriptHash(`0x${'7a'.repeat(20)}`) as ScriptHash;
export const SENDER = { magic: 860_833_102, account: ACCOUNT };
export const TERMS = { systemFeeMax: 500n, networkFeeMax: 500n, gasSent: 1_000n, windowBlocks: 20 };

export const templateOf = (account = ACCOUNT, numbers: { readonly nonce?: number } = {}) =>
  encodeUnsigned({
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    signers: [{ account, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: Uint8Array.of(0x11, 0x40),
    ...numbers,
  });

export const planned = (): Dossier => ({
  intent: makeIntent({
    id: 'txn_1',
    purpose: 'test',
    terms: TERMS,
    authority: 'purpose',
    now: NOW,
  }),
  attempts: [attemptOf(1, 'original')],
});

export const attemptOf = (number: number, kind: AttemptKind): Attempt =>
  planAttempt({ intentId: 'txn_1', number, kind, networkFeeMax: 5_000n, now: NOW });

export const transactionOf = (
  number: number,
  more: Partial<PreparedTransaction> = {},
): PreparedTransaction => ({
  hash: hash256Of(Uint8Array.of(number)),
  systemFee: 100n,
  networkFee: 10n * 2n ** BigInt(number),
  validUntilBlock: 120,
  preparedHeight: 100,
  preparedAt: NOW,
  ...more,
});

const attemptIn = (dossier: Dossier, number: number): Attempt => {
  const attempt = dossier.attempts[number - 1];
  if (attempt === undefined) throw new Error(`no attempt ${number}`);
  return attempt;
};

export const prepared = (dossier = planned(), number = 1): Dossier =>
  toPrepared(dossier, attemptIn(dossier, number), transactionOf(number), moment);

export const live = (dossier = prepared(), number = 1): Dossier =>
  toLive(dossier, attemptIn(dossier, number), moment);

/** With a second attempt, live like the first. */
export const replaced = (kind: AttemptKind = 'replacement'): Dossier => {
  const first = live();
  const both = { ...first, attempts: [...first.attempts, attemptOf(2, kind)] };
  return live(prepared(both, 2), 2);
};

export const quoteOf = (more: Partial<Quote> = {}): Quote => ({
  kind: 'quoted',
  systemFee: 100n,
  networkFee: 20n,
  balances: [
    { endpoint: 'a', height: 100, datoshi: 5_000n },
    { endpoint: 'b', height: 100, datoshi: 5_000n },
  ],
  ...more,
});
