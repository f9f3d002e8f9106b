/**
 * A withdrawal that a resolver pays. The hold is bound before the resolver hears of it, since from
 * then on it may have paid; the order has one id for ever, so that asking again pays once. Only a
 * verdict with its signature ends it. Silence, errors and words about something else end in
 * `unresolved`, which an operator closes (money rule M9); so does a resolver that asks to be left
 * alone for ever, as the gateway of one that is gone does.
 */

import { encodeAddress } from '../../core/neo/address.ts';
import { encodeHex } from '../../core/neo/hex.ts';
import { LIMITS as PAYOUT_LIMITS } from '../../core/withdrawals/limits.ts';
import {
  type ResolverOrder,
  type ResolverWord,
  retryMsOf,
} from '../../core/withdrawals/resolver.ts';
import { isPaused } from '../proofs/index.ts';
import { DAY_MS, type PayoutDeps } from './deps.ts';
import { alarm, settle } from './ending.ts';
import { bind } from './hand-over.ts';
import { LIMITS } from './limits.ts';
import { payoutIdOf } from './payment.ts';
import { askResolver, type Heard, type Resolver, resolverOf } from './resolver-door.ts';
import {
  change,
  insertAttempt,
  loadResolverPause,
  type PayoutRow,
  saveResolverPause,
} from './store.ts';
import { endIfTightened } from './tightened.ts';
import { type Waiting, waitFor } from './waiting.ts';

const orderOf = (row: PayoutRow): ResolverOrder => ({
  id: encodeHex(payoutIdOf(row)),
  network: row.network,
  networkMagic: row.networkMagic,
  to: encodeAddress(row.recipient),
  amount: BigInt(row.amount),
});

/** Of one that is `ready` or `sending` for a resolver. */
export async function askAbout(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { db, now, settings } = deps;
  const resolver = resolverOf(settings);
  if (resolver === null) return leave(deps, row, { reason: 'resolver_missing' });
  const until = await loadResolverPause(db, resolver.url);
  if (until > now) return leave(deps, row, { reason: 'resolver_paused', forMs: until - now });
  if (row.handedAt === null) {
    const pause = await isPaused(db, row.networkMagic, now);
    if (pause !== null) return waitFor(deps, row, { reason: 'proof_paused', detail: pause });
  }
  if (row.status === 'ready' && (await endIfTightened(deps, row))) return undefined;
  const asking = await counted(deps, row);
  if (asking === undefined || !(await bind(deps, asking))) return undefined;
  const act = asking.handedAt === null ? 'pay' : 'look';
  const heard = await askResolver(settings, { resolver, order: orderOf(row), act, now });
  return apply(deps, asking, { heard, resolver });
}

const VERDICT_MS_MAX = PAYOUT_LIMITS.resolverVerdictDaysMax.value * DAY_MS;

/** Not asked about now. From the first question on it may be paid, and somebody has to look. */
const leave = (deps: PayoutDeps, row: PayoutRow, waiting: Waiting): Promise<unknown> =>
  row.status === 'sending' && deps.now - row.statusSince >= VERDICT_MS_MAX
    ? alarm(deps, row, { status: 'unresolved', reason: 'resolver_silent', detail: waiting.reason })
    : waitFor(deps, row, waiting);

/** The question is counted before it is asked, so that who dies with each answer ends too. */
async function counted(deps: PayoutDeps, row: PayoutRow): Promise<PayoutRow | undefined> {
  const { db, now } = deps;
  const begun =
    row.status === 'ready'
      ? ({ status: 'sending', statusSince: now, attempt: row.attempt + 1, handedAt: null } as const)
      : {};
  const asking = await change(db, row, {
    ...begun,
    tries: row.tries + 1,
    reason: null,
    detail: null,
    dueAt: now + retryMsOf(row.tries),
    updatedAt: now,
  });
  if (asking && row.status === 'ready') await insertAttempt(db, asking, now);
  return asking;
}

interface Answer {
  readonly heard: Heard;
  readonly resolver: Resolver;
}

async function apply(deps: PayoutDeps, row: PayoutRow, { heard, resolver }: Answer) {
  if (heard.kind === 'word') return applyWord(deps, row, heard.word);
  if (heard.kind === 'nothing') return silent(deps, row, heard.detail);
  const { db, now } = deps;
  const forMs = heard.forMs ?? retryMsOf(row.tries);
  await saveResolverPause(db, resolver.url, now + forMs);
  // Being asked to wait is no silence: it does not count.
  const uncounted = await change(db, row, { tries: row.tries - 1 });
  const leastMs = LIMITS.withdrawalHandOverSeconds.value * 1_000;
  return (
    uncounted &&
    leave(deps, uncounted, { reason: 'resolver_paused', forMs: Math.max(forMs, leastMs) })
  );
}

function applyWord(deps: PayoutDeps, row: PayoutRow, word: ResolverWord): Promise<unknown> {
  switch (word.kind) {
    case 'paid':
      return settle(deps, row, {
        status: 'completed',
        act: 'paid',
        fee: word.fee,
        verdict: 'resolver-paid',
        reason: 'resolver_paid',
        reference: word.reference,
      });
    case 'failed':
      return settle(deps, row, {
        status: 'failed',
        act: 'release',
        verdict: 'resolver-failed',
        reason: 'resolver_failed',
        detail: word.detail,
      });
    case 'pending':
      return taken(deps, row);
    default:
      deps.log.error('withdrawals.resolver_refused', {
        withdrawalId: row.withdrawalId,
        detail: word.detail,
      });
      return silent(deps, row, word.detail);
  }
}

async function taken(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const { db, now } = deps;
  const known = row.handedAt ?? now;
  const after = await change(db, row, { handedAt: known, updatedAt: now });
  return after && silent(deps, after, null);
}

/** Nothing that moves money was said. */
async function silent(deps: PayoutDeps, row: PayoutRow, detail: string | null): Promise<unknown> {
  if (row.tries >= PAYOUT_LIMITS.resolverPollsMax.value)
    return alarm(deps, row, { status: 'unresolved', reason: 'resolver_silent', detail });
  return detail === null ? undefined : change(deps.db, row, { detail, updatedAt: deps.now });
}
