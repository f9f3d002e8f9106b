/**
 * The health of RPC endpoints as plain values. It guarantees: an endpoint of another network is
 * never asked; one that asked for a pause is left alone for it, within a bound; one that stands
 * still counts for less than one that moves, although it answers as if well (a node that is cut off
 * does, and swallows transactions); and no more than `liarsMax` endpoints that report any height
 * they like can make an honest one look behind. Time and random fractions are arguments.
 */
import { LIMITS } from './limits.ts';

/** The last block of an endpoint, as it told itself. */
export interface Tip {
  readonly height: number;
  readonly blockTimeMs: number;
  readonly msPerBlock: number;
}

export interface Health {
  readonly network: 'unproven' | 'ours' | 'foreign';
  /** The magic it told last. */
  readonly magic: number | null;
  readonly tip: (Tip & { readonly seenAtMs: number }) | null;
  /** Moving average of the probes alone, whose work is equal everywhere. */
  readonly latencyMs: number | null;
  /** In a row. */
  readonly failures: number;
  readonly retryAtMs: number;
  readonly coolUntilMs: number;
  readonly probedAtMs: number | null;
}

export const UNKNOWN_HEALTH: Health = {
  network: 'unproven',
  magic: null,
  tip: null,
  latencyMs: null,
  failures: 0,
  retryAtMs: 0,
  coolUntilMs: 0,
  probedAtMs: null,
};

export type Observation =
  | { readonly kind: 'probing' }
  | {
      readonly kind: 'probed';
      readonly magic: number;
      readonly tip: Tip;
      readonly latencyMs: number;
    }
  | { readonly kind: 'foreign'; readonly magic: number }
  | { readonly kind: 'answered' }
  /** Transport or form of an answer; `random` is in [0, 1). */
  | { readonly kind: 'failed'; readonly random: number }
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null };

export function observe(health: Health, seen: Observation, nowMs: number): Health {
  switch (seen.kind) {
    case 'probing':
      return { ...health, probedAtMs: nowMs };
    case 'probed':
      return {
        ...health,
        network: 'ours',
        magic: seen.magic,
        tip: { ...seen.tip, seenAtMs: nowMs },
        latencyMs: averaged(health.latencyMs, seen.latencyMs),
        failures: 0,
        retryAtMs: 0,
      };
    case 'foreign':
      return { ...health, network: 'foreign', magic: seen.magic, tip: null };
    case 'answered':
      return health.failures === 0 ? health : { ...health, failures: 0, retryAtMs: 0 };
    case 'failed':
      return afterFailure(health, seen.random, nowMs);
    default:
      return { ...health, coolUntilMs: Math.max(health.coolUntilMs, coolUntil(seen, nowMs)) };
  }
}

/** A new value counts a quarter: a few probes tell, one does not. */
const averaged = (known: number | null, seen: number): number =>
  known === null ? seen : known + (seen - known) / 4;

function afterFailure(health: Health, random: number, nowMs: number): Health {
  const doubled = LIMITS.rpcBackoffStartMs.value * 2 ** Math.min(health.failures, 16);
  const bound = Math.min(doubled, LIMITS.rpcBackoffMaxMs.value);
  // Half is kept, so that the pause grows; half is random, so that isolates do not return together.
  const pauseMs = Math.ceil(bound / 2 + (random * bound) / 2);
  return { ...health, failures: health.failures + 1, retryAtMs: nowMs + pauseMs };
}

function coolUntil(seen: { readonly retryAfterMs: number | null }, nowMs: number): number {
  const asked = seen.retryAfterMs ?? LIMITS.rpcCoolDownMs.value;
  return nowMs + Math.min(Math.max(asked, 0), LIMITS.rpcCoolDownMaxMs.value);
}

/** From best to worst; the last two are not asked at all. */
const STANDINGS = [
  'healthy',
  'unproven',
  'lagging',
  'stale',
  'failing',
  'cooling',
  'foreign',
] as const;
export type Standing = (typeof STANDINGS)[number];

export interface Observed {
  readonly id: string;
  readonly health: Health;
}

export interface Ranked {
  readonly id: string;
  readonly standing: Standing;
}

export interface HealthView {
  readonly nowMs: number;
  /** How many endpoints may lie; the quorum less one. */
  readonly liarsMax: number;
}

/**
 * Whom to ask, in this order. Those that stand still or failed come last and are not left out: when
 * the whole chain stands, or all of them failed, they are all there is.
 */
