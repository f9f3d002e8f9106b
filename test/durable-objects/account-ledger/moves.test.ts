/** GAS between books, by the product's own BookPort and by messages that come twice or never. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Move, Withdraw } from '../../../worker/core/ledger/commands.ts';
import {
  bookRig,
  CUSTOMER,
  chainKey,
  depositOf,
  funded,
  MAGIC,
  NEIGHBOUR,
  PLATFORM,
  START,
  setClock,
  startClock,
  stopClock,
  VAULT,
  watchingPlatform,
} from './ledger-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

const moveOf = (id: string, amount: bigint): Move => ({
  kind: 'move',
  id,
  owner: 'gasbank',
  fund: 'main',
  amount,
  to: { owner: NEIGHBOUR.owner, fund: 'main' },
  budgets: [],
});

const withdrawOf = (more: Partial<Withdraw> = {}): Withdraw => ({
  kind: 'withdraw',
  id: 'w1',
  owner: 'withdrawals',
  fund: 'main',
  amount: 60n,
  fee: 10n,
  route: 'vault',
  until: { kind: 'chain' },
  purpose: 'withdrawals.fee',
  budgets: [],
  ...more,
});

const settled = (outcome: 'paid' | 'faulted') =>
  ({
    kind: 'settle',
    id: `settle-${outcome}`,
    owner: 'withdrawals',
    hold: 'w1',
    fee: 8n,
    outcome,
    verdict: outcome === 'paid' ? 'halt:0x00' : 'fault:0x00',
  }) as const;

describe('a deposit', () => {
  it('M2, M9, M10 goes from the chain through the platform into the account’s book', async () => {
    const platform = await watchingPlatform();
    const customer = bookRig(CUSTOMER);
    await platform.give(depositOf(1, 100n));
    expect(await platform.balance('in_transit/deposits')).toBe(100n);
    await platform.ring();
    await vi.waitFor(async () => {
      expect(await platform.balance('in_transit/deposits')).toBe(0n);
    });
    expect(await platform.balance(`chain/${VAULT}`)).toBe(-100n);
    expect(await platform.balance('other_books')).toBe(100n);
    expect(await customer.balance('available/main')).toBe(100n);
    expect(await customer.balance('other_books')).toBe(-100n);
  });

  it('M2 is not credited again when a re-scan finds the account that was missing', async () => {
    const platform = await watchingPlatform();
    const first = { ...depositOf(1, 100n), destination: { kind: 'suspense' } } as const;
    await platform.give(first);
    const again = await platform.give(depositOf(1, 100n));
    expect(again).toMatchObject({ value: { isRepeat: true, destination: 'suspense' } });
    expect(await platform.balance(`available/suspense:${first.id}`)).toBe(100n);
    expect(await platform.balance('in_transit/deposits')).toBeUndefined();
  });

  it('M2 in suspense is assigned once, under its own key', async () => {
    const platform = await watchingPlatform();
    const customer = await funded(0n + 1n);
    await platform.give({ ...depositOf(2, 100n), destination: { kind: 'suspense' } });
    const to = { owner: CUSTOMER.owner, fund: 'main' };
    const assign = { kind: 'assign', owner: 'operators', deposit: chainKey(2), to } as const;
    expect((await platform.give({ ...assign, id: 'a1', note: 'ticket 4711' })).ok).toBe(true);
    expect(await platform.give({ ...assign, id: 'a2' })).toMatchObject({
      failure: { code: 'gasbank.not_in_suspense' },
    });
    await platform.ring();
    await vi.waitFor(async () => {
      expect(await platform.balance(`in_transit/suspense:${chainKey(2)}`)).toBe(0n);
    });
    expect(await customer.balance('available/main')).toBe(101n);
  });

  it('M17 for a closed book comes to lie in suspense, and stays refused there', async () => {
    const platform = await watchingPlatform();
    const customer = bookRig(CUSTOMER);
    await customer.give({ kind: 'close_book', id: 'end', owner: 'gasbank' });
    await platform.give(depositOf(1, 100n));
    await platform.ring();
    const fund = `suspense:${chainKey(1)}`;
    await vi.waitFor(async () => {
      expect(await platform.balance(`available/${fund}`)).toBe(100n);
    });
    expect(await platform.balance('in_transit/deposits')).toBe(0n);
    expect(await customer.balance('available/main')).toBeUndefined();
  });

  it('M17 for a gas account that is closed comes to the one that never is', async () => {
    const customer = await funded(1n);
    const move = { magic: MAGIC, fromOwner: 'platform', toOwner: CUSTOMER.owner } as const;
    const rest = { toFund: 'closed-one', number: 2, id: chainKey(2), amount: 5n, closedHeight: 0 };
    await customer.stub.receive({ ...move, ...rest });
    expect(await customer.balance('available/main')).toBe(6n);
  });
});

describe('a move', () => {
  it('M9 is one amount in one place at every moment, whatever comes twice or late', async () => {
    const sender = await funded(100n);
    const receiver = bookRig(NEIGHBOUR);
    await sender.give(moveOf('m', 30n));
    expect(await sender.balance('in_transit/main')).toBe(30n);
    const [move] = await sender.ring();
    if (move === undefined) throw new Error('the move was not handed over');
    const first = await receiver.stub.receive(move);
    await receiver.evict();
    expect(await receiver.stub.receive(move)).toEqual(first);
    expect(await receiver.balance('available/main')).toBe(30n);
    if (!first.ok) throw new Error('the move was refused');
    for (let times = 0; times < 3; times += 1)
      await sender.stub.acknowledge({ number: move.number, ...first.value });
    expect(await sender.balance('in_transit/main')).toBe(0n);
    expect(await sender.balance('other_books')).toBe(-70n);
  });

  it('M9 is told again with growing pauses until it is answered', async () => {
    const sender = await funded(100n);
    await sender.hear();
    await sender.give(moveOf('m', 30n));
    let now = START;
    for (const pause of [2_000, 4_000, 8_000]) {
      expect(await sender.ring()).toHaveLength(1);
      expect(await sender.alarmAt()).toBe(now + pause);
      await sender.evict();
      await sender.hold();
      now += pause;
      setClock(now);
    }
    expect(await sender.stub.stats()).toMatchObject({
      value: { moving: { moves: 1, since: START } },
    });
  });

  it('M9 that is refused goes back where it came from, and is refused for ever', async () => {
    const sender = await funded(100n);
    const receiver = bookRig(NEIGHBOUR);
    await receiver.give({ kind: 'close_book', id: 'end', owner: 'gasbank' });
    await sender.give(moveOf('m', 30n));
    const [move] = await sender.ring();
    if (move === undefined) throw new Error('the move was not handed over');
    const answer = await receiver.stub.receive(move);
    expect(answer).toMatchObject({ value: { isTaken: false } });
    expect(await receiver.stub.receive(move)).toEqual(answer);
    if (answer.ok) await sender.stub.acknowledge({ number: move.number, ...answer.value });
    expect(await sender.balance('available/main')).toBe(100n);
    expect(await sender.balance('in_transit/main')).toBe(0n);
  });

  it('does not let a customer take the id of a deposit before it comes', async () => {
    const customer = await funded(10n);
    const id = chainKey(7);
    await customer.give({ ...moveOf(id, 1n), owner: 'platform' });
    const move = { magic: MAGIC, fromOwner: 'platform', toOwner: CUSTOMER.owner, toFund: 'main' };
    await customer.stub.receive({ ...move, number: 9, id, amount: 50n, closedHeight: 0 });
    expect(await customer.balance('available/main')).toBe(59n);
  });
});

describe('a withdrawal', () => {
  it('M9, M14 paid by the vault meets the vault’s own entry in clearing', async () => {
    const platform = await watchingPlatform();
    const customer = await funded(100n);
    await customer.give(withdrawOf());
    expect(await customer.balance('reserved/main')).toBe(70n);
    const payout = { direction: 'out', destination: { kind: 'clearing' } } as const;
    await platform.give({ ...depositOf(9, 60n), ...payout });
    expect(await platform.balance('available/clearing')).toBe(-60n);
    await customer.give(settled('paid'));
    const [move] = await customer.ring();
    if (move !== undefined) await platform.stub.receive(move);
    expect(await platform.balance('available/clearing')).toBe(0n);
    expect(await customer.balance('spent')).toBe(8n);
    expect(await customer.balance('available/main')).toBe(32n);
    expect(await customer.balance('in_transit/main')).toBe(60n);
  });

  it('M9 paid by a resolver becomes the operator’s', async () => {
    const customer = await funded(100n);
    await customer.give(withdrawOf({ route: 'resolver' }));
    await customer.give(settled('paid'));
    expect(await customer.ring()).toMatchObject([{ toOwner: 'platform', toFund: 'equity' }]);
  });

  it('M14 that faulted costs its fee and returns the rest', async () => {
    const customer = await funded(100n);
    await customer.give(withdrawOf());
    await customer.give(settled('faulted'));
    expect(await customer.balance('spent')).toBe(8n);
    expect(await customer.balance('available/main')).toBe(92n);
    expect(await customer.ring()).toEqual([]);
  });

  it('M2 of a suspense deposit leaves by the vault again', async () => {
    const platform = await watchingPlatform();
    await platform.give({ ...depositOf(3, 70n), destination: { kind: 'suspense' } });
    const fund = `suspense:${chainKey(3)}`;
    await platform.give(withdrawOf({ fund }));
    await platform.give(settled('paid'));
    expect(await platform.balance('available/clearing')).toBe(60n);
    expect(await platform.balance('available/equity')).toBe(8n);
    expect(await platform.balance(`available/${fund}`)).toBe(2n);
    expect(bookRig(PLATFORM).book).toEqual(PLATFORM);
  });
});
