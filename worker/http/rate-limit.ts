/**
 * The isolate's side of the rate limits. A caller's requests are paid from a slice of tokens leased
 * from its RateLimiter object; the object is asked only when the slice is used up or too old, and a
 * refusal is remembered until its `Retry-After`, so a flood costs this isolate a look into a map.
 *
 * Overshoot, accepted: a token may be used up to one slice lifetime (1 s) after its lease, so n
 * isolates can let pass up to n * 20 requests in a window on top of what the bucket grants in it.
 * Over longer times nothing is added, since every token was taken from the bucket. The other way
 * round, tokens that an isolate leased and did not use are lost to the caller; a slice therefore
 * starts at one token and doubles only while slices are used up in time.
 *
 * Requests that arrive together may each ask the object: a promise made in one request cannot be
 * awaited in another on this platform, so they cannot share one question.
 */
import ipaddr from 'ipaddr.js';
import type { LeaseTokens, RateLimiterRpc } from '../../durable-objects/rate-limiter/rpc.ts';
import { assert } from '../core/assert.ts';
import type { Lease, RatePolicy } from '../core/rate-limit/bucket.ts';
import type { RateStanding } from '../core/rate-limit/headers.ts';
import { LIMITS } from '../core/rate-limit/limits.ts';

export interface TakeTokenDeps {
  readonly now: number;
  /** A fresh stub each time: one that has thrown is broken for ever. */
  readonly limiterFor: (objectName: string) => RateLimiterRpc;
}

/** `limited` ends as 429 `request.rate_limited`, `unreachable` as 503 `upstream.unavailable`. */
export interface TokenAnswer extends RateStanding {
  readonly outcome: 'allowed' | 'limited' | 'unreachable';
}

export interface TokenSlices {
  /**
   * Takes one token of the caller (`keyCaller`, `addressCaller`). Never throws for what the outside
   * does.
   */
  takeToken(caller: string, policy: RatePolicy, deps: TakeTokenDeps): Promise<TokenAnswer>;
}

interface Slice {
  readonly tokens: number;
  readonly expiresAt: number;
  /** What to ask for next time. */
  readonly want: number;
  /** Of the object's last answer; the isolate's own tokens are on top. */
  readonly remaining: number;
  readonly resetAt: number;
  /** Set after a refusal: until then the answer is this one. */
  readonly refused: { readonly until: number; readonly outcome: 'limited' | 'unreachable' } | null;
}

interface Question {
  readonly name: string;
  readonly policy: RatePolicy;
  readonly want: number;
}

export const keyCaller = (keyId: string): string => keyId;

/**
 * An IPv6 network is one caller by its /64, the least that a customer of a provider gets: counted
 * by address, one machine would have 2^64 buckets. IPv4 in IPv6 is the IPv4 address. Whatever is
 * not an address shares one bucket.
 */
export function addressCaller(text: string | null | undefined): string {
  if (text === null || text === undefined || !ipaddr.isValid(text)) return 'unknown';
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

/** One for an isolate. The map is in order of use, so its first entry is the one longest unused. */
export function createTokenSlices(
  callersMax: number = LIMITS.rateCallersPerIsolateMax.value,
): TokenSlices {
  const slices = new Map<string, Slice>();

  const keep = (name: string, slice: Slice): void => {
    slices.delete(name);
    slices.set(name, slice);
    const [oldest] = slices.keys();
    if (slices.size > callersMax && oldest !== undefined) slices.delete(oldest);
  };

  const ask = async (question: Question, { now, limiterFor }: TakeTokenDeps) => {
    const lease = await leaseFrom(limiterFor, question);
    // Read again after the wait: requests that asked at the same time have added their tokens
    // meanwhile.
    const current = slices.get(question.name);
    const slice =
      lease === null ? pausedSlice(question, now) : leasedSlice(current, { question, lease, now });
    keep(question.name, slice);
    return answerOf(slice, now);
  };

  return {
    async takeToken(caller, policy, deps) {
      assert(caller.length > 0 && caller.length <= 128, 'a caller is named by 1 to 128 characters');
      const name = `${policy.name}:${caller}`;
      const slice = slices.get(name);
      if (slice?.refused && deps.now < slice.refused.until) {
        keep(name, slice);
        return answerOf(slice, deps.now);
      }
      if (slice !== undefined && slice.tokens > 0 && deps.now < slice.expiresAt) {
        const spent = { ...slice, tokens: slice.tokens - 1, refused: null };
        keep(name, spent);
        return answerOf(spent, deps.now);
      }
      return ask({ name, policy, want: nextWant(slice, deps.now) }, deps);
    },
  };
}

/** Doubles when the last slice was used up in its time, else begins again with one token. */
function nextWant(slice: Slice | undefined, now: number): number {
  if (slice === undefined || now >= slice.expiresAt) return 1;
  return Math.min(slice.want * 2, LIMITS.rateSliceTokensMax.value);
}

/**
 * An object that does not answer refuses: were it the other way, a caller that overloads its own
 * limiter would be free of it. null stands for no answer.
 */
async function leaseFrom(
  limiterFor: TakeTokenDeps['limiterFor'],
  { name, policy, want }: Question,
): Promise<Lease | null> {
  try {
    const request: LeaseTokens = { policy, want };
    const result = await limiterFor(name).leaseTokens(request);
    return result.ok ? result.value : null;
  } catch {
    // The reason would help nobody here: an overloaded, moved or restarted object all mean "ask
    // again in a second".
    return null;
  }
}

interface Leased {
  readonly question: Question;
  readonly lease: Lease;
  readonly now: number;
}

/**
 * The request that asked pays from its lease, or from what a parallel one left. More than one slice
 * is not kept: parallel questions would otherwise pile tokens up past the overshoot stated above.
 */
function leasedSlice(current: Slice | undefined, { question, lease, now }: Leased): Slice {
  const kept = current !== undefined && now < current.expiresAt ? current.tokens : 0;
  const tokens = kept + lease.granted;
  const until = now + lease.retryAfterMs;
  return {
    tokens: Math.max(0, Math.min(tokens - 1, LIMITS.rateSliceTokensMax.value)),
    expiresAt: now + LIMITS.rateSliceLifetimeMs.value,
    want: question.want,
    remaining: lease.remaining,
    resetAt: now + lease.resetSeconds * 1_000,
    refused: tokens > 0 ? null : { until, outcome: 'limited' },
  };
}

function pausedSlice({ want }: Question, now: number): Slice {
  const until = now + LIMITS.rateUnreachablePauseMs.value;
  const refused = { until, outcome: 'unreachable' } as const;
  return { tokens: 0, expiresAt: now, want, remaining: 0, resetAt: until, refused };
}

const answerOf = ({ refused, tokens, remaining, resetAt }: Slice, now: number): TokenAnswer => ({
  outcome: refused?.outcome ?? 'allowed',
  remaining: refused === null ? remaining + tokens : 0,
  resetSeconds: Math.max(0, Math.ceil((resetAt - now) / 1_000)),
  retryAfterMs: refused === null ? 0 : refused.until - now,
});
