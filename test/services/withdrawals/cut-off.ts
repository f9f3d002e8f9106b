/**
 * Withdrawals that are cut off at any await of their way, in each of three ways (money rules M4, M7):
 * what somebody asks again, or the sweep does, ends them with one payment, one capture and one event,
 * and not a datoshi more or less.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { assert } from '../../../worker/core/assert.ts';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import { decodeScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { connect } from '../../../worker/db/connect.ts';
import { type Env, parseSettings } from '../../../worker/env.ts';
import { createLog } from '../../../worker/http/log.ts';
import { recordSenderEvent } from '../../../worker/services/withdrawals/index.ts';
import { type Alterations, callAltered } from '../../support/altered-platform.ts';
import { datoshi } from '../../support/gas-account.ts';
import { call } from '../../support/harness.ts';
import {
  atEachCall,
  type Fate,
  fated,
  objectsThatDie,
} from '../../support/intercepted-platform.ts';
import {
  type Approving,
  balancesOf,
  eventsOf,
  GAS,
  keepProven,
  MAGIC,
  MINUTE_MS,
  openApproving,
  openPaying,
  type Paying,
  pass,
  read,
  rowOf,
  senderOf,
  setRow,
  sweep,
  until,
  untilStatus,
  withdraw,
  withdrawn,
} from './withdrawals-under-test.ts';

export const FUNDS = 2_000n * GAS;

/** Of each its own, so that faults suspend none of them. */
function addressOf(serial: number): string {
  const bytes = new Uint8Array(20).fill(9);
  new DataView(bytes.buffer).setUint32(0, serial);
  return encodeAddress(decodeScriptHash(bytes));
}

export const wish = (serial: number) => ({
  id: `payout-${String(serial)}`,
  amount: '1',
  to: addressOf(serial),
});

export const altered = (
  { tenant }: Pick<Paying, 'tenant'>,
  platform: Alterations,
  { path, body }: { readonly path: string; readonly body?: object },
) =>
  callAltered(platform, `POST /accounts/${tenant.accountId}/gasbank/withdrawals${path}`, {
    token: tenant.key,
    ...(body === undefined ? {} : { body }),
  });

/** Twice at once, some minutes later; what was cut off has moved on since, or its timer is set. */
export async function sweepTwice(): Promise<void> {
  pass(6 * MINUTE_MS);
  await keepProven();
  await Promise.all([sweep(), sweep()]);
}

/** What the account has, less what its withdrawals took; and how often was told how they ended. */
export class Expected {
  #available = FUNDS;
  #spent = 0n;
  readonly #ended = new Map<string, number>();

  async check(paying: Paying, id: string, status: string): Promise<void> {
    const body = await read(paying, id);
    expect(body.status, JSON.stringify(body)).toBe(status);
    expect(body.endedAt).not.toBeNull();
    const fee = body.fee === null || body.fee === '0' ? 0n : datoshi(body.fee);
    const paid = status === 'completed' ? datoshi(body.amount) : 0n;
    this.#available -= paid + fee;
    this.#spent += fee;
    this.#ended.set(status, (this.#ended.get(status) ?? 0) + 1);
    expect(await balancesOf(paying.tenant)).toMatchObject({
      available: this.#available,
      reserved: 0n,
      spent: this.#spent,
    });
  }

  async checkEvents({ tenant }: Paying): Promise<void> {
    for (const [status, times] of this.#ended) {
      const told = await eventsOf(tenant, `withdrawal.${status}`);
      const subjects = new Set(told.map(({ subject }) => subject));
      expect([told.length, subjects.size]).toEqual([times, times]);
    }
  }
}

/** By one transaction, which is taken into a block. */
export async function endsPaid(paying: Paying, id: string, sentBefore: number): Promise<void> {
  const { chain } = paying;
  const hash = await until(paying, () => chain.waiting);
  expect(chain.chain.sent.size).toBe(sentBefore + 1);
  chain.include(hash);
  await untilStatus(paying, id, 'completed');
}

type Play = (platform: Alterations, serial: number) => Promise<string>;

