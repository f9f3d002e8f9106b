/**
 * Executions that cost something: what a run may cost is put aside before anything starts, what it used is taken once,
 * and nothing is asked of any book where nothing has a price.
 */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../../worker/db/connect.ts';
import type { Env } from '../../../worker/env.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import {
  bookOf,
  booksThatDie,
  creditsOf,
  deposit,
  grant,
  holdsOf,
  mainOf,
  openGasAccount,
  rows,
  setPrices,
  testSettings,
  usageOf,
} from '../metering/metering-under-test.ts';
import {
  bindings,
  contextOf,
  deliver,
  deploy,
  ended,
  execute,
  executeIn,
  openWith,
  queuedOnly,
  ran,
  read,
  withBridge,
  withJournal,
  workItem,
} from './runs-under-test.ts';

const SQUARE = '({ n }) => n * n';
/** 0.00001 GAS a run, and so much that every run burns some. */
const PRICES = { execution: '0.00001', fuel: '1' };
const EXECUTION = 1_000n;
/** Of the default bound on fuel, 3 * 10^9. */
const MOST = 300_001_000n;

const priceOf = (fuel: number): bigint => EXECUTION + BigInt(Math.ceil(fuel / 10));

async function openPriced(gas: bigint, source = SQUARE) {
  const opened = await openWith(source);
  await setPrices(PRICES);
  if (gas > 0n) await deposit(opened.tenant, gas);
  return opened;
}

/** A request in the hands of the service, on the networks of the tests. */
const context = (parts: Parameters<typeof contextOf>[0] = {}) =>
  contextOf({ settings: testSettings(), ...parts });

afterEach(() => {
  vi.useRealTimers();
});

