/**
 * Functions in the forms that today's authors have written (devpack.md 2.6), in both versions' ways of writing: each
 * queues the number of actions that the earlier platform's own tests expect.
 */
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { run } from './harness.ts';
import { runtime } from './node-runtime.ts';

interface Example {
  readonly name: string;
  readonly source: string;
  readonly params: JsonValue;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly types: readonly string[];
}

const GUARDRAIL = `// Keeps a schedule and, when asked to, a trigger beside it.
(params, secrets) => {
  if (!params || !params.schedule) {
    throw new Error('schedule is required');
  }
  const job = Devpack.automation.schedule({
    name: params.name || 'guardrail',
    schedule: params.schedule,
    description: params.description,
    enabled: params.enabled !== false,
  });
  const actions = [job.asResult({ label: 'job' })];
  if (params.registerTrigger) {
    const trigger = Devpack.triggers.register({
      type: 'cron',
      rule: params.schedule,
      config: { timezone: secrets.timezone || 'UTC' },
    });
    actions.push(trigger.asResult({ label: 'trigger' }));
  }
  console.log('scheduled', params.schedule);
  return Devpack.respond.success({ actions }, null);
};
`;

const TOP_UP = `function (params, secrets) {
  var wallet = params.wallet || secrets.defaultWallet;
  var amount = Number(params.amount);
  if (!(amount > 0)) return Devpack.respond.failure('amount must be greater than zero');
  var account = Devpack.gasBank.ensureAccount({ wallet: wallet });
  var withdrawal = Devpack.gasBank.withdraw({ wallet: wallet, amount: amount, to: wallet });
  return Devpack.respond.success({ account: account.asResult(), withdrawal: withdrawal.asResult() });
} // no newline after this`;

const WORKFLOW = `async (params) => {
  const wallet = params.wallet;
  Devpack.gasBank.ensureAccount({ wallet });
  Devpack.gasBank.balance({ wallet });
  Devpack.gasBank.listTransactions({ wallet, limit: 10 });
  return Devpack.gasBank.withdraw({ wallet, amount: '0.5', scheduleAt: null });
}`;

const MODULE_OLD = `import { ensureGasAccount, createOracleRequest, respond, context } from '@service-layer/devpack';

export default function (params) {
  const account = ensureGasAccount({ wallet: params.wallet });
  const request = createOracleRequest({
    dataSourceId: params.oracleSourceId,
    payload: { pair: params.pair, functionId: context.functionId },
  });
  return respond.success({ account: account.asResult(), request: request.asResult() });
}
`;

const PIPELINE = `import { submitDataFeedUpdate, publishDataStreamFrame, createDataLinkDelivery, success }
  from '@neo-service-layer/devpack';

export default async ({ feedId, streamId, channelId, price }) => {
  const update = submitDataFeedUpdate({ feedId, roundId: 7, price });
  const frame = publishDataStreamFrame({ stream_id: streamId, seq: 1, payload: { price } });
  const delivery = createDataLinkDelivery({ channelId, payload: { price } });
  return success({ update, frame, delivery });
};
`;

const SNAPSHOT = `export default function (params) {
  Devpack.priceFeeds.recordSnapshot({ feed_id: params.feedId, price: params.price, collectedAt: undefined });
  Devpack.random.generate({ length: 16 });
  return Devpack.respond.success();
}`;

const EXAMPLES: readonly Example[] = [
  {
    name: 'automation guardrail',
    source: GUARDRAIL,
    params: { schedule: '0 * * * *', registerTrigger: true },
    secrets: { timezone: 'Asia/Tokyo' },
    types: ['automation.schedule', 'triggers.register'],
  },
  {
    name: 'gas bank top-up',
    source: TOP_UP,
    params: { amount: '2' },
    secrets: { defaultWallet: 'NWallet' },
    types: ['gasbank.ensureAccount', 'gasbank.withdraw'],
  },
  {
    name: 'gas bank workflow with a null scheduleAt and a raw handle as its result',
    source: WORKFLOW,
    params: { wallet: 'NWallet' },
    types: [
      'gasbank.ensureAccount',
      'gasbank.balance',
      'gasbank.listTransactions',
      'gasbank.withdraw',
    ],
  },
  {
    name: 'module with the old name of the Devpack',
    source: MODULE_OLD,
    params: { wallet: 'NWallet', oracleSourceId: 'src_1', pair: 'NEO/USD' },
    types: ['gasbank.ensureAccount', 'oracle.createRequest'],
  },
  {
    name: 'data pipeline as an async module',
    source: PIPELINE,
    params: { feedId: 'f', streamId: 's', channelId: 'c', price: '1.25' },
    types: ['datafeeds.submitUpdate', 'datastreams.publishFrame', 'datalink.createDelivery'],
  },
  {
    name: 'price snapshot with an undefined time',
    source: SNAPSHOT,
    params: { feedId: 'f', price: 1 },
    types: ['pricefeed.recordSnapshot', 'random.generate'],
  },
];

describe('functions written for the earlier platform', () => {
  for (const { name, source, params, secrets = {}, types } of EXAMPLES) {
    it(`run unmodified: ${name}`, async () => {
      const given = Object.entries(secrets).map(([key, value]) => ({
        name: key,
        value,
        versionId: key,
      }));
      const result = await run(runtime, source, { params, secrets: given });
      expect(result).toMatchObject({ status: 'succeeded' });
      expect(result.actions.map(({ type }) => type)).toEqual(types);
      expect(JSON.stringify(result.actions)).not.toMatch(/<nil>|null/);
    });
  }

  it('keep a refusal of their own a success of the run', async () => {
    const result = await run(runtime, TOP_UP, { params: { amount: 0 } });
    expect(result).toMatchObject({ status: 'succeeded', output: { success: false }, actions: [] });
  });
});
