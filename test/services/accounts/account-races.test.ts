/** Operators and keys acting on one account at once: every act is whole, ordered and on record, and none is lost. */
import { describe, expect, it } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { type Called, call, openAccount, openTenant } from '../../support/harness.ts';

const together = (count: number, act: (index: number) => Promise<Called>): Promise<Called[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));

const succeeded = (answers: readonly Called[]): readonly Called[] =>
  answers.filter(({ status }) => status < 300);

async function revisionOf(accountId: string): Promise<number> {
  const { headers } = await call(`GET /accounts/${accountId}`);
  return Number(headers.get('etag')?.slice(2, -1));
}

async function auditedOf(accountId: string, operation: string): Promise<number> {
  const { body } = await call(`GET /accounts/${accountId}/audit?operation=${operation}&limit=500`);
  return body.items.length;
}

describe('changes at once', () => {
  it('with the same tag: exactly one wins, the others are told to read again', async () => {
    const accountId = await openAccount();
    const answers = await together(10, (index) =>
      call(`PATCH /accounts/${accountId}`, {
        body: { name: `n${index}` },
        headers: { 'if-match': '"r1"' },
      }),
    );
    const [winner, ...others] = succeeded(answers);
    expect(others).toEqual([]);
    const codes = answers.map(({ body }) => body.code).filter((code) => code !== undefined);
    expect(codes).toEqual(Array.from({ length: 9 }, () => 'request.precondition_failed'));
    expect((await call(`GET /accounts/${accountId}`)).body.name).toBe(winner?.body.name);
    expect(await revisionOf(accountId)).toBe(2);
  });

  it('of quotas: no setting of one is undone by the setting of another', async () => {
    const accountId = await openAccount();
    const names = ['keys', 'wallets', 'secrets', 'functions'] as const;
    const answers = await together(names.length, (index) =>
      call(`PATCH /accounts/${accountId}/quotas`, { body: { [names[index] ?? '']: index + 1 } }),
    );
    const { body } = await call(`GET /accounts/${accountId}/quotas`);
    const kept = names.filter((name, index) => body[name] === index + 1);
    const set = names.filter((_, index) => answers[index]?.status === 200);
    expect(kept).toEqual(set);
    expect(set.length).toBeGreaterThan(0);
  });

  it('are each on record exactly once, and what was refused is not', async () => {
    const accountId = await openAccount();
    const answers = await together(10, (index) =>
      call(`PATCH /accounts/${accountId}`, { body: { name: `n${index}` } }),
    );
    const done = succeeded(answers).length;
    expect(await auditedOf(accountId, 'accounts.updateAccount')).toBe(done);
    expect(await revisionOf(accountId)).toBe(1 + done);
  });

  it('of state: suspending and resuming take turns, whatever their order', async () => {
    const accountId = await openAccount();
    const acts = ['suspend', 'resume'] as const;
    const answers = await together(10, (index) =>
      call(`POST /accounts/${accountId}/${acts[index % 2]}`, { body: { reason: 'race' } }),
    );
    for (const { status } of answers) expect([200, 409, 412]).toContain(status);
    const suspended = await auditedOf(accountId, 'accounts.suspendAccount');
    const resumed = await auditedOf(accountId, 'accounts.resumeAccount');
    expect([0, 1]).toContain(suspended - resumed);
    const { status } = (await call(`GET /accounts/${accountId}`)).body;
    expect(status).toBe(suspended === resumed ? 'active' : 'suspended');
  });
});

describe('deletion', () => {
  it('is done once when many ask, and nothing changes the account afterwards', async () => {
    const accountId = await openAccount();
    const answers = await together(6, () => call(`DELETE /accounts/${accountId}`));
    expect(succeeded(answers)).toHaveLength(1);
    for (const { status } of answers) expect([204, 404, 412]).toContain(status);
    const late = await together(1, () =>
      call(`POST /accounts/${accountId}/resume`, { body: { reason: 'oops' } }),
    );
    expect(late[0]?.status).toBe(404);
    const { body } = await call('GET /accounts?status=deleted');
    expect(body.items).toMatchObject([{ id: accountId, status: 'deleted' }]);
  });

  it('leaves no key that works, of those made while it was going on', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await openTenant();
      const [deleted, made] = await Promise.all([
        tenant.call('DELETE '),
        tenant.call('POST /keys', { body: { name: 'late', role: 'admin' } }),
      ]);
      expect(deleted.status).toBe(204);
      forgetCredentials();
      const keys = [tenant.key, ...(made.status === 201 ? [made.body.key] : [])];
      for (const token of keys)
        expect((await call('GET /system/status', { token })).status).toBe(401);
    }
  });

  it('needs the tag that was read, when one is sent', async () => {
    const tenant = await openTenant();
    await tenant.call('PATCH ', { body: { name: 'in use again' } });
    const refused = await tenant.call('DELETE ', { headers: { 'if-match': '"r1"' } });
    expect(refused).toMatchObject({ status: 412, body: { code: 'request.precondition_failed' } });
    expect((await tenant.call('GET ')).body.status).toBe('active');
  });

  it('is open to operators for a suspended account, and to none of its keys', async () => {
    const tenant = await openTenant();
    await call(`POST /accounts/${tenant.accountId}/suspend`, { body: { reason: 'unpaid' } });
    forgetCredentials();
    expect((await tenant.call('DELETE ')).body.code).toBe('account.suspended');
    expect((await call(`DELETE /accounts/${tenant.accountId}`)).status).toBe(204);
  });
});

describe('a page of accounts', () => {
  it('neither skips nor repeats one when others are opened and closed between two pages', async () => {
    const opened: string[] = [];
    for (let index = 0; index < 7; index += 1) opened.unshift(await openAccount(`a${index}`));
    const newestFirst = opened.toSorted((one, other) => (one < other ? 1 : -1));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await call(`GET /accounts?limit=2&status=active&name=a${query}`);
      seen.push(...body.items.map(({ id }: { readonly id: string }) => id));
      cursor = body.nextCursor;
      await call(`DELETE /accounts/${await openAccount('another')}`);
    }
    expect(seen).toEqual(newestFirst);
  });

  it('is read by operators alone: a key of admin sees no list of tenants', async () => {
    const tenant = await openTenant();
    const refused = await call('GET /accounts', { token: tenant.key });
    expect(refused).toMatchObject({ status: 403, body: { code: 'request.forbidden' } });
    expect(refused.text).not.toContain(tenant.accountId);
  });
});
