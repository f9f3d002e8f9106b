/**
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11, as RFC 9651
 * structured fields: lists of strings with integer parameters. `q` and `w` (seconds) say the quota,
 * `r` what is left of it and `t` the seconds until it is whole. `Retry-After` (RFC 9110 section
 * 10.2.3) is whole seconds, rounded up so that a client that obeys it is not refused again.
 */
import { assert } from '../assert.ts';
import type { RatePolicy } from './bucket.ts';

export interface RateStanding {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly retryAfterMs: number;
}

export type RateHeaders = Readonly<Record<string, string>>;

export function rateHeaders(policy: RatePolicy, standing: RateStanding): RateHeaders {
  const name = quoted(policy.name);
  const windowSeconds = Math.ceil(policy.capacity / policy.refillPerSecond);
  return {
    'RateLimit-Policy': `${name};q=${policy.capacity};w=${windowSeconds}`,
    RateLimit: `${name};r=${standing.remaining};t=${standing.resetSeconds}`,
    ...(standing.retryAfterMs > 0
      ? { 'Retry-After': String(retryAfterSeconds(standing.retryAfterMs)) }
      : {}),
  };
}

export const retryAfterSeconds = (retryAfterMs: number): number =>
  Math.max(1, Math.ceil(retryAfterMs / 1_000));

function quoted(name: string): string {
  assert(/^[a-z][a-z-]*$/.test(name), 'a rate policy is named by lower-case words');
  return `"${name}"`;
}
