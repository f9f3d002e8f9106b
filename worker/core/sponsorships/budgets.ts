/**
 * What a sponsorship counts against in the book (money rule M22): the caps of its policy as
 * counters, decided in the turn that holds the GAS, so that a thousand at once meet one counter one
 * after the other. Open ones count until their end is proven; faults are looked at here and counted
 * when a verdict says FAULT.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Budget, Count } from '../ledger/commands.ts';
import type { LiteralCall } from '../neo/contract-calls.ts';
import { encodeHex } from '../neo/hex.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { SponsorshipTerms } from './policy.ts';

export interface Sponsored {
  readonly policyId: string;
  readonly terms: SponsorshipTerms;
  readonly signer: ScriptHash;
  /** Who asked: a key, a session, an operator. */
  readonly askedBy: string;
  readonly endUser: string | null;
  readonly calls: readonly LiteralCall[];
}

const utf8 = new TextEncoder();
const ACCOUNT = 'sponsorships';
const faultsOf = (policyId: string): string => `faults:${policyId}`;
const faultsBy = (policyId: string, signer: ScriptHash): string => `faults:${policyId}:${signer}`;
const openOf = (policyId: string): string => `open:${policyId}`;
const openBy = (policyId: string, signer: ScriptHash): string => `open:${policyId}:${signer}`;

/** Each counter once, in the order in which they refuse. */
export function budgetsOf(sponsored: Sponsored): readonly Budget[] {
  const { policyId, terms, signer, askedBy, endUser, calls } = sponsored;
  const contracts = new Set(calls.map(({ contract }) => contract));
  const methods = new Set(calls.map(({ contract, method }) => `${contract}:${method}`));
  return [
    looksAt(faultsOf(policyId), terms.faultsPerDay),
    looksAt(faultsBy(policyId, signer), terms.faultsPerSignerPerDay),
    isOpen(openOf(policyId), terms.openMax),
    isOpen(openBy(policyId, signer), terms.openPerSignerMax),
    ...perDay(ACCOUNT, terms.perAccountPerDay),
    ...perDay(`policy:${policyId}`, terms.perDay),
    ...perDay(`signer:${policyId}:${signer}`, terms.perSignerPerDay),
    ...perDay(`key:${policyId}:${askedBy}`, terms.perKeyPerDay),
    ...[...contracts].flatMap((contract) =>
      perDay(`contract:${policyId}:${contract}`, terms.perContractPerDay),
    ),
    ...[...methods].flatMap((method) =>
      perDay(`method:${policyId}:${method}`, terms.perMethodPerDay),
    ),
    ...(endUser === null
      ? []
      : perDay(`user:${policyId}:${digestOf(endUser)}`, terms.perEndUserPerDay)),
  ];
}

/** Counted with the capture of one that faulted. */
export const faultCounts = (policyId: string, signer: ScriptHash): readonly Count[] => [
  { counter: faultsOf(policyId), window: 'day' },
  { counter: faultsBy(policyId, signer), window: 'day' },
];

/** A refusal by a counter, in the words of sponsorships; null for one that is about an amount. */
export function refusalOfCounter(
  counter: string,
): 'sponsorships.faults_spent' | 'sponsorships.too_many_open' | null {
  if (counter.startsWith('faults:')) return 'sponsorships.faults_spent';
  return counter.startsWith('open:') ? 'sponsorships.too_many_open' : null;
}

/** An id of the application's user may be a mail address: what the book keeps is a digest. */
const digestOf = (endUser: string): string => encodeHex(sha256(utf8.encode(endUser)));

const looksAt = (counter: string, cap: number): Budget => ({
  counter,
  window: 'day',
  counts: 'nothing',
  cap: BigInt(cap),
});

const isOpen = (counter: string, cap: number): Budget => ({
  counter,
  window: 'open',
  counts: 'uses',
  cap: BigInt(cap),
});

const perDay = (counter: string, cap: bigint | null): readonly Budget[] =>
  cap === null ? [] : [{ counter, window: 'day', counts: 'amount', cap }];
