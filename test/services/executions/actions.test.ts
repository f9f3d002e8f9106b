/** Actions between their planning and their end: true params for the service, redacted ones for everybody else. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import {
  contextOf,
  deliver,
  deploy,
  executeIn,
  journalOf,
  onDisk,
  openWith,
  performing,
  queuedOnly,
  read,
  storeSecret,
  workItem,
} from './runs-under-test.ts';

const CANARY = 'canary-2f6a-secret';

async function openWithSecret(source: string) {
  const tenant = await openTenant();
  const functionId = await deploy(tenant, source, { secrets: ['token'] });
  await storeSecret(tenant, 'token', { value: CANARY, grants: [functionId] });
  return { tenant, functionId };
}

const SENDS_SECRET = '(_, secrets) => { Devpack.gasBank.balance({ wallet: secrets.token }); }';

describe('an action', () => {
  it('reaches its service with the true params, and a result that echoes them is redacted', async () => {
    const { tenant, functionId } = await openWithSecret(SENDS_SECRET);
    const { orders, performers } = performing('gasbank.balance', async (_deps, { params }) => ({
      outcome: 'succeeded',
      result: { echo: params },
    }));
    const answer = await executeIn(contextOf({ performers }), tenant, functionId);
    expect(orders).toMatchObject([{ params: { wallet: CANARY } }]);
    expect(answer).toMatchObject({
      ok: true,
      value: {
        status: 201,
        body: {
          status: 'succeeded',
          actions: [
            {
              params: { wallet: '[secret:token]' },
              result: { echo: { wallet: '[secret:token]' } },
            },
          ],
        },
      },
    });
  });

  it('is redacted in the same way when another runner carries it out', async () => {
    const { tenant, functionId } = await openWithSecret(SENDS_SECRET);
    const dying = new Map([['gasbank.balance', () => Promise.reject(new Error('killed'))]]);
    const answer = await executeIn(contextOf({ performers: dying }), tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    const stored = await onDisk<{ sealed_params: ArrayBuffer }>(
      tenant,
      'SELECT sealed_params FROM execution_actions',
    );
    const text = stored.map((row) => new TextDecoder('latin1').decode(row.sealed_params)).join();
    expect(text.length).toBeGreaterThan(10);
    expect(text).not.toContain(CANARY);
    await onDisk(tenant, 'UPDATE executions SET watch_at = 0');
    const { orders, performers } = performing('gasbank.balance', async () => ({
      outcome: 'failed',
      error: { code: 'upstream.unavailable', message: `no wallet ${CANARY}` },
    }));
    const item = workItem(`${id}:actions:2`, { kind: 'execution.actions' });
    await deliver(tenant, item, { performers });
    expect(orders).toMatchObject([{ id: `${id}:0`, params: { wallet: CANARY } }]);
    expect((await read(tenant, id)).actions[0].error.message).toBe('no wallet [secret:token]');
  });

  it('does not begin once the execution was cancelled between two', async () => {
    const { tenant, functionId } = await openWith(
      '() => { for (const w of ["a", "b", "c"]) Devpack.gasBank.balance({ wallet: w }); }',
    );
    const { orders, performers } = performing('gasbank.balance', async (_deps, { id }) => {
      const executionId = id.split(':')[0] ?? '';
      const actor = { kind: 'apiKey', id: 'key_x' } as const;
      await journalOf(tenant).cancelExecution({ executionId, actor });
      return { outcome: 'succeeded', result: null };
    });
    const answer = await executeIn(contextOf({ performers }), tenant, functionId);
    expect(orders).toHaveLength(1);
    expect(answer).toMatchObject({
      ok: true,
      value: {
        body: {
          status: 'cancelled',
          actions: [
            { status: 'succeeded' },
            { status: 'failed', error: { code: 'functions.cancelled' } },
            { status: 'failed', error: { code: 'functions.cancelled' } },
          ],
        },
      },
    });
  });

  it('does not begin when the execution was cancelled while no runner held it', async () => {
    const { tenant, functionId } = await openWith('() => { Devpack.gasBank.balance({}); }');
    const dying = new Map([['gasbank.balance', () => Promise.reject(new Error('killed'))]]);
    const answer = await executeIn(contextOf({ performers: dying }), tenant, functionId);
    const id = answer.ok ? answer.value.body.id : '';
    await tenant.call(`POST /executions/${id}/cancel`);
    await onDisk(tenant, 'UPDATE executions SET watch_at = 0');
    const { orders, performers } = performing('gasbank.balance');
    const item = workItem(`${id}:actions:2`, { kind: 'execution.actions' });
    await deliver(tenant, item, { performers });
    expect(orders).toEqual([]);
    expect(await read(tenant, id)).toMatchObject({ status: 'cancelled' });
  });

  it('may answer more than is kept: it is done all the same', async () => {
    const { tenant, functionId } = await openWith('() => { Devpack.gasBank.balance({}); }');
    const { performers } = performing('gasbank.balance', async () => ({
      outcome: 'succeeded',
      result: 'x'.repeat(100_000),
    }));
    const id = await queuedOnly(tenant, functionId);
    await deliver(tenant, workItem(id), { performers });
    expect(await read(tenant, id)).toMatchObject({
      status: 'succeeded',
      actions: [{ status: 'succeeded', result: null }],
    });
  });

  it('is one of a hundred, which fit into one end of an execution', async () => {
    const { tenant, functionId } = await openWith(
      '() => { for (let i = 0; i < 100; i++) Devpack.gasBank.balance({ i }); }',
    );
    const { orders, performers } = performing('gasbank.balance');
    const answer = await executeIn(contextOf({ performers }), tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { body: { status: 'succeeded' } } });
    expect(orders).toHaveLength(100);
  });
});
