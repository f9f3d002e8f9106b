/** Log lines of an execution. */
import { describe, expect, it } from 'vitest';
import { onDisk, openWith, queuedOnly, ran } from './runs-under-test.ts';

const SOURCE = '(n) => { console.info("a", n); console.error({ b: 1 }); return 1; }';

describe('200', () => {
  it('shows lines in order with their levels', async () => {
    const { tenant, functionId } = await openWith(SOURCE);
    const { id, logs } = await ran(tenant, functionId, 7);
    const { body } = await tenant.call(`GET /executions/${id}/logs`);
    expect(body.items).toEqual(logs);
    expect(logs).toMatchObject([{ level: 'info', message: 'a 7' }, { level: 'error' }]);
  });

  it('has none before the run', async () => {
    const { tenant, functionId } = await openWith(SOURCE);
    const id = await queuedOnly(tenant, functionId);
    expect((await tenant.call(`GET /executions/${id}/logs`)).body).toEqual({ items: [] });
  });
});

describe('410', () => {
  it('tells logs that retention dropped from logs that never were', async () => {
    const { tenant, functionId } = await openWith(SOURCE);
    const { id } = await ran(tenant, functionId);
    await onDisk(tenant, "DELETE FROM execution_bodies WHERE kind IN ('logs', 'output')");
    await onDisk(tenant, "UPDATE executions SET output_state = 'expired'");
    const gone = await tenant.call(`GET /executions/${id}/logs`);
    expect([gone.status, gone.body.code]).toEqual([410, 'functions.output_expired']);
  });
});
