/** `PUT /accounts/{accountId}/sign-in-settings`: what an account accepts beyond texts. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('replaces what was accepted, on record', async () => {
    const tenant = await openTenant();
    const forms = ['text', 'nep-20', 'nep-20'];
    const set = await tenant.call('PUT /sign-in-settings', { body: { forms } });
    expect(set.body.forms).toEqual(['text', 'nep-20']);
    expect((await tenant.call('GET /sign-in-settings')).body).toEqual(set.body);
    await tenant.call('PUT /sign-in-settings', { body: { forms: ['text'] } });
    expect((await tenant.call('GET /sign-in-settings')).body.forms).toEqual(['text']);
    const { items } = (await tenant.call('GET /audit?operation=signIn.setSettings')).body;
    expect(items).toMatchObject([
      { details: { forms: ['text'] } },
      { details: { forms: ['text', 'nep-20'] } },
    ]);
  });
});

describe('400', () => {
  it('never gives up what binds the site', async () => {
    const tenant = await openTenant();
    for (const forms of [[], ['nep-20'], ['text', 'raw-utf8']])
      expect((await tenant.call('PUT /sign-in-settings', { body: { forms } })).status).toBe(400);
  });
});
