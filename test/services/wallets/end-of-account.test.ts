/** What becomes of wallets when their account ends: first the keys go, after ten years the names. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sweep } from '../../../worker/sweep.ts';
import { call, openTenant } from '../../support/harness.ts';
import { rows } from '../secrets/vault-under-test.ts';
import { makeWallet, pathOf } from './wallets-under-test.ts';

const DAY_MS = 86_400_000;
const kept = () => rows('SELECT address, sealed_key IS NULL AS keyless, label FROM chain_wallets');

describe('the wallets of a deleted account', () => {
  it('keep their keys as long as the deletion may be noticed, and their addresses as records', async () => {
    const tenant = await openTenant();
    const made = await makeWallet(tenant, { label: 'payouts' });
    const { body } = made;
    expect((await tenant.call(`POST ${pathOf(made)}/retire`)).status).toBe(200);
    expect((await call(`DELETE /accounts/${tenant.accountId}`)).status).toBe(204);
    const start = Date.now();
    const { address } = body;
    await sweep(env, start + 29 * DAY_MS);
    expect(await kept()).toEqual([{ address, keyless: 0, label: 'payouts' }]);
    await sweep(env, start + 31 * DAY_MS);
    expect(await kept()).toEqual([{ address, keyless: 1, label: null }]);
    await sweep(env, start + 3651 * DAY_MS);
    expect(await kept()).toEqual([]);
    expect((await call(`GET /accounts/${tenant.accountId}`)).status).toBe(404);
  });
});
