import { describe, expect, it } from 'vitest';
import { rateHeaders } from '../../../worker/core/rate-limit/headers.ts';
import { RATE_POLICIES } from '../../../worker/core/rate-limit/policies.ts';

describe('rateHeaders', () => {
  it('renders the quota and its standing as structured fields', () => {
    const standing = { remaining: 299, resetSeconds: 1, retryAfterMs: 0 };
    expect(rateHeaders(RATE_POLICIES.key, standing)).toEqual({
      'RateLimit-Policy': '"key";q=300;w=3',
      RateLimit: '"key";r=299;t=1',
    });
  });

  it('rounds Retry-After up, so a client that obeys is not refused again', () => {
    const standing = { remaining: 0, resetSeconds: 3, retryAfterMs: 1_001 };
    expect(rateHeaders(RATE_POLICIES.address, standing)['Retry-After']).toBe('2');
  });

  it('refuses a policy name that would leave the quoted string', () => {
    const policy = { ...RATE_POLICIES.key, name: 'a";q=1' };
    const standing = { remaining: 0, resetSeconds: 0, retryAfterMs: 0 };
    expect(() => rateHeaders(policy, standing)).toThrow();
  });
});
