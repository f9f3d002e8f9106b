/** M9: withdrawals that a resolver pays. Nothing it says moves money but a verdict with its signature. */
import { env } from 'cloudflare:workers';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LIMITS } from '../../../worker/core/withdrawals/limits.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call, openTenant } from '../../support/harness.ts';
import { objectsThatDie } from '../../support/intercepted-platform.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { stopClock } from '../../support/time.ts';
import {
  balancesOf,
  DAY_MS,
  eventsOf,
  type Funded,
  fund,
  GAS,
  MINUTE_MS,
  pass,
  read,
  rowOf,
  setRow,
  sweep,
  TO,
} from './withdrawals-under-test.ts';

const OTHER = SMALL_CHAIN.sender;
const HMAC_KEY = 'a key of thirty-two characters!!';
const RESOLVER = {
  GASBANK_RESOLVER_URL: 'https://resolver.neo-service-layer.dev/v1/',
  GASBANK_RESOLVER_KEY: 'bearer-of-tests',
  GASBANK_RESOLVER_HMAC_KEY: HMAC_KEY,
  GASBANK_RESOLVER_FEE: '0.2',
};

const signatureOf = (text: string): string =>
  bytesToHex(hmac(sha256, utf8ToBytes(HMAC_KEY), utf8ToBytes(text)));

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly order: Record<string, unknown> | null;
}
type Reply = (asked: Asked) => Response | Promise<Response>;

class ScriptedResolver {
  readonly asked: Asked[] = [];
  reply: Reply = () => Response.json({ status: 'pending', id: 'x' });

  constructor() {
    const outside = globalThis.fetch;
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).host !== 'resolver.neo-service-layer.dev')
        return outside(input, init);
      const text = await request.text();
      const asked = {
        method: request.method,
        url: request.url,
        authorization: request.headers.get('authorization'),
        order: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
      };
      this.asked.push(asked);
      return this.reply(asked);
    });
    onTestFinished(() => spy.mockRestore());
  }

  /** Answers with this from now on, signed unless told otherwise. */
  say(said: object, signature?: string): void {
    this.reply = () => {
      const body = JSON.stringify(said);
      const signed = signature ?? signatureOf(body);
      return new Response(body, { headers: { 'x-resolver-signature': signed } });
    };
  }
}

interface Resolving extends Funded {
  readonly resolver: ScriptedResolver;
  readonly id: string;
  readonly named: Record<string, unknown>;
}

async function withdraw({ tenant, gasAccountId }: Funded, fields: object = {}) {
  const path = `POST /accounts/${tenant.accountId}/gasbank/withdrawals`;
  const body = { id: 'payout-1', gasAccountId, amount: '5', to: TO, ...fields };
  const made = await callAltered(RESOLVER, path, { token: tenant.key, body });
  expect(made.status, made.text).toBe(201);
  return made;
}

async function openResolving(): Promise<Resolving> {
  if (!vi.isFakeTimers()) stopClock(Date.now() + DAY_MS);
  const funded = await fund(await openTenant(), 20n * GAS);
  const resolver = new ScriptedResolver();
  const made = await withdraw(funded);
  expect(made.body).toMatchObject({ route: 'resolver', vault: null, feeMax: '0.2' });
  const { id, onChainId, network, networkMagic } = made.body;
  const named = { id: onChainId, network, networkMagic, to: TO, amount: '5' };
  return { ...funded, resolver, id, named };
}

/** The sweep of a minute later, or of as long. */
async function ask(ms = 61 * MINUTE_MS): Promise<void> {
  pass(ms);
  await sweep(RESOLVER);
}

it('is asked once with all that it needs, and then only looked after', async () => {
  const { resolver, named, id } = await openResolving();
  resolver.say({ ...named, status: 'pending' });
  await ask();
  await ask();
  expect(resolver.asked).toMatchObject([
    {
      method: 'POST',
      url: 'https://resolver.neo-service-layer.dev/v1/withdrawals',
      authorization: 'Bearer bearer-of-tests',
      order: named,
    },
    {
      method: 'GET',
      url: `https://resolver.neo-service-layer.dev/v1/withdrawals/${String(named.id)}`,
      order: null,
    },
  ]);
  expect(await rowOf(id)).toMatchObject({ status: 'sending', attempt: 1 });
});

