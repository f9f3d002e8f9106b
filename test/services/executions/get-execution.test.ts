/** Reading one execution. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { onDisk, openWith, queuedOnly, ran } from './runs-under-test.ts';

describe('200', () => {
  it('shows one that waits, with nothing yet of what it will do', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    const { body } = await tenant.call(`GET /executions/${id}`);
    expect(body).toMatchObject({ status: 'queued', fuel: null, startedAt: null, endedAt: null });
  });

  it('shows what happened after retention took output, logs and params', async () => {
    const { tenant, functionId } = await openWith('() => { Devpack.gasBank.balance({}); }');
    const { id, fuel } = await ran(tenant, functionId);
    await onDisk(tenant, "DELETE FROM execution_bodies WHERE kind <> 'journal'");
    await onDisk(tenant, "UPDATE executions SET output_state = 'expired'");
    await onDisk(tenant, 'UPDATE execution_actions SET params = NULL, result = NULL');
    const { body } = await tenant.call(`GET /executions/${id}`);
    expect(body).toMatchObject({ fuel, output: null, logs: [], actions: [{ params: null }] });
    const replayed = await tenant.call(`POST /executions/${id}/replay`);
    expect(replayed.body).toMatchObject({ equal: true });
  });
});

describe('404', () => {
  it('does not know the executions of another account', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    const other = await openTenant();
    for (const suffix of ['', '/logs', '/receipt', '/journal'])
      expect((await other.call(`GET /executions/${id}${suffix}`)).status).toBe(404);
    for (const suffix of ['/cancel', '/replay'])
      expect((await other.call(`POST /executions/${id}${suffix}`)).status).toBe(404);
  });
});
