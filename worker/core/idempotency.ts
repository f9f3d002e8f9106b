/**
 * What to do with a request that carries an idempotency key, decided from the record found under
 * it. Pure and neutral to the store: D1 and objects keep the record in the same atomic unit as the
 * effect, and both ask here.
 *
 * A record is never in the way for ever: its lease ends with the life of the request that wrote it,
 * and the next request with the same key takes over. Fingerprints are compared before the lease, so
 * a key reused for another body is told so at once, and expiry comes before both, because an
 * expired record counts as none.
 */
import { err, ok, type Result } from './result.ts';

export interface IdempotencyRecord {
  /** An opaque text over method, target and body; equal texts are the same request. */
  readonly fingerprint: string;
  readonly state: 'running' | 'done';
  readonly leaseUntil: number;
  readonly expiresAt: number;
}

export type ClaimDecision =
  /** No request with this key is known: write the record and do the work. */
  | 'proceed'
  /** The work was done: answer what was answered then. */
  | 'replay'
  /** The first request died: its work is resumed or voided under a fresh lease. */
  | 'takeOver';

export function decideClaim(
  record: IdempotencyRecord | undefined,
  fingerprint: string,
  now: number,
): Result<ClaimDecision, 'idempotency.key_reused' | 'idempotency.in_progress'> {
  if (record === undefined || record.expiresAt <= now) return ok('proceed');
  if (record.fingerprint !== fingerprint) return err('idempotency.key_reused');
  if (record.state === 'done') return ok('replay');
  if (record.leaseUntil <= now) return ok('takeOver');
  const retryAfterSeconds = Math.ceil((record.leaseUntil - now) / 1000);
  return err('idempotency.in_progress', { retryAfterSeconds });
}