it('M9: what it paid becomes the operator’s, with the fee it took', async () => {
  const { resolver, named, id, tenant } = await openResolving();
  resolver.say({ ...named, status: 'paid', fee: '0.1', reference: 'wire 7' });
  await ask();
  expect(await read({ tenant }, id)).toMatchObject({
    status: 'completed',
    reason: 'resolver_paid',
    fee: '0.1',
    reference: 'wire 7',
  });
  expect(await balancesOf(tenant)).toMatchObject({
    available: 15n * GAS - 10_000_000n,
    reserved: 0n,
    spent: 10_000_000n,
  });
});

it('takes no more of a fee than is held', async () => {
  const { resolver, named, id, tenant } = await openResolving();
  resolver.say({ ...named, status: 'paid', fee: '4' });
  await ask();
  expect(await read({ tenant }, id)).toMatchObject({ status: 'completed', fee: '0.2' });
});

it('gives all back on a signed `failed` of this very withdrawal', async () => {
  const { resolver, named, id, tenant } = await openResolving();
  resolver.say({ ...named, status: 'failed', detail: 'no such bank' });
  await ask();
  expect(await read({ tenant }, id)).toMatchObject({
    status: 'failed',
    reason: 'resolver_failed',
    detail: 'no such bank',
  });
  expect(await balancesOf(tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
});

describe('moves nothing', () => {
  it.each<[string, (resolving: Resolving) => void]>([
    [
      'a forged `failed`',
      ({ resolver, named }) => resolver.say({ ...named, status: 'failed' }, '00'.repeat(32)),
    ],
    ['an unsigned `paid`', ({ resolver, named }) => resolver.say({ ...named, status: 'paid' }, '')],
    [
      'a `failed` of another withdrawal, replayed',
      ({ resolver, named }) => resolver.say({ ...named, id: '7e'.repeat(32), status: 'failed' }),
    ],
    [
      'a `paid` of another amount',
      ({ resolver, named }) => resolver.say({ ...named, amount: '4', status: 'paid' }),
    ],
    [
      'a `failed` of another receiver',
      ({ resolver, named }) => resolver.say({ ...named, to: OTHER, status: 'failed' }),
    ],
    [
      'a `failed` of another network under the same name',
      ({ resolver, named }) => resolver.say({ ...named, networkMagic: 1, status: 'failed' }),
    ],
    [
      'a `failed` that does not say what it is about',
      ({ resolver, named: { id } }) => resolver.say({ id, status: 'failed' }),
    ],
    [
      'a signed `failed` that somebody wrote a space into',
      ({ resolver, named }) => {
        const text = JSON.stringify({ ...named, status: 'failed' });
        const signature = signatureOf(text);
        resolver.reply = () =>
          new Response(`${text} `, { headers: { 'x-resolver-signature': signature } });
      },
    ],
    [
      'a signed `failed` that comes as an error',
      ({ resolver, named }) => {
        const text = JSON.stringify({ ...named, status: 'failed' });
        const headers = { 'x-resolver-signature': signatureOf(text) };
        resolver.reply = () => new Response(text, { status: 500, headers });
      },
    ],
    [
      'an error',
      ({ resolver }) =>
        (resolver.reply = () => new Response('{"status":"failed"}', { status: 404 })),
    ],
    ['a page of a proxy', ({ resolver }) => (resolver.reply = () => new Response('<html>'))],
    [
      'a redirect',
      ({ resolver }) =>
        (resolver.reply = () =>
          new Response(null, {
            status: 302,
            headers: { location: 'https://resolver.neo-service-layer.dev/other' },
          })),
    ],
    [
      'a broken connection',
      ({ resolver }) =>
        (resolver.reply = () => {
          throw new Error('reset');
        }),
    ],
  ])('on %s', async (_name, script) => {
    const resolving = await openResolving();
    script(resolving);
    await ask();
    await ask();
    expect(resolving.resolver.asked).toHaveLength(2);
    expect(await rowOf(resolving.id)).toMatchObject({ status: 'sending', ended_at: null });
    expect(await balancesOf(resolving.tenant)).toMatchObject({
      available: 20n * GAS - 520_000_000n,
      reserved: 520_000_000n,
    });
    // Bound: the account cannot take it back either.
    const cancelled = await resolving.tenant.call(
      `POST /gasbank/withdrawals/${resolving.id}/cancel`,
    );
    expect(cancelled.body.code).toBe('withdrawals.not_cancellable');
  });
});

it('leaves it alone for as long as it asked with Retry-After, whoever comes', async () => {
  const { resolver, id, tenant } = await openResolving();
  resolver.reply = () => new Response(null, { status: 429, headers: { 'retry-after': '1800' } });
  await ask(MINUTE_MS * 2);
  expect(await read({ tenant }, id)).toMatchObject({
    status: 'sending',
    reason: 'resolver_paused',
  });
  for (let minute = 0; minute < 14; minute += 1) await ask(2 * MINUTE_MS);
  expect(resolver.asked).toHaveLength(1);
  await ask(4 * MINUTE_MS);
  expect(resolver.asked).toHaveLength(2);
  // Being asked to wait is no silence.
  expect(await rowOf(id)).toMatchObject({ tries: 0 });
});

it('is not moved by the verdict about another account’s withdrawal of the same id', async () => {
  const resolving = await openResolving();
  const other = await fund(await openTenant('other'), 20n * GAS);
  const { onChainId } = (await withdraw(other)).body;
  expect(onChainId).not.toBe(resolving.named.id);
  resolving.resolver.say({ ...resolving.named, id: onChainId, status: 'failed' });
  await ask();
  expect(await rowOf(resolving.id)).toMatchObject({ status: 'sending', ended_at: null });
  expect((await balancesOf(resolving.tenant)).reserved).toBe(520_000_000n);
});

it.each([
  ['paid', 'failed', 15n],
  ['failed', 'paid', 20n],
] as const)('M9: once it said %s, a signed %s changes nothing', async (first, second, gas) => {
  const { resolver, named, tenant } = await openResolving();
  resolver.say({ ...named, status: first });
  await ask();
  const asked = resolver.asked.length;
  resolver.say({ ...named, status: second });
  await ask(2 * DAY_MS);
  expect(resolver.asked).toHaveLength(asked);
  expect(await balancesOf(tenant)).toMatchObject({ available: gas * GAS, reserved: 0n });
});

it('asks no more in a minute, and at once, than is configured', async () => {
  const resolving = await openResolving();
  const { resolver } = resolving;
  for (const id of ['two', 'three', 'four', 'five']) await withdraw(resolving, { id, amount: '1' });
  let open = 0;
  let most = 0;
  const second = Promise.withResolvers<void>();
  resolver.reply = async () => {
    open += 1;
    most = Math.max(most, open);
    if (open === 2) second.resolve();
    await second.promise;
    // As long as a third one would take to come.
    for (let turn = 0; turn < 10; turn += 1) await env.DB.prepare('SELECT 1').first();
    open -= 1;
    return Response.json({ id: 'x', status: 'pending' });
  };
  const settings = { GASBANK_RESOLVER_PER_MINUTE: '4', GASBANK_RESOLVER_CONCURRENCY: '2' };
  pass(MINUTE_MS);
  await sweep({ ...RESOLVER, ...settings });
  expect([resolver.asked.length, most]).toEqual([4, 2]);
  pass(MINUTE_MS);
  await sweep({ ...RESOLVER, ...settings });
  const orders = resolver.asked.flatMap(({ order }) => (order === null ? [] : [order.id]));
  expect(new Set(orders).size).toBe(5);
  expect(most).toBe(2);
});

it('waits longer after each answer that says nothing, up to an hour', async () => {
  const { resolver, id } = await openResolving();
  resolver.reply = () => new Response(null, { status: 500 });
  const waits: number[] = [];
  for (let turn = 0; turn < 9; turn += 1) {
    await ask(waits.at(-1) ?? MINUTE_MS);
    waits.push(Number((await rowOf(id))?.due_at) - Date.now());
  }
  expect(resolver.asked).toHaveLength(9);
  expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8].map((minutes) => minutes * MINUTE_MS));
  expect(waits.at(-1)).toBe(60 * MINUTE_MS);
});

