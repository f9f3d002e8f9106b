/**
 * Executions for later: recorded with their sealed inputs all or none, then handed to the queue. When this dies before
 * the queue has them, the journal's alarm hands the same items over.
 */
import type {
  ExecutionOrder,
  ExecutionSummary,
  ExistingExecutions,
  QueuedExecutions,
  QueuedOrder,
} from '../../../durable-objects/account-journal/rpc.ts';
import { assert } from '../../core/assert.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { ok, type Result } from '../../core/result.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import type { Runnable } from '../functions/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { inputContext } from './journal-file.ts';
import { idempotencyOf, orderOf, type Store, toExecutionQuota } from './order.ts';

export async function enqueue(
  context: RequestContext,
  { version, quotas }: Runnable,
  { inputs, store }: { readonly inputs: readonly JsonValue[]; readonly store: Store },
): Promise<Result<QueuedExecutions | ExistingExecutions>> {
  const { accountId } = version;
  const orders = inputs.map((input) => {
    const executionId = newId('execution', context.now);
    return { input, order: orderOf(context, version, { executionId, store }) };
  });
  const sealed = await sealInputs(context, accountId, orders);
  if (!sealed.ok) return sealed;
  return journalOf(context, accountId).enqueueExecutions({
    orders: sealed.value,
    quota: toExecutionQuota(quotas),
    ...idempotencyOf(context),
  });
}

async function sealInputs(
  context: RequestContext,
  accountId: string,
  orders: readonly { readonly input: JsonValue; readonly order: ExecutionOrder }[],
): Promise<Result<readonly QueuedOrder[]>> {
  const wrapped = await dataKeyOf(context, accountId);
  if (!wrapped.ok) return wrapped;
  const encoder = new TextEncoder();
  const sealed = await context.env.BRIDGE.seal({
    accountId,
    wrappedKey: wrapped.value,
    items: orders.map(({ input, order }) => ({
      context: inputContext(order.executionId),
      plaintext: encoder.encode(JSON.stringify(input)),
    })),
  });
  if (!sealed.ok) return sealed;
  return ok(
    orders.map(({ order }, index) => {
      const sealedInput = sealed.value[index];
      assert(sealedInput, 'every input was sealed');
      return { ...order, sealedInput };
    }),
  );
}

export async function handOver(
  context: RunDeps,
  accountId: string,
  executions: readonly ExecutionSummary[],
): Promise<void> {
  const taken = await context.env.ACCOUNT_SCHEDULER.getByName(accountId).enqueue({
    accountId,
    items: executions.map(({ id }) => ({
      id,
      kind: 'execution.run',
      fingerprint: id,
      payload: new Uint8Array(),
    })),
  });
  if (!taken.ok) return;
  await journalOf(context, accountId).confirmEnqueued(taken.value.items.map(({ id }) => id));
}
