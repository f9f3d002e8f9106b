/** `POST /accounts/{accountId}/suspend`: its keys are refused, everywhere within 30 seconds. */
import { describe, expect, it } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { call, openTenant } from '../../support/harness.ts';
import { SECOND_MS, stopClock } from '../../support/time.ts';

const reason = { reason: 'unpaid' };

describe('200', () => {
  it('refuses every key of the account and no other, but shows it to operators', async () => {
    const tenant = await openTenant();
    const neighbour = await openTenant('neighbour');
    const suspended = await call(`POST /accounts/${tenant.accountId}/suspend`, { body: reason });
    expect(suspended.body.status).toBe('suspended');
    forgetCredentials();
    expect(await tenant.call('GET ')).toMatchObject({
      status: 403,
      body: { code: 'account.suspended' },
    });
    expect((await neighbour.call('GET ')).status).toBe(200);
    expect((await call(`GET /accounts/${tenant.accountId}`)).status).toBe(200);
  });

  it('holds within 30 seconds in an isolate that remembers the key', async () => {
    const clock = stopClock();
    const tenant = await openTenant();
    expect((await tenant.call('GET ')).status).toBe(200);
    await call(`POST /accounts/${tenant.accountId}/suspend`, { body: reason });
    clock.pass(30 * SECOND_MS);
    expect((await tenant.call('GET ')).status).toBe(403);
  });

  it('records the reason', async () => {
    const { accountId } = await openTenant();
    await call(`POST /accounts/${accountId}/suspend`, { body: reason });
    const log = await call(`GET /accounts/${accountId}/audit?operation=accounts.suspendAccount`);
    expect(log.body.items).toMatchObject([{ details: reason, actor: { kind: 'operator' } }]);
  });
});

describe('409', () => {
  it('does not suspend twice, one after the other or together', async () => {
    const { accountId } = await openTenant();
    const suspend = () => call(`POST /accounts/${accountId}/suspend`, { body: reason });
    const together = await Promise.all([suspend(), suspend()]);
    const statuses = together.map(({ status }) => status).sort((left, right) => left - right);
    expect(statuses[0]).toBe(200);
    expect([409, 412]).toContain(statuses[1]);
    expect(await suspend()).toMatchObject({
      status: 409,
      body: { code: 'accounts.state_conflict' },
    });
  });
});
