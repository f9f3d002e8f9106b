/**
 * A scheduler under test: its clock stands a day ahead, so that no alarm rings by itself, and the test stands where
 * WorkRunner and ProjectionWriter would. What was handed over is kept here; reports are made by the test.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { AccountScheduler } from '../../../durable-objects/account-scheduler/account-scheduler.ts';
import type { EnqueueItem } from '../../../durable-objects/account-scheduler/rpc.ts';
import type { LeasedWork, WorkBatch } from '../../../worker/core/ports.ts';
import type { WorkKind } from '../../../worker/core/queue/kinds.ts';
import { ok } from '../../../worker/core/result.ts';

const { ACCOUNT_SCHEDULER } = env as unknown as {
  ACCOUNT_SCHEDULER: DurableObjectNamespace<AccountScheduler>;
};

export const ACCOUNT = 'acc_payer';
export const START = Date.now() + 86_400_000;

export const stopClock = (): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
};
export const setClock = (now: number): void => {
  vi.setSystemTime(now);
};
export const startClock = (): void => {
  vi.useRealTimers();
};

export const workItem = (id: string, kind: WorkKind = 'execution.run'): EnqueueItem => ({
  id,
  kind,
  fingerprint: `print-of-${id}`,
  payload: new TextEncoder().encode(`sealed ${id}`),
});

export type SchedulerRig = Awaited<ReturnType<typeof schedulerRig>>;

export async function schedulerRig(run?: (batch: WorkBatch) => Promise<void>) {
  const stub = ACCOUNT_SCHEDULER.get(ACCOUNT_SCHEDULER.idFromName(ACCOUNT));
  const batches: WorkBatch[] = [];
  const wakes: number[] = [];
  const ports = {
    runner: {
      run: async (batch: WorkBatch) => {
        batches.push(batch);
        await run?.(batch);
      },
    },
    projections: {
      saveWakeBy: async ({ wakeBy }: { readonly wakeBy: number }) => {
        wakes.push(wakeBy);
        return ok(null);
      },
    },
  };
  const connect = () =>
    runInDurableObject(stub, (instance) => {
      instance.ports = ports;
    });
  await connect();
  const enqueue = (...items: readonly EnqueueItem[]) =>
    stub.enqueue({ accountId: ACCOUNT, items: [...items] });
  /** Rings the alarm and answers what it handed over. */
  const ring = async (): Promise<readonly LeasedWork[]> => {
    const before = batches.length;
    await runDurableObjectAlarm(stub);
    return batches.slice(before).flatMap(({ items }) => items);
  };
  const state = async (id: string) => {
    const found = await stub.get(id);
    return found.ok ? found.value : undefined;
  };
  const alarmAt = () => runInDurableObject(stub, (_instance, ctx) => ctx.storage.getAlarm());
  const sql = <Row extends Record<string, SqlStorageValue>>(statement: string) =>
    runInDurableObject(stub, (_instance, ctx) => ctx.storage.sql.exec<Row>(statement).toArray());
  return { stub, batches, wakes, connect, enqueue, ring, state, alarmAt, sql };
}