describe('a run that costs nothing', () => {
  it('asks no book and nothing more of the catalogue, whoever has set a price before', async () => {
    const { tenant, functionId } = await openPriced(0n);
    await setPrices({ storage: '1' });
    await ran(tenant, functionId, { n: 2 });
    const asked: string[] = [];
    const noting = <Part extends object>(part: Part): Part =>
      new Proxy(part, {
        get: (target, name) => {
          asked.push(String(name));
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
    const env: Env = { ...bindings, ACCOUNT_LEDGER: noting(bindings.ACCOUNT_LEDGER) };
    const db = connect(noting(bindings.DB));
    const answer = await executeIn(context({ env, db }), tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { body: { output: { result: 1 } } } });
    expect(asked).toEqual(['prepare']);
  });
});

describe('a run that costs something', () => {
  it('takes what it used and no more, credits first, and counts as usage of the day', async () => {
    const { tenant, functionId } = await openPriced(500_000_000n);
    await grant(tenant, '0.00005');
    const body = await ran(tenant, functionId, { n: 3 });
    expect(body.output).toEqual({ result: 9 });
    const price = priceOf(body.fuel);
    expect(price).toBeGreaterThan(5_000n);
    expect(await creditsOf(tenant)).toMatchObject({ available: '0', spent: '0.00005' });
    expect(await mainOf(tenant)).toBe(500_000_000n - price + 5_000n);
    expect(await usageOf(tenant)).toMatchObject([
      { purpose: 'functions.execution', uses: 1, credits: 5_000n, gas: price - 5_000n },
    ]);
    expect(await holdsOf(tenant)).toEqual([]);
  });

  it('is paid although the code throws: what it burned, it burned', async () => {
    const { tenant, functionId } = await openPriced(MOST, '() => { throw new Error("late"); }');
    const called = await execute(tenant, functionId);
    expect(called.body.status).toBe('failed');
    expect(await mainOf(tenant)).toBe(MOST - priceOf(called.body.fuel));
  });

  it('is paid by the chosen gas account, under its minimum balance and its daily limit', async () => {
    const { tenant, functionId } = await openPriced(0n);
    const fund = 'work';
    const { gasAccountId } = await openGasAccount(tenant, { fund, dailyLimit: Number(MOST) });
    await deposit(tenant, MOST, fund);
    await tenant.call('PUT /gasbank/billing', { body: { gasAccountId } });
    const body = await ran(tenant, functionId, { n: 1 });
    expect(await mainOf(tenant)).toBe(0n);
    await deposit(tenant, 2n * MOST, fund);
    const limited = await execute(tenant, functionId, { params: { n: 1 } });
    expect([limited.status, limited.body.code]).toEqual([403, 'gasbank.budget_exceeded']);
    await rows('UPDATE gas_accounts SET daily_limit = NULL, minimum_balance = ?', 3 * Number(MOST));
    expect((await execute(tenant, functionId)).body.code).toBe('gasbank.insufficient_funds');
    expect(await usageOf(tenant)).toMatchObject([{ gas: priceOf(body.fuel), uses: 1 }]);
  });

  it('tells of a low balance it brings about', async () => {
    const { tenant, functionId } = await openPriced(MOST);
    await openGasAccount(tenant, { lowBalance: Number(MOST) });
    await ran(tenant, functionId, { n: 1 });
    const { items } = (await tenant.call('GET /events')).body;
    expect(items.map(({ type }: { type: string }) => type)).toContain('gasbank.low_balance');
  });
});

describe('an account that cannot pay', () => {
  /** Whatever could have begun: a record, a use of a secret, a hold. */
  async function expectNothingBegan(tenant: Tenant) {
    expect((await tenant.call('GET /executions')).body.items).toEqual([]);
    expect(await usageOf(tenant)).toEqual([]);
    expect(await holdsOf(tenant)).toEqual([]);
  }

  it('starts nothing: a datoshi below the most that the run may cost', async () => {
    const { tenant, functionId } = await openPriced(MOST - 1n);
    const refused = await execute(tenant, functionId, { params: { n: 1 } });
    expect(refused.body).toMatchObject({
      status: 402,
      code: 'gasbank.insufficient_funds',
      limit: Number(MOST) - 1,
      observed: Number(MOST),
    });
    await expectNothingBegan(tenant);
    await deposit(tenant, 1n);
    expect((await execute(tenant, functionId, { params: { n: 1 } })).status).toBe(201);
  });

  it('needs less for a function that may burn less', async () => {
    const tenant = await openTenant();
    const functionId = await deploy(tenant, '() => 1', { limits: { fuel: 1_000_000 } });
    await setPrices(PRICES);
    await deposit(tenant, 101_000n);
    expect((await execute(tenant, functionId)).status).toBe(201);
  });

  it('lets as many of eight at once begin as can be paid', async () => {
    const { tenant, functionId } = await openPriced(3n * MOST);
    const at = () => execute(tenant, functionId, { params: { n: 1 } });
    const all = await Promise.all(Array.from({ length: 8 }, at));
    const paid = all.filter(({ status }) => status === 201);
    const prices = paid.map(({ body }) => priceOf(body.fuel));
    const sum = prices.reduce((total, price) => total + price, 0n);
    expect(await mainOf(tenant)).toBe(3n * MOST - sum);
    expect(all.every(({ status }) => [201, 402, 429, 503].includes(status))).toBe(true);
  });

  it('is told at once of what it asks for later, and of a batch as a whole', async () => {
    const { tenant, functionId } = await openPriced(2n * MOST);
    const later = await execute(tenant, functionId, { mode: 'async', params: { n: 1 } });
    expect(later.status).toBe(202);
    await ended(tenant, later.body.id);
    const batch = `POST /functions/${functionId}/executions/batch`;
    const refused = await tenant.call(batch, { body: { inputs: [1, 2, 3] } });
    expect([refused.status, refused.body.code]).toEqual([402, 'gasbank.insufficient_funds']);
    expect((await tenant.call('GET /executions')).body.items).toHaveLength(1);
  });

  it('ends a queued run that it cannot pay any more, and its code never starts', async () => {
    const { tenant, functionId } = await openWith(SQUARE);
    const id = await queuedOnly(tenant, functionId);
    await setPrices(PRICES);
    await deliver(tenant, workItem(id), { settings: testSettings() });
    expect(await read(tenant, id)).toMatchObject({
      status: 'failed',
      error: { code: 'gasbank.insufficient_funds' },
      startedAt: null,
      fuel: null,
    });
    expect(await holdsOf(tenant)).toEqual([]);
  });
});

describe('queued runs', () => {
  it('are each paid once, of a batch as well', async () => {
    const { tenant, functionId } = await openPriced(20n * MOST);
    const body = { inputs: [{ n: 1 }, { n: 2 }, { n: 3 }] };
    const queued = await tenant.call(`POST /functions/${functionId}/executions/batch`, { body });
    const bodies = await Promise.all(
      queued.body.items.map(({ id }: { id: string }) => ended(tenant, id)),
    );
    const sum = bodies.reduce((total, { fuel }) => total + priceOf(fuel), 0n);
    await vi.waitFor(async () => expect(await holdsOf(tenant)).toEqual([]));
    expect(await usageOf(tenant)).toMatchObject([{ uses: 3, gas: sum }]);
    expect(await mainOf(tenant)).toBe(20n * MOST - sum);
  });

  it('are paid once however often their item is delivered', async () => {
    const { tenant, functionId } = await openPriced(9n * MOST);
    const id = await queuedOnly(tenant, functionId);
    const settings = testSettings();
    const deliveries = [1, 2, 3].map((leaseNumber) => ({ ...workItem(id), leaseNumber }));
    await Promise.all(deliveries.map((item) => deliver(tenant, item, { settings })));
    await deliver(tenant, workItem(id), { settings });
    const { fuel, status } = await read(tenant, id);
    expect(status).toBe('succeeded');
    expect(await usageOf(tenant)).toMatchObject([{ uses: 1, gas: priceOf(fuel) }]);
    expect(await mainOf(tenant)).toBe(9n * MOST - priceOf(fuel));
  });

  it('try again when the book cannot be reached, and are paid once then', async () => {
    const { tenant, functionId } = await openPriced(2n * MOST);
    const id = await queuedOnly(tenant, functionId);
    const env = { ...bindings, ACCOUNT_LEDGER: booksThatDie('after', ['reserve']) };
    await deliver(tenant, workItem(id), { settings: testSettings(), env });
    expect((await read(tenant, id)).status).toBe('queued');
    const again = { ...workItem(id), leaseNumber: 2 };
    await expect(deliver(tenant, again, { settings: testSettings() })).resolves.toBeUndefined();
    const { fuel } = await read(tenant, id);
    expect(await usageOf(tenant)).toMatchObject([{ uses: 1, gas: priceOf(fuel) }]);
    // What was put aside without anybody hearing of it ends by itself.
    expect(await holdsOf(tenant)).toMatchObject([{ kind: 'timed', gas: MOST }]);
  });
});

describe('what dies on the way', () => {
  /** After its time, with or without anybody who remembers. */
  async function letHoldsEnd(tenant: Tenant) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_001 });
    await runDurableObjectAlarm(bookOf(tenant));
    expect(await holdsOf(tenant)).toEqual([]);
  }

  it('between hold and capture leaves a timed hold, which ends by itself and charges nothing', async () => {
    const { tenant, functionId } = await openPriced(MOST);
    const env = { ...bindings, ACCOUNT_LEDGER: booksThatDie('before', ['capture', 'release']) };
    const answer = await executeIn(context({ env }), tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { body: { status: 'succeeded' } } });
    expect(await holdsOf(tenant)).toMatchObject([{ kind: 'timed', gas: MOST }]);
    expect(await mainOf(tenant)).toBe(0n);
    await letHoldsEnd(tenant);
    expect(await mainOf(tenant)).toBe(MOST);
    expect(await usageOf(tenant)).toEqual([]);
  });

  it('after the capture is paid once', async () => {
    const { tenant, functionId } = await openPriced(MOST);
    const env = { ...bindings, ACCOUNT_LEDGER: booksThatDie('after', ['capture']) };
    const answer = await executeIn(context({ env }), tenant, functionId);
    const fuel = answer.ok ? answer.value.body.fuel : null;
    expect(await mainOf(tenant)).toBe(MOST - priceOf(fuel ?? 0));
    expect(await holdsOf(tenant)).toEqual([]);
  });

  it.each([
    ['the journal before it starts', { env: withJournal({ dead: ['startExecution'] }) }],
    ['the journal at its end', { env: withJournal({ dead: ['finishExecution'] }) }],
  ])('with %s charges nothing', async (_, parts) => {
    const { tenant, functionId } = await openPriced(MOST);
    const asked = executeIn(context(parts), tenant, functionId);
    await asked.catch(() => undefined);
    expect(await mainOf(tenant)).toBe(MOST);
    expect(await usageOf(tenant)).toEqual([]);
  });

  it('with what seals and signs is not charged: nothing vouches for the run', async () => {
    const { tenant, functionId } = await openPriced(MOST);
    await ran(tenant, functionId, { n: 1 });
    await deposit(tenant, MOST);
    const before = await mainOf(tenant);
    const env = withBridge({
      sealAndSign: async () => ({ ok: false, failure: { code: 'bridge.batch_too_large' } }),
    });
    const answer = await executeIn(context({ env }), tenant, functionId);
    expect(answer).toMatchObject({ ok: true, value: { body: { status: 'failed', output: null } } });
    expect(await mainOf(tenant)).toBe(before);
    expect(await usageOf(tenant)).toMatchObject([{ uses: 1 }]);
  });
});

