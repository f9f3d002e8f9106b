/**
 * Who pays for a request out of which bucket: a valid key or operator token from its own, everyone
 * else from their address's. A refused credential pays from the address too, so that guessing is as
 * slow as asking without one.
 */

import type { RatePolicy } from '../core/rate-limit/bucket.ts';
import { rateHeaders, retryAfterSeconds } from '../core/rate-limit/headers.ts';
import { RATE_POLICIES } from '../core/rate-limit/policies.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Env, Settings } from '../env.ts';
import type { Authenticated } from './authenticate.ts';
import type { Operation } from './operation.ts';
import { addressCaller, createTokenSlices, keyCaller } from './rate-limit.ts';

/** Headers of the last bucket that was asked; put on whatever is answered. */
export interface RateStandingOf {
  policy: string;
  headers: Readonly<Record<string, string>>;
}

export type AdmissionRefusal = 'request.rate_limited' | 'upstream.unavailable';

export interface Admission {
  readonly env: Env;
  readonly settings: Settings;
  readonly address: string;
  readonly now: number;
  readonly rate: RateStandingOf;
}

let slices = createTokenSlices();

/** For tests, which wipe storage under a living isolate. */
export function forgetRateSlices(): void {
  slices = createTokenSlices();
}

export const takeAddressToken = (admission: Admission): Promise<Result<null, AdmissionRefusal>> =>
  take(addressCaller(admission.address), addressPolicy(admission.settings), admission);

/** The bucket holds three seconds of the rate, so that a burst of a page's requests passes. */
const BURST_SECONDS = 3;

const scaled = (policy: RatePolicy, perSecond: number): RatePolicy => ({
  ...policy,
  refillPerSecond: perSecond,
  capacity: perSecond * BURST_SECONDS,
});
const keyPolicy = (settings: Settings): RatePolicy =>
  scaled(RATE_POLICIES.key, settings.KEY_REQUESTS_PER_SECOND);
const addressPolicy = (settings: Settings): RatePolicy =>
  scaled(RATE_POLICIES.address, settings.ADDRESS_REQUESTS_PER_SECOND);

/** Operations that monitoring must always reach: they cost no storage access worth protecting. */
const UNLIMITED = new Set(['system.getHealth']);

export async function admitCaller(
  authenticated: Result<Authenticated>,
  operation: Operation,
  admission: Admission,
): Promise<Result<null>> {
  if (!authenticated.ok) {
    if (authenticated.failure.code !== 'request.unauthenticated') return authenticated;
    return takeAddressToken(admission);
  }
  const { principal } = authenticated.value;
  const policy = keyPolicy(admission.settings);
  // The attack: anybody who looks at the page uses up what all its users share.
  if (principal.kind === 'apiKey' && principal.publishable) return takeAddressToken(admission);
  if (principal.kind === 'apiKey') return take(keyCaller(principal.keyId), policy, admission);
  if (principal.kind === 'session') return take(keyCaller(principal.sessionId), policy, admission);
  if (principal.kind === 'operator')
    return take(keyCaller(`operator:${principal.name}`), policy, admission);
  return UNLIMITED.has(operation.id) ? ok(null) : takeAddressToken(admission);
}

async function take(
  caller: string,
  policy: RatePolicy,
  { env, now, rate }: Admission,
): Promise<Result<null, AdmissionRefusal>> {
  const answer = await slices.takeToken(caller, policy, {
    now,
    limiterFor: (name) => env.RATE_LIMITER.getByName(name),
  });
  rate.policy = policy.name;
  rate.headers = rateHeaders(policy, answer);
  if (answer.outcome === 'allowed') return ok(null);
  const retryAfter = { retryAfterSeconds: retryAfterSeconds(answer.retryAfterMs) };
  if (answer.outcome === 'unreachable') return err('upstream.unavailable', retryAfter);
  return err('request.rate_limited', retryAfter);
}