/** Each ends as it must, and all of them together. */
async function endEach(paying: Paying, fate: Fate, status: string, play: Play): Promise<void> {
  const expected = new Expected();
  const calls = await atEachCall(
    (number) => fated(number, fate),
    async (platform, serial) => {
      await keepProven();
      const id = await play(platform, serial);
      await expected.check(paying, id, status);
    },
  );
  expect(calls).toBeGreaterThan(0);
  const { sent } = paying.chain.chain;
  const times = sent.size;
  await sweepTwice();
  expect(sent.size).toBe(times);
  await expected.checkEvents(paying);
}

export function holdWhatIsCutOff(fates: readonly Fate[]): void {
  describe.each(fates)('a call that %s', (fate) => {
    asking(fate);
    settling(fate);
    operating(fate);
  });
}

function asking(fate: Fate): void {
  it('M4, M7: asking for a withdrawal makes one, which is paid once', async () => {
    const paying = await openPaying(FUNDS);
    await endEach(paying, fate, 'completed', async (platform, serial) => {
      const before = paying.chain.chain.sent.size;
      const { gasAccountId } = paying;
      await altered(paying, platform, { path: '', body: { gasAccountId, ...wish(serial) } });
      await sweepTwice();
      const again = await withdraw(paying, wish(serial));
      expect([200, 201], again.text).toContain(again.status);
      await endsPaid(paying, again.body.id, before);
      return again.body.id;
    });
  });

  it('M4, M7: the sweep that opens one, or sends it, leaves the rest to the next', async () => {
    const paying = await openPaying(FUNDS);
    await endEach(paying, fate, 'completed', async (platform, serial) => {
      const before = paying.chain.chain.sent.size;
      const { gasAccountId } = paying;
      await altered(paying, objectsThatDie('ACCOUNT_LEDGER', 'execute', 'before'), {
        path: '',
        body: { gasAccountId, ...wish(serial) },
      });
      pass(2 * MINUTE_MS);
      await sweep(platform).catch(() => undefined);
      await sweepTwice();
      const again = await withdraw(paying, wish(serial));
      expect(again.status, again.text).toBe(200);
      await endsPaid(paying, again.body.id, before);
      return again.body.id;
    });
  });

  it('M16: the last approval counts once, and sends one payment', async () => {
    const paying: Approving = await openApproving(2, 2, FUNDS);
    await endEach(paying, fate, 'completed', async (platform, serial) => {
      const before = paying.chain.chain.sent.size;
      const id = await withdrawn(paying, wish(serial));
      expect((await paying.approve(id, 0)).status).toBe(201);
      const asked = await paying.ask(id, 1);
      const body = paying.approvers[1]?.answer(asked.body) ?? {};
      await altered(paying, platform, { path: `/${id}/approvals`, body });
      await sweepTwice();
      if ((await read(paying, id)).status === 'awaiting_approval')
        expect((await paying.approve(id, 1)).body.status).not.toBe('awaiting_approval');
      expect((await read(paying, id)).approvals).toHaveLength(2);
      await endsPaid(paying, id, before);
      return id;
    });
  });

  it('M7: taking one back gives all back, and nothing is paid', async () => {
    const paying = await openPaying(FUNDS);
    paying.chain.isPaused = true;
    await endEach(paying, fate, 'cancelled', async (platform, serial) => {
      const id = await withdrawn(paying, wish(serial));
      await altered(paying, platform, { path: `/${id}/cancel` });
      await sweepTwice();
      const again = await paying.tenant.call(`POST /gasbank/withdrawals/${id}/cancel`);
      expect(again.status, again.text).toBe(200);
      expect(paying.chain.chain.sent.size).toBe(0);
      return id;
    });
  });
}

const settings = parseSettings(env);
assert(settings.ok, 'settings of the tests');
const deps = (platform: Alterations) => {
  // An alteration takes no binding away here.
  const bindings = { ...(env as unknown as Env), ...platform } as Env;
  const log = createLog('silent');
  return {
    env: bindings,
    db: connect(bindings.DB),
    now: Date.now(),
    settings: settings.value,
    log,
  };
};