describe('what is not charged', () => {
  it('is the second answer to the same key', async () => {
    const { tenant, functionId } = await openPriced(9n * MOST);
    const headers = { 'idempotency-key': 'paid-once' };
    const body = { params: { n: 5 } };
    const at = () => execute(tenant, functionId, body, { headers });
    const [first, ...others] = await Promise.all([at(), at(), at()]);
    await at();
    const answers = [first, ...others].filter(({ status }) => status < 300);
    expect(answers.length).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await holdsOf(tenant)).toEqual([]));
    expect(await usageOf(tenant)).toMatchObject([{ uses: 1 }]);
  });

  it('is a run that the quota refuses', async () => {
    const { tenant, functionId } = await openPriced(MOST);
    const body = { monthlyExecutions: 0 };
    await call(`PATCH /accounts/${tenant.accountId}/quotas`, { body });
    expect((await execute(tenant, functionId)).body.code).toBe('quota.exceeded');
    expect([await mainOf(tenant), await holdsOf(tenant)]).toEqual([MOST, []]);
  });

  it('is a replay, and a trial', async () => {
    const { tenant, functionId } = await openPriced(MOST);
    const { id } = await ran(tenant, functionId, { n: 4 });
    const usage = await usageOf(tenant);
    expect((await tenant.call(`POST /executions/${id}/replay`)).body.equal).toBe(true);
    const tried = await tenant.call(`POST /functions/${functionId}/test`, {
      body: { params: { n: 4 } },
    });
    expect(tried.status, tried.text).toBe(200);
    expect(await usageOf(tenant)).toEqual(usage);
  });
});