describe('is unresolved, with its money held, when for ten days', () => {
  it.each<[string, (resolver: ScriptedResolver) => void, object]>([
    [
      'the gateway of a resolver that is gone says that it is busy',
      (resolver) => (resolver.reply = () => new Response(null, { status: 503 })),
      RESOLVER,
    ],
    ['nobody configures the resolver any more', () => undefined, {}],
  ])('%s', async (_name, script, settings) => {
    const { resolver, id, tenant, named } = await openResolving();
    resolver.say({ ...named, status: 'pending' });
    await ask();
    script(resolver);
    const turn = async (ms: number) => {
      pass(ms);
      await sweep(settings);
      return (await rowOf(id))?.status;
    };
    for (let day = 1; day < 10; day += 1) expect(await turn(DAY_MS), String(day)).toBe('sending');
    expect(await turn(DAY_MS)).toBe('unresolved');
    expect(await read({ tenant }, id)).toMatchObject({ reason: 'resolver_silent' });
    expect(await eventsOf(tenant, 'withdrawal.unresolved')).toHaveLength(1);
    expect(await balancesOf(tenant)).toMatchObject({ reserved: 520_000_000n });
  });
});

it('is unresolved after long silence, tells it, and only an operator closes it', async () => {
  const { resolver, id, tenant, named } = await openResolving();
  resolver.reply = () => new Response(null, { status: 500 });
  await ask();
  await setRow(id, `tries = ${String(LIMITS.resolverPollsMax.value - 1)}`);
  await ask();
  expect(await read({ tenant }, id)).toMatchObject({
    status: 'unresolved',
    reason: 'resolver_silent',
  });
  expect(await eventsOf(tenant, 'withdrawal.unresolved')).toHaveLength(1);
  const asked = resolver.asked.length;
  resolver.say({ ...named, status: 'failed' });
  await ask(2 * DAY_MS);
  expect(resolver.asked).toHaveLength(asked);
  expect((await balancesOf(tenant)).reserved).toBe(520_000_000n);
  const closed = await call(`POST /operator/gasbank/withdrawals/${id}/resolve`, {
    body: { outcome: 'failed', reason: 'its bank says so' },
  });
  expect(closed.status, closed.text).toBe(200);
  expect(await balancesOf(tenant)).toMatchObject({ available: 20n * GAS, reserved: 0n });
});

it('settles once when the book’s answer to the verdict was lost', async () => {
  const { resolver, id, tenant, named } = await openResolving();
  resolver.say({ ...named, status: 'pending' });
  await ask();
  resolver.say({ ...named, status: 'paid' });
  pass(61 * MINUTE_MS);
  const dying = objectsThatDie('ACCOUNT_LEDGER', 'execute', 'after');
  await sweep({ ...RESOLVER, ...dying });
  // It died at the bind, before anything was asked.
  expect(await rowOf(id)).toMatchObject({ status: 'sending' });
  await ask();
  expect(await read({ tenant }, id)).toMatchObject({ status: 'completed' });
  expect(await balancesOf(tenant)).toMatchObject({ available: 15n * GAS, reserved: 0n });
});

it('is no route where it is configured by half', async () => {
  const answer = await callAltered(
    { ...RESOLVER, GASBANK_RESOLVER_HMAC_KEY: 'short' },
    'GET /accounts',
  );
  expect([answer.status, answer.body.code]).toEqual([503, 'service.misconfigured']);
});
