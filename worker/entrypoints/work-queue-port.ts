/**
 * A journal's way to the scheduler of its account. The input of an execution is sealed in the
 * journal already, so the item carries nothing but its id; the same id twice is one item.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { WorkQueuePort as Port, WorkHandover } from '../core/ports.ts';
import { ok } from '../core/result.ts';
import type { Env } from '../env.ts';

const KINDS = { execution: 'execution.run', actions: 'execution.actions' } as const;

export class WorkQueuePort extends WorkerEntrypoint<Env> implements Port {
  async enqueue({ accountId, items }: WorkHandover): ReturnType<Port['enqueue']> {
    const outcome = await this.env.ACCOUNT_SCHEDULER.getByName(accountId).enqueue({
      accountId,
      items: items.map(({ id, kind }) => ({
        id,
        kind: KINDS[kind],
        fingerprint: id,
        payload: new Uint8Array(),
      })),
    });
    return outcome.ok ? ok({ ids: outcome.value.items.map(({ id }) => id) }) : outcome;
  }
}
