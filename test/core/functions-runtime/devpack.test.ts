/** The Devpack as today's functions know it (devpack.md 2.2 to 2.4), with its traps closed. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { ACTION_MODULES } from '../../../worker/core/functions-runtime/permissions.ts';
import { type RunOptions, run } from './harness.ts';
import { runtime } from './node-runtime.ts';

const succeed = async (source: string, options: RunOptions = {}) => {
  const result = await run(runtime, source, options);
  if (result.status !== 'succeeded') throw new Error(JSON.stringify(result.error));
  return result;
};

const METHODS = [
  ['gasBank.ensureAccount', 'gasbank.ensureAccount'],
  ['gasBank.withdraw', 'gasbank.withdraw'],
  ['gasBank.balance', 'gasbank.balance'],
  ['gasBank.listTransactions', 'gasbank.listTransactions'],
  ['oracle.createRequest', 'oracle.createRequest'],
  ['triggers.register', 'triggers.register'],
  ['automation.schedule', 'automation.schedule'],
  ['random.generate', 'random.generate'],
  ['priceFeeds.recordSnapshot', 'pricefeed.recordSnapshot'],
  ['dataFeeds.submitUpdate', 'datafeeds.submitUpdate'],
  ['dataStreams.publishFrame', 'datastreams.publishFrame'],
  ['dataLink.createDelivery', 'datalink.createDelivery'],
  ['chain.submitTransaction', 'transaction.submit'],
] as const;

const EXPORTS = [
  'devpack',
  'ensureGasAccount',
  'withdrawGas',
  'createOracleRequest',
  'registerTrigger',
  'scheduleAutomation',
  'success',
  'failure',
  'respond',
  'context',
  'currentContext',
  'balanceGasAccount',
  'listGasTransactions',
  'generateRandom',
  'recordPriceSnapshot',
  'submitDataFeedUpdate',
  'publishDataStreamFrame',
  'createDataLinkDelivery',
  'callContract',
  'readBalance',
  'readTransaction',
  'readHeight',
  'submitTransaction',
];

describe('actions', () => {
  for (const [method, type] of METHODS) {
    it(`queues ${type} for Devpack.${method}`, async () => {
      const { actions, output } = await succeed(`() => Devpack.${method}({ a: { b: [1] } })`);
      expect(actions).toEqual([{ id: 'action_1', type, params: { a: { b: [1] } } }]);
      expect(output).toEqual({ __devpack_ref__: true, id: 'action_1', type });
    });
  }

  it('knows the module of every action it can queue', () => {
    expect(METHODS.map(([, type]) => type).toSorted()).toEqual(
      Object.keys(ACTION_MODULES).toSorted(),
    );
  });

  it('clones params when the call is made', async () => {
    const { actions } = await succeed(`() => {
      const p = { list: [1] };
      const handle = Devpack.oracle.createRequest(p);
      p.list.push(2); handle.params.list.push(3); handle.type = 'x'; handle.id = 'y';
    }`);
    expect(actions).toEqual([
      { id: 'action_1', type: 'oracle.createRequest', params: { list: [1] } },
    ]);
  });

  it('takes anything but an object as no params', async () => {
    const { actions } = await succeed(`() => {
      for (const p of [undefined, null, 5, 'x', [1], () => 1]) Devpack.random.generate(p);
    }`);
    expect(actions.map(({ params }) => params)).toEqual([{}, {}, {}, {}, {}, {}]);
  });

  it('leaves out params that are undefined or null, and keeps scheduleAt', async () => {
    const { actions } = await succeed(`() => {
      Devpack.gasBank.withdraw({ wallet: undefined, to: null, amount: 1, scheduleAt: '2030-01-01T00:00:00Z' });
    }`);
    expect(actions[0]?.params).toEqual({ amount: 1, scheduleAt: '2030-01-01T00:00:00Z' });
  });

  it('numbers handles from 1 in every run', async () => {
    const source = '() => ({ ids: [Devpack.random.generate().id, Devpack.random.generate().id] })';
    expect((await succeed(source)).output).toEqual({ ids: ['action_1', 'action_2'] });
    expect((await succeed(source)).output).toEqual({ ids: ['action_1', 'action_2'] });
  });

  it('stores the meta of asResult as null when it is missing', async () => {
    const { output } = await succeed(`() => {
      const handle = Devpack.random.generate();
      const seen = handle.asResult().meta === undefined;
      return { without: handle.asResult(), with: handle.asResult({ a: 1 }), seen };
    }`);
    const ref = { __devpack_ref__: true, id: 'action_1', type: 'random.generate' };
    expect(output).toEqual({
      without: { ...ref, meta: null },
      with: { ...ref, meta: { a: 1 } },
      seen: true,
    });
  });

  it('runs no action of code that failed', async () => {
    const result = await run(
      runtime,
      '() => { Devpack.random.generate(); throw new Error("late") }',
    );
    expect(result).toMatchObject({ status: 'failed', actions: [] });
  });

  it('refuses the action after the last allowed one where it is called', async () => {
    const max = LIMITS.actionsMax.value;
    const source = (count: number) =>
      `() => { for (let i = 0; i < ${count}; i++) Devpack.random.generate() }`;
    expect((await succeed(source(max))).actions).toHaveLength(max);
    expect(await run(runtime, source(max + 1))).toMatchObject({
      status: 'failed',
      error: { code: 'functions.action_limit', line: 1 },
    });
  });

  it('refuses params that are too large, too deep or not well formed', async () => {
    const error = async (params: string) => {
      const result = await run(runtime, `() => { Devpack.random.generate(${params}) }`);
      return result.status === 'succeeded' ? 'succeeded' : result.error.code;
    };
    expect(await error('{ a: "x".repeat(300000) }')).toBe('functions.action_limit');
    expect(await error('{ a: JSON.parse("[".repeat(500) + "]".repeat(500)) }')).toBe(
      'functions.call_invalid',
    );
    expect(await error('{ a: "\\ud800" }')).toBe('functions.call_invalid');
    expect(await error('{ a: 1n }')).toBe('functions.function_failed');
  });

  it('denies a module the permissions leave out, and lets the code go on', async () => {
    const permissions = { modules: ['random'], httpHosts: [] } as const;
    const source = `() => {
      Devpack.random.generate();
      try { Devpack.gasBank.balance() } catch (error) { return { code: error.code, message: error.message } }
    }`;
    const { output, actions } = await succeed(source, { permissions });
    expect(output).toEqual({
      code: 'functions.permission_denied',
      message: 'The function may not use Devpack.gasBank',
    });
    expect(actions).toHaveLength(1);
  });
});

describe('the Devpack global', () => {
  it('tells version and context, and lets setContext change what the code sees', async () => {
    const { output } = await succeed(`() => {
      const before = Devpack.context;
      Devpack.setContext({ functionId: 'other' });
      return { version: Devpack.version, before, after: Devpack.context };
    }`);
    expect(output).toEqual({
      version: '0.6.0',
      before: { functionId: 'fn_1', accountId: 'acc_1' },
      after: { functionId: 'other' },
    });
  });

  it('shows the queue to __flushActions and drops nothing, neither there nor in __reset', async () => {
    const { output, actions } = await succeed(`() => {
      Devpack.random.generate({ length: 8 });
      const seen = Devpack.__flushActions();
      seen.length = 0; Devpack.__reset();
      return { seen: Devpack.__flushActions() };
    }`);
    expect(actions).toHaveLength(1);
    expect(output).toEqual({
      seen: [{ id: 'action_1', type: 'random.generate', params: { length: 8 } }],
    });
  });

  it('exports everything of the module, each doing what the global does', async () => {
    const source = `import * as all from '@neo-service-layer/devpack';
      export default () => {
        for (const [name, value] of Object.entries(all)) {
          if (/^[a-z]+[A-Z]/.test(name) && name !== 'currentContext') value({ name });
        }
        return Object.keys(all).filter((name) => name !== 'default');
      }`;
    const { output, actions } = await succeed(source);
    expect(output['result']).toEqual(expect.arrayContaining(EXPORTS));
    expect(new Set(actions.map(({ type }) => type)).size).toBe(METHODS.length);
  });
});

describe('console', () => {
  it('writes lines of any values, joined by blanks', async () => {
    const { logs } = await succeed(`() => {
      console.log('a', 1, { b: [2] }, null, undefined, true, 3n, Symbol('s'), () => 1);
      console.info(new TypeError('t')); console.warn(); console.error('\\ud800');
      const loop = {}; loop.loop = loop; console.log(loop);
    }`);
    expect(logs).toEqual([
      { level: 'log', message: 'a 1 {"b":[2]} null undefined true 3n Symbol(s) [function]' },
      { level: 'info', message: 'TypeError: t' },
      { level: 'warn', message: '' },
      { level: 'error', message: '\ufffd\ufffd\ufffd' },
      { level: 'log', message: '[object]' },
    ]);
  });

  it('keeps what was logged before the code ran out of fuel', async () => {
    const result = await run(runtime, '() => { console.log("before"); for (;;); }', {
      limits: { fuel: 10_000_000, memoryBytes: LIMITS.memoryBytesDefault.value },
    });
    expect(result).toMatchObject({
      status: 'fuel_exhausted',
      logs: [{ level: 'log', message: 'before' }],
    });
  });

  it('cuts the line that passes the limit at a whole character and drops the rest', async () => {
    const { logs, logsTruncated } = await succeed(`() => {
      console.log('x'.repeat(65000)); console.log('é'.repeat(1000)); console.log('never');
    }`);
    expect(logsTruncated).toBe(true);
    expect(logs).toHaveLength(2);
    expect(logs[1]?.message).toMatch(/^é+$/);
  });
});
