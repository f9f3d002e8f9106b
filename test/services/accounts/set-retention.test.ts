/** `PATCH /accounts/{accountId}/retention`: a wish within the operator's maximum, kept by the account's journal. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('changes what is given and keeps the rest', async () => {
    const tenant = await openTenant();
    const first = await tenant.call('PATCH /retention', { body: { journalDays: 7 } });
    expect(first.body).toMatchObject({ journalDays: 7, outputDays: 90 });
    const second = await tenant.call('PATCH /retention', { body: { outputDays: 5 } });
    expect(second.body).toMatchObject({ journalDays: 7, outputDays: 5 });
    const usage = await tenant.call('GET /usage');
    expect(usage.body.retention.journals.days).toBe(7);
    expect(usage.body.retention.outputs.days).toBe(5);
  });

  it('never shortens the memory of the audit log below the default', async () => {
    const tenant = await openTenant();
    const answer = await tenant.call('PATCH /retention', { body: { auditDays: 1 } });
    expect(answer.body.auditDays).toBe(1095);
  });

  it('tells in the audit log who changed it', async () => {
    const tenant = await openTenant();
    await tenant.call('PATCH /retention', { body: { journalDays: 7 } });
    const log = await tenant.call('GET /audit?operation=accounts.setRetention');
    expect(log.body.items).toHaveLength(1);
    expect(log.body.items[0].details).toEqual({ journalDays: 7 });
    expect(log.body.items[0].actor.kind).toBe('apiKey');
  });
});

describe('400', () => {
  it('refuses more than the product keeps', async () => {
    const tenant = await openTenant();
    const answer = await tenant.call('PATCH /retention', { body: { journalDays: 100_000 } });
    expect(answer.status).toBe(400);
    expect(answer.body.fields[0].pointer).toBe('/journalDays');
  });
});

describe('404', () => {
  it('does not tell that another account exists', async () => {
    const tenant = await openTenant('payer');
    const stranger = await openTenant('stranger');
    const answer = await call(`PATCH /accounts/${tenant.accountId}/retention`, {
      token: stranger.key,
      body: { journalDays: 1 },
    });
    expect(answer.status).toBe(404);
  });
});
