/**
 * Runs a function that draws lots, reads its log and signed receipt, replays it and compares: the
 * same lots again, without any I/O. Then three inputs in one call, polled until they have ended.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/executions/run-and-replay.ts
 */
import { setTimeout } from 'node:timers/promises';
import type { Execution } from '../../sdk/src/index.ts';
import { print, runExample, type Tenant, withAccount } from '../connect.ts';

const SOURCE = `({ names }) => {
  const winner = names[Math.floor(Math.random() * names.length)];
  console.log('drawn from', names.length);
  return { winner, drawnAt: new Date().toISOString() };
}`;

const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'interrupted', 'expired']);

async function waitFor({ client, accountId }: Tenant, executionId: string): Promise<Execution> {
  for (;;) {
    const execution = await client.executions.getExecution({ accountId, executionId });
    if (ENDED.has(execution.status)) return execution;
    await setTimeout(200);
  }
}

async function drawOnce({ client, accountId }: Tenant, functionId: string): Promise<void> {
  const { executions } = client;
  const params = { names: ['Ada', 'Grace', 'Edsger'] };
  const run = await executions.executeFunction({ accountId, functionId, params });
  print(`${run.status}: ${JSON.stringify(run.output)} for ${run.fuel} fuel`);

  const key = { accountId, executionId: run.id };
  const { items } = await executions.getLogs(key);
  print(`log: ${items.map(({ message }) => message).join(' | ')}`);
  const { receipt, signature } = await executions.getReceipt(key);
  print(`receipt over output ${receipt.outputHash}, signed by ${signature.keyId}`);
  const replay = await executions.replayExecution(key);
  print(`replay equal: ${replay.equal}`);
  if (!replay.equal) throw new Error(replay.problem ?? 'the replay differs');
}

async function drawMany(tenant: Tenant, functionId: string): Promise<void> {
  const { client, accountId } = tenant;
  const { items } = await client.executions.executeBatch({
    accountId,
    functionId,
    inputs: [{ names: ['a', 'b'] }, { names: ['c'] }, { names: null }],
  });
  const ended = await Promise.all(items.map(({ id }) => waitFor(tenant, id)));
  print(`batch: ${ended.map(({ status }) => status).join(', ')}`);
  for (const { error } of ended) if (error) print(`  ${error.message} (line ${error.line})`);
}

await runExample(() =>
  withAccount('executions example', async (tenant) => {
    const { client, accountId } = tenant;
    const { id } = await client.functions.createFunction({
      accountId,
      name: 'lots',
      source: SOURCE,
    });
    await drawOnce(tenant, id);
    await drawMany(tenant, id);
  }),
);
