/** `GET /accounts/{accountId}/wallet-policy` */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('says that there is none, with a tag that the first one can be set against', async () => {
    const policy = await (await openTenant()).call('GET /wallet-policy');
    expect(policy.body).toEqual({ active: false, threshold: 0, members: [], updatedAt: null });
    expect(policy.headers.get('etag')).toBe('"r0"');
  });
});
