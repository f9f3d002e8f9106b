/**
 * A journal of its own for each test, orders and results in their plainest form, and a hold on what
 * is outside.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type {
  AccountJournal,
  JournalPorts,
} from '../../../durable-objects/account-journal/account-journal.ts';
import type {
  ExecutionOrder,
  FinishExecution,
  QueuedOrder,
  StartExecution,
} from '../../../durable-objects/account-journal/rpc.ts';
import { createId } from '../../../worker/core/ids.ts';
import type { SigningRequest, WorkHandover } from '../../../worker/core/ports.ts';
import { err, ok, type Result } from '../../../worker/core/result.ts';

const { ACCOUNT_JOURNAL } = env as unknown as {
  ACCOUNT_JOURNAL: DurableObjectNamespace<AccountJournal>;
};

export type Journal = DurableObjectStub<AccountJournal>;

let count = 0;
const nextNumber = (): number => {
  count += 1;
  return count;
};

export const journalOf = (accountId = `acc_${nextNumber()}`): Journal =>
  ACCOUNT_JOURNAL.getByName(accountId);

/** Rising with each call, so that the order of making is the order of ids. */
export const executionId = (): string => {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(0, nextNumber());
  return createId('execution', { now: Date.now(), random });
};

export const payer = { kind: 'apiKey', id: 'key_payer' } as const;

export const order = (change: Partial<ExecutionOrder> = {}): ExecutionOrder => ({
  executionId: executionId(),
  functionId: 'fn_one',
  versionId: 'fnv_one',
  store: 'full',
  actor: payer,
  fuelMax: 1000,
  ...change,
});

export const queuedOrder = (change: Partial<QueuedOrder> = {}): QueuedOrder => ({
  ...order(),
  sealedInput: Uint8Array.of(1, 2, 3),
  ...change,
});

export const wideQuota = {
  executionsPerMonth: 1_000_000,
  fuelPerMonth: 1e15,
  concurrentExecutions: 1000,
};

export const start = (change: Partial<StartExecution> = {}): StartExecution => ({
  order: order(),
  leaseMs: 60_000,
  quota: wideQuota,
  ...change,
});

export const finish = (id: string, change: Partial<FinishExecution> = {}): FinishExecution => ({
  executionId: id,
  leaseToken: 1,
  outcome: 'succeeded',
  outputJson: '{"answer":42}',
  logsJson: '["hello"]',
  sealedJournal: [Uint8Array.of(7, 7), Uint8Array.of(8)],
  receipt: {
    json: '{"receipt":true}',
    hash: 'ab'.repeat(32),
    signature: {
      algorithm: 'ES256',
      keyId: '00'.repeat(8),
      value: 'A'.repeat(86),
      attested: false,
    },
  },
  fuel: 500,
  durationMs: 12,
  actions: [],
  actionLeaseMs: 60_000,
  ...change,
});

export const action = (type = 'oracle.createRequest') => ({
  type,
  paramsJson: '{"token":"[secret:TOKEN]"}',
  sealedParams: new TextEncoder().encode('true-params-of-the-action'),
});

/** The value of a result; a refusal fails the test with its code. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`refused: ${result.failure.code}`);
  return result.value;
}

export const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code);

/** Starts one that the journal must accept; answers its id. */
export async function started(
  journal: Journal,
  change: Partial<StartExecution> = {},
): Promise<string> {
  const command = start(change);
  expect(await journal.startExecution(command)).toMatchObject({ ok: true });
  return command.order.executionId;
}

export const statusOf = async (journal: Journal, id: string): Promise<string> =>
  valueOf(await journal.getExecution(id)).status;

/** Rewinds what the object wrote about time, as if `ms` had gone by since. */
export const letTimePass = (journal: Journal, ms: number): Promise<void> =>
  runInDurableObject(journal, (_object, { storage }) => {
    const columns: [string, string][] = [
      ['due', 'at'],
      ['executions', 'watch_at'],
      ['executions', 'code_ended_at'],
      ['executions', 'created_at'],
      ['execution_bodies', 'created_at'],
      ['idempotency_records', 'lease_until'],
      ['idempotency_records', 'expires_at'],
      ['events', 'created_at'],
      ['audit_checkpoints', 'at'],
    ];
    for (const [table, column] of columns)
      storage.sql.exec(`UPDATE ${table} SET ${column} = ${column} - ?`, ms);
  });

/** Runs the alarm until nothing more is due now; fails rather than loop for ever. */
export async function wake(journal: Journal): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    await runDurableObjectAlarm(journal);
    const due = await runInDurableObject(journal, (_object, { storage }) =>
      storage.sql.exec('SELECT 1 FROM due WHERE at <= ?', Date.now()).toArray(),
    );
    if (due.length === 0) return;
  }
  throw new Error('the journal is never done');
}

export const rowsOf = (journal: Journal, query: string) =>
  runInDurableObject(journal, (_object, { storage }) => storage.sql.exec(query).toArray());

export interface Outside {
  readonly signed: SigningRequest[];
  readonly enqueued: WorkHandover[];
  answering: boolean;
}

/**
 * Stands in for signing and the queue, which are outside the object; `answering: false` is an
 * outage.
 */
export async function connectOutside(journal: Journal): Promise<Outside> {
  const outside: Outside = { signed: [], enqueued: [], answering: true };
  const ports: JournalPorts = {
    SignerPort: {
      sign: (request) => {
        outside.signed.push(request);
        const value = 'B'.repeat(86);
        const signature = {
          algorithm: 'ES256',
          keyId: '11'.repeat(8),
          value,
          attested: false,
        } as const;
        return Promise.resolve(outside.answering ? ok(signature) : err('upstream.unavailable'));
      },
    },
    WorkQueuePort: {
      enqueue: (handover) => {
        outside.enqueued.push(handover);
        const ids = handover.items.map(({ id }) => id);
        return Promise.resolve(outside.answering ? ok({ ids }) : err('upstream.unavailable'));
      },
    },
  };
  await runInDurableObject(journal, (object) => {
    Object.assign(object, { ports });
  });
  return outside;
}
