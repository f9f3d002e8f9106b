/** What the sweep leaves of sign-in: nothing of a purged account, and ended sessions for a while. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { sweep } from '../../../worker/sweep.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { askToSignIn, openSignedIn } from '../../support/signed-in.ts';
import { stopClock } from '../../support/time.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';

const DAY_MS = 86_400_000;
const TABLES = ['sessions', 'sign_in_settings', 'wallet_challenges', 'wallet_approvals'] as const;

async function rowsOf(table: (typeof TABLES)[number]): Promise<number | null> {
  return env.DB.prepare(`SELECT count(*) AS rows FROM ${table}`).first<number>('rows');
}

describe('the sweep', () => {
  it('leaves no session, setting or challenge of a purged account', async () => {
    const start = Date.now();
    const { tenant, walletId } = await openSignedIn();
    await tenant.call('PUT /sign-in-settings', { body: { forms: ['text', 'nep-20'] } });
    await tenant.call(`POST /workspace-wallets/${walletId}/challenges`, { body: {} });
    expect((await tenant.call('DELETE ')).status).toBe(204);
    await sweep(env, start + 31 * DAY_MS);
    for (const table of TABLES) expect(await rowsOf(table), table).toBe(0);
  });

  it('shows an ended session for a while and then forgets it', async () => {
    const { pass } = stopClock();
    const { tenant, sessionId } = await openSignedIn();
    await tenant.call(`DELETE /sessions/${sessionId}`);
    pass(LIMITS.endedSessionDays.value * DAY_MS - 1);
    await sweep(env, Date.now());
    expect((await tenant.call('GET /sessions')).body.items).toHaveLength(1);
    pass(1);
    await sweep(env, Date.now());
    expect((await tenant.call('GET /sessions')).body.items).toEqual([]);
  });

  it('takes approvals and challenges that ended unused, and leaves those that go on', async () => {
    const { pass } = stopClock();
    const { approve } = await openGoverned(1, 1);
    await approve(0, { operation: 'accounts.deleteAccount' });
    await askToSignIn(createNeoWallet());
    await sweep(env, Date.now());
    expect([await rowsOf('wallet_approvals'), await rowsOf('wallet_challenges')]).toEqual([1, 1]);
    pass(DAY_MS);
    await sweep(env, Date.now());
    expect([await rowsOf('wallet_approvals'), await rowsOf('wallet_challenges')]).toEqual([0, 0]);
  });
});
