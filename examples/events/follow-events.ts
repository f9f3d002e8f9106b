/**
 * Follows the events of an account as a consumer does: it keeps the sequence of the last one it has
 * seen and asks for what came after, so that it misses nothing and sees nothing twice.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/events/follow-events.ts
 */
import { setTimeout } from 'node:timers/promises';
import { print, runExample, type Tenant, withAccount } from '../connect.ts';

const WAITS_MAX = 50;

async function* follow({ client, accountId }: Tenant, afterSequence = 0) {
  let last = afterSequence;
  for (let waits = 0; waits < WAITS_MAX; ) {
    const { items } = await client.events.listEvents({ accountId, afterSequence: last });
    for (const event of items) {
      last = event.sequence;
      yield event;
    }
    if (items.length > 0) continue;
    waits += 1;
    await setTimeout(200);
  }
}

await runExample(() =>
  withAccount('events example', async (tenant) => {
    const { client, accountId } = tenant;
    const { id: functionId } = await client.functions.createFunction({
      accountId,
      name: 'fails',
      source: `() => { throw new Error('out of tea'); }`,
    });
    const { status } = await client.executions.executeFunction({ accountId, functionId });
    print(`the execution ${status}`);
    for await (const { specversion, type, sequence, subject } of follow(tenant)) {
      print(`CloudEvents ${specversion}: ${type} ${sequence} about ${subject}`);
      if (type === 'execution.failed') return;
    }
    throw new Error('no event tells of the failed execution');
  }),
);
