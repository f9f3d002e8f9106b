import { describe, expect, it } from 'vitest';
import { decideClaim, type IdempotencyRecord } from '../../worker/core/idempotency.ts';

const NOW = 1_000_000;
const live: IdempotencyRecord = {
  fingerprint: 'print',
  state: 'running',
  leaseUntil: NOW + 1500,
  expiresAt: NOW + 5000,
};

describe('decideClaim', () => {
  // In order of precedence: each row changes exactly one thing of the row above.
  const rows: [string, IdempotencyRecord | undefined, string][] = [
    ['proceed', undefined, 'no record'],
    [
      'proceed',
      { ...live, fingerprint: 'other', expiresAt: NOW },
      'an expired one of another body',
    ],
    ['idempotency.key_reused', { ...live, fingerprint: 'other' }, 'another body'],
    ['idempotency.in_progress', live, 'the same body, lease alive'],
    ['takeOver', { ...live, leaseUntil: NOW }, 'the same body, lease dead'],
    ['replay', { ...live, state: 'done' }, 'the same body, done'],
  ];
  it.each(rows)('answers %s', (expected, record, _when) => {
    const decided = decideClaim(record, 'print', NOW);
    expect(decided.ok ? decided.value : decided.failure.code).toBe(expected);
  });

  it('says when to come back while the first request lives', () => {
    const decided = decideClaim(live, 'print', NOW);
    expect(decided.ok ? undefined : decided.failure.retryAfterSeconds).toBe(2);
  });
});
