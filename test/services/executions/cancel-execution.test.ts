/** Ending an execution on purpose. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  audit,
  deliver,
  ended,
  execute,
  openWith,
  queuedOnly,
  ran,
  slowHost,
  workItem,
} from './runs-under-test.ts';

const SLOW = `async () => {
  await Devpack.http.fetch("https://slow.example.com/1");
  await Devpack.http.fetch("https://slow.example.com/2");
  return "ended by itself";
}`;
const permissions = { httpHosts: ['slow.example.com'] };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('200', () => {
  it('ends a queued execution at once, and no delivery starts it any more', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    const cancelled = await tenant.call(`POST /executions/${id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      startedAt: null,
      error: { code: 'functions.cancelled' },
    });
    await deliver(tenant, workItem(id));
    expect((await tenant.call(`GET /executions/${id}`)).body).toEqual(cancelled.body);
    expect(await audit(tenant, 'execution.cancelled')).toHaveLength(1);
  });

  it('stops a running one at its next host call, which never leaves', async () => {
    const { tenant, functionId } = await openWith(SLOW, { permissions });
    const host = slowHost();
    const queued = await execute(tenant, functionId, { mode: 'async' });
    await vi.waitUntil(() => host.asked, { timeout: 5000 });
    const { id } = queued.body;
    const asked = await tenant.call(`POST /executions/${id}/cancel`);
    expect(asked.body).toMatchObject({ status: 'running', cancelRequested: true });
    host.answers = true;
    expect(await ended(tenant, id)).toMatchObject({
      status: 'cancelled',
      output: null,
      error: { code: 'functions.cancelled' },
    });
    expect(host.calls).toBe(1);
    const replayed = await tenant.call(`POST /executions/${id}/replay`);
    expect(replayed.body).toMatchObject({ equal: true, problem: null });
  });

  it('may be asked twice', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    const first = await tenant.call(`POST /executions/${id}/cancel`);
    expect((await tenant.call(`POST /executions/${id}/cancel`)).body).toEqual(first.body);
  });
});

describe('409', () => {
  it('refuses to cancel what has ended', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    const refused = await tenant.call(`POST /executions/${id}/cancel`);
    expect([refused.status, refused.body.code]).toEqual([409, 'functions.execution_ended']);
  });
});