/** The sender knows how it ended, and nobody has heard of it. */
async function endUnheard(
  paying: Paying,
  serial: number,
  end: (hash: string) => void,
): Promise<{ readonly id: string; readonly tell: (platform: Alterations) => Promise<void> }> {
  const id = await withdrawn(paying, wish(serial));
  const hash = await until(paying, () => paying.chain.waiting);
  const known = await rowOf(id);
  // So that the sender's own word is not heard.
  await setRow(id, "sender = 'nobody'");
  end(hash);
  const subject = `${id}:1`;
  await until(paying, async () => {
    const view = await senderOf(paying).get(subject);
    expect(view.ok && view.value.endedAt).toBeGreaterThan(0);
    expect((await senderOf(paying).stats()).value.events).toBe(0);
  });
  await setRow(id, `sender = '${String(known?.sender)}', handed_at = ${String(Date.now())}`);
  const event = {
    sequence: 1,
    id: 'event-1',
    type: 'transaction.confirmed',
    subject,
    time: Date.now(),
    dataJson: JSON.stringify({ magic: MAGIC, sender: known?.sender }),
  } as const;
  return {
    id,
    // Told until somebody took it, as the sender does.
    tell: async (platform) => {
      await recordSenderEvent(deps(platform), event).catch(() => undefined);
      await recordSenderEvent(deps({}), event);
    },
  };
}

const ENDS: readonly (readonly [string, string, (paying: Paying, hash: string) => void])[] = [
  ['a payment', 'completed', ({ chain }, hash) => chain.include(hash)],
  ['a fault', 'failed', ({ chain }, hash) => chain.include(hash, 'FAULT')],
  [
    'an expiry',
    'failed',
    ({ chain }) => {
      chain.chain.pool.clear();
      chain.chain.takes = false;
      chain.chain.grow(100);
    },
  ],
];

function settling(fate: Fate): void {
  it.each(ENDS)('M4, M7: books %s once', async (_what, status, end) => {
    const paying = await openPaying(FUNDS);
    await endEach(paying, fate, status, async (platform, serial) => {
      paying.chain.chain.takes = true;
      const { id, tell } = await endUnheard(paying, serial, (hash) => end(paying, hash));
      await tell(platform);
      await sweepTwice();
      return id;
    });
  });

  it('M4, M7: books once what the sweep alone looks after', async () => {
    const paying = await openPaying(FUNDS);
    await endEach(paying, fate, 'completed', async (platform, serial) => {
      const { id } = await endUnheard(paying, serial, (hash) => paying.chain.include(hash));
      pass(10 * MINUTE_MS);
      await setRow(id, 'due_at = 0');
      await sweep(platform).catch(() => undefined);
      await sweepTwice();
      return id;
    });
  });
}

function operating(fate: Fate): void {
  it.each([
    ['paid', 'completed'],
    ['failed', 'failed'],
  ] as const)('M4: closes it as %s once', async (outcome, status) => {
    const paying = await openPaying(FUNDS);
    await endEach(paying, fate, status, async (platform, serial) => {
      paying.chain.told = () => [];
      const id = await withdrawn(paying, wish(serial));
      paying.chain.include(await until(paying, () => paying.chain.waiting));
      await untilStatus(paying, id, 'unresolved');
      paying.chain.chain.grow(100);
      if (outcome === 'failed') paying.chain.paid.clear();
      const path = `POST /operator/gasbank/withdrawals/${id}/resolve`;
      const body = { outcome, reason: 'as the nodes show' };
      await callAltered(platform, path, { body });
      await sweepTwice();
      if ((await rowOf(id))?.status === 'unresolved')
        expect((await call(path, { body })).status).toBe(200);
      return id;
    });
  });

  it('M3: sends a dead letter again, and pays it once', async () => {
    const paying = await openPaying(FUNDS);
    await endEach(paying, fate, 'completed', async (platform, serial) => {
      const before = paying.chain.chain.sent.size;
      paying.chain.isPaused = true;
      const id = await withdrawn(paying, wish(serial));
      paying.chain.isPaused = false;
      await setRow(id, "status = 'dead_letter'");
      const path = `POST /operator/gasbank/withdrawals/${id}/replay`;
      await callAltered(platform, path, { body: { reason: 'mended' } });
      await sweepTwice();
      if ((await rowOf(id))?.status === 'dead_letter')
        expect((await call(path, { body: { reason: 'mended' } })).status).toBe(200);
      await endsPaid(paying, id, before);
      expect(datoshi((await read(paying, id)).amount)).toBe(GAS);
      return id;
    });
  });
}
