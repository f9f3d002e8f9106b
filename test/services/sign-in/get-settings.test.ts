/** `GET /accounts/{accountId}/sign-in-settings` */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('accepts texts alone until something else is asked for', async () => {
    const settings = await (await openTenant()).call('GET /sign-in-settings');
    expect(settings.body).toEqual({ forms: ['text'], updatedAt: null });
    expect(settings.headers.get('etag')).toBe('"r0"');
  });
});
