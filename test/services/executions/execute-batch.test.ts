/** Many inputs in one call. */
import { describe, expect, it } from 'vitest';
import { SoftwareBridge } from '../../../enclave-bridge/software-bridge.ts';
import { deposit, setPrices } from '../metering/metering-under-test.ts';
import {
  bindings,
  contextOf,
  ended,
  executeIn,
  giveForeignDataKey,
  onDisk,
  openWith,
} from './runs-under-test.ts';

const batch = (functionId: string) => `POST /functions/${functionId}/executions/batch`;

describe('202', () => {
  it('queues each input as an execution of its own, which end in no order of theirs', async () => {
    const { tenant, functionId } = await openWith('(n) => n * n');
    const inputs = Array.from({ length: 100 }, (_, n) => n);
    const queued = await tenant.call(batch(functionId), { body: { inputs } });
    expect(queued.status).toBe(202);
    expect(queued.body.items).toHaveLength(100);
    const bodies = await Promise.all(
      queued.body.items.map(({ id }: { id: string }) => ended(tenant, id)),
    );
    expect(bodies.map(({ output }) => output)).toEqual(inputs.map((n) => ({ result: n * n })));
    const usage = await onDisk(tenant, 'SELECT executions FROM usage_months');
    expect(usage).toEqual([{ executions: 100 }]);
  }, 120_000);

  it('lets one fail without touching the others', async () => {
    const { tenant, functionId } = await openWith('(n) => { if (n === 1) throw n; return n; }');
    const body = { inputs: [0, 1, 2] };
    const { items } = (await tenant.call(batch(functionId), { body })).body;
    const bodies = await Promise.all(items.map(({ id }: { id: string }) => ended(tenant, id)));
    expect(bodies.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'succeeded']);
  });
});

describe('400', () => {
  it.each([0, 101])('refuses %i inputs, and queues none', async (length) => {
    const { tenant, functionId } = await openWith('() => 1');
    const body = { inputs: Array.from({ length }, () => null) };
    const refused = await tenant.call(batch(functionId), { body });
    expect([refused.status, refused.body.code]).toEqual([400, 'request.malformed']);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('402', () => {
  it('queues none when not all of them can be paid', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await setPrices({ execution: '0.5' });
    await deposit(tenant, 149_999_999n);
    const refused = await tenant.call(batch(functionId), { body: { inputs: [1, 2, 3] } });
    expect(refused.body).toMatchObject({
      status: 402,
      code: 'gasbank.insufficient_funds',
      limit: 149_999_999,
      observed: 150_000_000,
    });
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('409', () => {
  it('refuses a function without an active version', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await bindings.DB.prepare('UPDATE functions SET active_version_id = NULL').run();
    const refused = await tenant.call(batch(functionId), { body: { inputs: [1] } });
    expect([refused.status, refused.body.code]).toEqual([409, 'functions.not_deployed']);
  });
});

describe('422', () => {
  it('refuses all when the input schema refuses one', async () => {
    const { tenant, functionId } = await openWith('() => 1', { inputSchema: { type: 'integer' } });
    const refused = await tenant.call(batch(functionId), { body: { inputs: [1, 'x'] } });
    expect([refused.status, refused.body.code]).toEqual([422, 'functions.input_invalid']);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('403', () => {
  it('refuses all when the month has room for some', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await bindings.DB.prepare('UPDATE accounts SET quotas = ?')
      .bind('{"monthlyExecutions":2}')
      .run();
    const refused = await tenant.call(batch(functionId), { body: { inputs: [1, 2, 3] } });
    expect(refused.body).toMatchObject({ code: 'quota.exceeded', limit: 2, observed: 3 });
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
    const taken = await tenant.call(batch(functionId), { body: { inputs: [1, 2] } });
    expect(taken.status).toBe(202);
  });
});

describe('500', () => {
  it('queues nothing for an account whose data key cannot be opened', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    await giveForeignDataKey(tenant);
    const refused = await tenant.call(batch(functionId), { body: { inputs: [1] } });
    expect([refused.status, refused.body.code]).toEqual([500, 'secrets.undecryptable']);
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});

describe('503', () => {
  it('queues nothing while the vault has no key', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const env = { ...bindings, BRIDGE: new SoftwareBridge({ ENVIRONMENT: 'development' }) };
    const answer = await executeIn(contextOf({ env }), tenant, functionId, 'async');
    expect(answer).toMatchObject({ failure: { code: 'secrets.encryption_unconfigured' } });
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
  });
});