export function decideOrder(endpoints: readonly Observed[], view: HealthView): readonly Ranked[] {
  return endpoints
    .map((endpoint) => {
      const { id, health } = endpoint;
      return { id, health, standing: decideStanding(endpoint, endpoints, view) };
    })
    .filter(({ standing }) => standing !== 'cooling' && standing !== 'foreign')
    .sort((one, other) => compare(one, other))
    .map(({ id, standing }) => ({ id, standing }));
}

interface Judged extends Observed {
  readonly standing: Standing;
}

/** The sort is stable: where nothing tells two apart, the operator's order stands. */
function compare(one: Judged, other: Judged): number {
  const rank = STANDINGS.indexOf(one.standing) - STANDINGS.indexOf(other.standing);
  if (rank !== 0) return rank;
  if (one.standing === 'failing') return one.health.retryAtMs - other.health.retryAtMs;
  return (one.health.latencyMs ?? 0) - (other.health.latencyMs ?? 0);
}

export function decideStanding(
  endpoint: Observed,
  all: readonly Observed[],
  view: HealthView,
): Standing {
  const { health } = endpoint;
  if (health.network === 'foreign') return 'foreign';
  if (isCooling(health, view.nowMs)) return 'cooling';
  if (isPaused(health, view.nowMs)) return 'failing';
  if (health.tip === null || health.failures > 0) return 'unproven';
  if (isStale(health.tip)) return 'stale';
  return isBehind(endpoint, all, view.liarsMax) ? 'lagging' : 'healthy';
}

const isCooling = ({ coolUntilMs }: Health, nowMs: number): boolean =>
  isBefore(coolUntilMs, nowMs, LIMITS.rpcCoolDownMaxMs.value);

const isPaused = ({ retryAtMs }: Health, nowMs: number): boolean =>
  isBefore(retryAtMs, nowMs, LIMITS.rpcBackoffMaxMs.value);

/** What is further away than the longest pause was noted by a clock that was set back since. */
const isBefore = (untilMs: number, nowMs: number, longestMs: number): boolean =>
  nowMs < untilMs && untilMs - nowMs <= longestMs;

/** Judged by the moment it was seen: a tip that nobody looked at since is old, not still. */
function isStale({ seenAtMs, blockTimeMs, msPerBlock }: NonNullable<Health['tip']>): boolean {
  const ageMs = seenAtMs - blockTimeMs;
  const staleMs = Math.max(LIMITS.rpcStaleMsMin.value, LIMITS.rpcStaleBlocks.value * msPerBlock);
  return ageMs > staleMs || -ageMs > LIMITS.rpcClockAheadMsMax.value;
}

/**
 * More endpoints than may lie had a block well above this one's when it was asked, or so shortly
 * after that the chain cannot have grown as far.
 */
function isBehind({ id, health: { tip } }: Observed, all: readonly Observed[], liarsMax: number) {
  if (tip === null) return false;
  const ahead = all.filter(({ id: other, health }) => {
    const seen = health.tip;
    if (other === id || seen === null || health.network !== 'ours') return false;
    const inTime = seen.seenAtMs <= tip.seenAtMs + 2 * tip.msPerBlock;
    return inTime && seen.height > tip.height + LIMITS.rpcLagBlocksMax.value;
  });
  return ahead.length > liarsMax;
}

/** Who has to be asked for network and height again. */
export function decideProbes(endpoints: readonly Observed[], nowMs: number): readonly string[] {
  return endpoints.filter(({ health }) => isProbeDue(health, nowMs)).map(({ id }) => id);
}

function isProbeDue(health: Health, nowMs: number): boolean {
  if (isCooling(health, nowMs) || isPaused(health, nowMs)) return false;
  if (health.probedAtMs === null || nowMs < health.probedAtMs) return true;
  // A foreign endpoint is looked at again in case an operator has mended it.
  const everyMs =
    health.network === 'foreign' ? LIMITS.rpcBackoffMaxMs.value : LIMITS.rpcProbeEveryMs.value;
  return nowMs - health.probedAtMs >= everyMs || isRetryDue(health);
}

/** Failed after its last probe began, and the pause is over. */
const isRetryDue = ({ failures, retryAtMs, probedAtMs }: Health): boolean =>
  failures > 0 && probedAtMs !== null && probedAtMs < retryAtMs;
