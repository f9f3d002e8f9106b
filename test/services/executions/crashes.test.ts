/**
 * Kills at each step of an execution: code never starts twice, nothing stays unsettled, and what is owed after the code
 * ended is done once.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/executions/limits.ts';
import { err } from '../../../worker/core/result.ts';
import { RUN_LEASE_MS } from '../../../worker/services/executions/order.ts';
import type { Tenant } from '../../support/harness.ts';
import {
  bindings,
  contextOf,
  deliver,
  done,
  ended,
  executeIn,
  letTimePass,
  onDisk,
  openWith,
  performing,
  queuedOnly,
  read,
  schedulerOf,
  withBridge,
  withJournal,
  workItem,
} from './runs-under-test.ts';

const dead = (): never => {
  throw new Error('killed');
};

const only = async (tenant: Tenant) => {
  const [row] = (await tenant.call('GET /executions')).body.items;
  return row;
};

describe('a kill of a request', () => {
  it('before the record has no effect at all', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const context = contextOf({ env: withJournal({ dead: ['startExecution'] }) });
    await expect(executeIn(context, tenant, functionId)).rejects.toThrow('killed');
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
    // Its slot is free again: more runs than an account has slots find one each.
    for (let round = 0; round < 10; round += 1)
      await expect(executeIn(context, tenant, functionId)).rejects.toThrow('killed');
    expect((await executeIn(contextOf(), tenant, functionId)).ok).toBe(true);
  });

  it('after the record ends `interrupted` when the lease is over, with its fuel counted in full', async () => {
    const { tenant, functionId } = await openWith('() => 1', { limits: { fuel: 50_000_000 } });
    const context = contextOf({ env: withJournal({ lost: ['startExecution'] }) });
    await expect(executeIn(context, tenant, functionId)).rejects.toThrow('killed');
    expect(await only(tenant)).toMatchObject({ status: 'running', fuel: null });
    await letTimePass(tenant, RUN_LEASE_MS);
    expect(await only(tenant)).toMatchObject({
      status: 'interrupted',
      error: { code: 'functions.interrupted' },
    });
    expect((await tenant.call('GET /usage')).text).toContain('50000000');
    const events = await tenant.call('GET /events');
    expect(events.body.items).toHaveLength(1);
  });

  it('before the end was stored ends `interrupted`, and a result that comes later is refused', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const context = contextOf({ env: withJournal({ dead: ['finishExecution'] }) });
    const answer = await executeIn(context, tenant, functionId);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'upstream.unavailable' } });
    await letTimePass(tenant, RUN_LEASE_MS);
    expect(await only(tenant)).toMatchObject({ status: 'interrupted' });
  });

  it('is no matter when only the answer to the end was lost', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const context = contextOf({ env: withJournal({ lost: ['finishExecution'], times: 1 }) });
    const answer = await executeIn(context, tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { body: { status: 'succeeded' } } });
  });
});

describe('a bridge that fails after the run', () => {
  it('is asked twice', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    let calls = 0;
    const env = withBridge({
      sealAndSign: (request: never) => {
        calls += 1;
        return calls === 1 ? dead() : bindings.BRIDGE.sealAndSign(request);
      },
    });
    const answer = await executeIn(contextOf({ env }), tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { body: { status: 'succeeded' } } });
  });

  it.each([
    ['does not answer', dead, 'upstream.unavailable'],
    ['has no signing key', async () => err('signing.unconfigured'), 'signing.unconfigured'],
    ['finds it too much', async () => err('bridge.batch_too_large'), 'bridge.batch_too_large'],
  ])('and %s leaves an execution that ended with the reason', async (_what, sealAndSign, code) => {
    const source = '() => { Devpack.gasBank.balance({}); console.log("x"); return { a: 1 }; }';
    const { tenant, functionId } = await openWith(source);
    const { orders, performers } = performing('gasbank.balance');
    const context = contextOf({ env: withBridge({ sealAndSign }), performers });
    const answer = await executeIn(context, tenant, functionId);
    expect(answer).toMatchObject({
      ok: true,
      value: { status: 201, body: { status: 'failed', output: null, error: { code } } },
    });
    const id = answer.ok ? answer.value.body.id : '';
    expect(await read(tenant, id)).toEqual(answer.ok && answer.value.body);
    expect(orders).toEqual([]);
    const receipt = await tenant.call(`GET /executions/${id}/receipt`);
    expect([receipt.status, receipt.body.code]).toEqual([409, 'functions.receipt_not_made']);
  });
});

describe('a kill between the end of the code and its actions', () => {
  const source = `() => {
    Devpack.gasBank.balance({ wallet: "one" });
    Devpack.gasBank.balance({ wallet: "two" });
    Devpack.gasBank.balance({ wallet: "three" });
  }`;

  it('leaves them to the queue, which does each once, with its true params, and erases those', async () => {
    const { tenant, functionId } = await openWith(source);
    const { orders, performers } = performing('gasbank.balance');
    // The second action was done; that it was is what got lost, and the runner with it.
    let saved = 0;
    const journal = withJournal({ dead: [] }).ACCOUNT_JOURNAL;
    const env = {
      ...bindings,
      ACCOUNT_JOURNAL: {
        getByName: (name: string) =>
          new Proxy(journal.getByName(name), {
            get: (target, method) => {
              const real = Reflect.get(target, method) as (value: unknown) => unknown;
              if (method !== 'saveActionResult') return real;
              saved += 1;
              return saved === 2 ? dead : real;
            },
          }),
      } as unknown as typeof journal,
    };
    const answer = await executeIn(contextOf({ env, performers }), tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { status: 202, body: { status: 'running' } } });
    const id = answer.ok ? answer.value.body.id : '';
    expect(orders.map((order) => order.id)).toEqual([`${id}:0`, `${id}:1`]);
    const sealed = 'SELECT n FROM execution_actions WHERE sealed_params IS NOT NULL ORDER BY n';
    expect(await onDisk(tenant, sealed)).toEqual([{ n: 1 }, { n: 2 }]);

    // Nobody may resume before the lease of the first runner is over.
    const item = workItem(`${id}:actions:2`, { kind: 'execution.actions' });
    await deliver(tenant, item, { performers });
    expect(orders).toHaveLength(2);
    await onDisk(tenant, 'UPDATE executions SET watch_at = 0');
    await deliver(tenant, item, { performers });
    expect(orders.map(({ params }) => params)).toEqual([
      { wallet: 'one' },
      { wallet: 'two' },
      { wallet: 'three' },
    ]);
    expect(await read(tenant, id)).toMatchObject({ status: 'succeeded' });
    expect(await onDisk(tenant, sealed)).toEqual([]);
    await deliver(tenant, item, { performers });
    expect(orders).toHaveLength(3);
  });

  it('is found by the journal, which hands them to the queue by itself', async () => {
    const { tenant, functionId } = await openWith(source);
    const performers = new Map([['gasbank.balance', async () => dead()]]);
    const answer = await executeIn(contextOf({ performers }), tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    await letTimePass(tenant, RUN_LEASE_MS);
    // Carried out for real: there is no such gas account.
    const body = await ended(tenant, id);
    expect(body).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/^devpack action gasbank\.balance failed: /) },
    });
    expect(body.actions.map(({ error }: { error: { code: string } }) => error.code)).toEqual(
      Array(3).fill('gasbank.fund_not_found'),
    );
  });

  it('gives them up after a day, each with its reason', async () => {
    const { tenant, functionId } = await openWith(source);
    const performers = new Map([['gasbank.balance', async () => dead()]]);
    const answer = await executeIn(contextOf({ performers }), tenant, functionId);
    await letTimePass(tenant, LIMITS.actionAgeSecondsMax.value * 1000);
    const body = await read(tenant, answer.ok ? answer.value.body.id : '');
    expect(body).toMatchObject({ status: 'failed', error: { code: 'functions.action_failed' } });
    expect(body.actions[2].error.code).toBe('functions.action_abandoned');
  });
});

describe('the queue', () => {
  it('runs an execution that its maker died over before handing it to the scheduler', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    expect((await schedulerOf(tenant).get(id)).ok).toBe(false);
    await letTimePass(tenant, LIMITS.resumeSeconds.value * 1000);
    expect(await ended(tenant, id)).toMatchObject({ status: 'succeeded' });
  });

  it('starts the code of an item once, however often the item is delivered', async () => {
    const { tenant, functionId } = await openWith('() => { Devpack.gasBank.balance({}); }');
    const { orders, performers } = performing('gasbank.balance');
    const id = await queuedOnly(tenant, functionId);
    await Promise.all(
      Array.from({ length: 4 }, () => deliver(tenant, workItem(id), { performers })),
    );
    await deliver(tenant, workItem(id), { performers });
    expect(orders.map((order) => order.id)).toEqual([`${id}:0`]);
    expect((await tenant.call('GET /usage')).body.executions?.used ?? 1).toBe(1);
  });

  it('tries again after a runner that died before the start', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    await deliver(tenant, workItem(id), { env: withJournal({ dead: ['claimQueued'] }) });
    expect(await read(tenant, id)).toMatchObject({ status: 'queued', startedAt: null });
    await deliver(tenant, workItem(id, { attempt: 2 }));
    expect(await read(tenant, id)).toMatchObject({ status: 'succeeded' });
  });

  it('never starts again after a runner that died with the claim in its hands', async () => {
    const { tenant, functionId } = await openWith('() => { Devpack.gasBank.balance({}); }');
    const { orders, performers } = performing('gasbank.balance');
    const id = await queuedOnly(tenant, functionId);
    await deliver(tenant, workItem(id), {
      env: withJournal({ lost: ['claimQueued'] }),
      performers,
    });
    await deliver(tenant, workItem(id, { attempt: 2 }), { performers });
    await letTimePass(tenant, RUN_LEASE_MS);
    expect(await read(tenant, id)).toMatchObject({ status: 'interrupted' });
    await deliver(tenant, workItem(id, { attempt: 3 }), { performers });
    expect(orders).toEqual([]);
  });

  it.each([
    ['the bridge', () => withBridge({ open: dead })],
    ['the journal', () => withJournal({ dead: ['peekQueued'] })],
  ])(
    'tries again while %s does not answer, and ends it with that reason the fifth time',
    async (_part, broken) => {
      const { tenant, functionId } = await openWith('() => 1');
      const id = await queuedOnly(tenant, functionId);
      for (let attempt = 1; attempt < 5; attempt += 1)
        await deliver(tenant, workItem(id, { attempt }), { env: broken() });
      expect(await read(tenant, id)).toMatchObject({ status: 'queued' });
      await deliver(tenant, workItem(id, { attempt: 5 }), { env: broken() });
      expect(await read(tenant, id)).toMatchObject({
        status: 'failed',
        startedAt: null,
        error: { code: 'upstream.unavailable' },
      });
    },
  );

  it('ends what waits for a deleted function, and says so', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    const found = await tenant.call(`GET /functions/${functionId}`);
    const headers = { 'if-match': found.headers.get('etag') ?? '' };
    await tenant.call(`DELETE /functions/${functionId}`, { headers });
    await deliver(tenant, workItem(id));
    expect(await read(tenant, id)).toMatchObject({
      status: 'failed',
      startedAt: null,
      error: { code: 'functions.not_deployed', message: expect.stringContaining('deleted') },
    });
  });

  it('runs the version that was active when it was asked', async () => {
    const { tenant, functionId } = await openWith('() => "first"');
    const id = await queuedOnly(tenant, functionId);
    const found = await tenant.call(`GET /functions/${functionId}`);
    const headers = { 'if-match': found.headers.get('etag') ?? '' };
    const body = { source: '() => "second"', deploy: true };
    expect((await tenant.call(`PATCH /functions/${functionId}`, { body, headers })).status).toBe(
      200,
    );
    await deliver(tenant, workItem(id));
    expect(await read(tenant, id)).toMatchObject({ output: { result: 'first' } });
  });

  it('runs nothing for an account that was suspended meanwhile', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    await bindings.DB.prepare("UPDATE accounts SET status = 'suspended' WHERE account_id = ?")
      .bind(tenant.accountId)
      .run();
    await deliver(tenant, workItem(id));
    expect(await onDisk(tenant, 'SELECT status, error FROM executions')).toMatchObject([
      { status: 'failed', error: expect.stringContaining('account.suspended') },
    ]);
  });

  it('ends what its secrets are not granted to any more', async () => {
    const { tenant, functionId } = await openWith('() => 1', { secrets: ['absent'] });
    const id = await queuedOnly(tenant, functionId);
    await deliver(tenant, workItem(id));
    expect(await read(tenant, id)).toMatchObject({
      status: 'failed',
      error: { code: 'functions.secret_missing', message: expect.stringContaining('absent') },
    });
  });

  it('expires what nobody started within a day', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    await onDisk(tenant, 'DELETE FROM work_outbox');
    await letTimePass(tenant, LIMITS.queueAgeSecondsMax.value * 1000);
    await runDurableObjectAlarm(schedulerOf(tenant));
    expect(await read(tenant, id)).toMatchObject({
      status: 'expired',
      error: { code: 'functions.queue_expired' },
    });
  });

  it('carries out all actions although one failed, and fails with the first', async () => {
    const source = `() => {
      Devpack.gasBank.balance({ wallet: "a" });
      Devpack.random.generate({ length: 1 });
      Devpack.oracle.createRequest({ dataSourceId: "s" });
      return { kept: true };
    }`;
    const { tenant, functionId } = await openWith(source);
    const { orders, performers } = performing('oracle.createRequest');
    const failing = async () =>
      ({
        outcome: 'failed',
        error: { code: 'upstream.unavailable', message: 'no wallet' },
      }) as const;
    const all = new Map([...performers, ['gasbank.balance', failing] as const]);
    const id = await queuedOnly(tenant, functionId);
    await deliver(tenant, workItem(id), { performers: all });
    expect(orders).toHaveLength(1);
    expect(await read(tenant, id)).toMatchObject({
      status: 'failed',
      output: { kept: true },
      error: {
        code: 'functions.action_failed',
        message: 'devpack action gasbank.balance failed: no wallet',
      },
      actions: [
        { id: `${id}:0`, status: 'failed', error: { code: 'upstream.unavailable' } },
        { status: 'failed', error: { code: 'functions.action_unavailable' } },
        { status: 'succeeded', result: done.result },
      ],
    });
  });
});
