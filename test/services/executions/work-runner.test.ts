/** The queue's way to running work, where the deployment itself is in the way. */
import { createExecutionContext } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { WorkRunner } from '../../../worker/entrypoints/work-runner.ts';
import { bindings, openWith, queuedOnly, read, workItem } from './runs-under-test.ts';

/** Takes reports in place of the scheduler, and passes everything else on. */
function notingReports() {
  const reports: { readonly outcome: string; readonly reason?: string }[] = [];
  const getByName = (name: string) => {
    const scheduler = bindings.ACCOUNT_SCHEDULER.getByName(name);
    return Object.assign(Object.create(scheduler), {
      report: async (report: (typeof reports)[number]) => {
        reports.push(report);
        return { ok: true, value: null };
      },
    });
  };
  return { reports, ACCOUNT_SCHEDULER: { getByName } };
}

it.each([
  ['OWN_HOSTS', '*.example.com'],
  ['EGRESS_ALLOW', 'anything'],
])('runs nothing while %s is malformed, and gives the item back unspent', async (name, value) => {
  const { tenant, functionId } = await openWith('() => 1');
  const id = await queuedOnly(tenant, functionId);
  const { reports, ACCOUNT_SCHEDULER } = notingReports();
  const env = { ...bindings, ACCOUNT_SCHEDULER, LOG_LEVEL: 'silent', [name]: value };
  const runner = new WorkRunner(createExecutionContext(), env as never);
  await runner.run({ accountId: tenant.accountId, items: [workItem(id)] });
  expect(reports).toMatchObject([{ id, outcome: 'released', reason: 'service.misconfigured' }]);
  expect((await read(tenant, id)).status).toBe('queued');
});
