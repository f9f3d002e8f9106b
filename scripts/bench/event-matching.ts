/**
 * Matching the events of a busy block against subscriptions: 500 events, of which half are of one
 * hot contract. The time must follow the matches; that there are other subscriptions, however many,
 * must cost nothing.
 */
import { SubscriptionIndex } from '../../worker/core/chain-follower/matching.ts';
import { decodeScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import { type RaceRounds, timesPerSecond } from './race.ts';
import { toSpread } from './statistics.ts';

export interface MatchingStep {
  readonly subscriptions: number;
  /** Those on the hot contract. */
  readonly hot: number;
  readonly matches: number;
  /** For all events. */
  readonly eventsMs: number;
}

const EVENTS = 500;
const HEIGHT = 1_000;
const STEPS = [
  { subscriptions: 1_000, hot: 100 },
  { subscriptions: 10_000, hot: 100 },
  { subscriptions: 100_000, hot: 100 },
  { subscriptions: 100_000, hot: 1_000 },
] as const;
const HOT = 0;

type Step = (typeof STEPS)[number];

/** Every step in every round, so that what slows the machine down slows all of them. */
export function growMatching({ rounds, seconds }: RaceRounds): readonly MatchingStep[] {
  const steps = STEPS.map((step) => ({ ...step, matchAll: prepare(step) }));
  const forMs = (seconds * 1000) / (2 * STEPS.length);
  const timed = Array.from({ length: rounds + 1 }, () =>
    steps.map(({ matchAll }) => 1000 / timesPerSecond(matchAll, forMs)),
  ).slice(1);
  return steps.map(({ subscriptions, hot, matchAll }, at) => ({
    subscriptions,
    hot,
    matches: matchAll(),
    eventsMs: toSpread(timed.map((round) => round[at] ?? Number.NaN)).median,
  }));
}

function prepare(step: Step): () => number {
  const index = subscribeAll(step);
  const events = Array.from({ length: EVENTS }, (_, at) => ({
    height: HEIGHT,
    // Nobody has subscribed to the contracts below zero.
    contract: at % 2 === 0 ? contractOf(HOT) : contractOf(-1 - at),
    eventName: 'Transfer',
  }));
  return () => events.reduce((matches, event) => matches + index.match(event).length, 0);
}

function subscribeAll({ subscriptions, hot }: Step): SubscriptionIndex {
  const index = new SubscriptionIndex();
  for (let at = 0; at < subscriptions; at += 1)
    index.add({
      subscriberId: `sub_${String(at)}`,
      contract: contractOf(at < hot ? HOT : at),
      eventName: at % 2 === 0 ? 'Transfer' : null,
      fromHeight: 0,
    });
  return index;
}

function contractOf(number: number): ScriptHash {
  const bytes = new Uint8Array(20);
  new DataView(bytes.buffer).setInt32(0, number);
  return decodeScriptHash(bytes);
}
