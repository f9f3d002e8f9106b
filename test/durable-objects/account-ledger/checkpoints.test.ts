/** Checkpoints: what belongs to one, and that GAS in transit is counted once over all books (M11). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointView } from '../../../durable-objects/account-ledger/rpc.ts';
import {
  type BookRig,
  bookRig,
  CUSTOMER,
  depositOf,
  funded,
  reserveOf,
  startClock,
  stopClock,
  VAULT,
  watchingPlatform,
} from './ledger-rig.ts';

beforeEach(stopClock);
afterEach(startClock);

async function close(rig: BookRig, height: number): Promise<CheckpointView | null> {
  const closed = await rig.stub.checkpoint({ book: rig.book, height });
  if (!closed.ok) throw new Error(closed.failure.code);
  return closed.value;
}

/** What the books owe at the checkpoints, with what two of them have counted taken off once. */
const owed = (...checkpoints: readonly (CheckpointView | null)[]): bigint =>
  checkpoints
    .flatMap((checkpoint) => Object.entries(checkpoint?.sums ?? {}))
    .filter(([heading]) => !heading.startsWith('chain/') && !heading.startsWith('credits_'))
    .reduce((sum, [, amount]) => sum + BigInt(amount), 0n);

describe('a checkpoint', () => {
  it('M11 holds what was written before it and nothing after, and is never closed twice', async () => {
    const rig = await funded(100n);
    const first = await close(rig, 50);
    expect(first).toMatchObject({ height: 50, sums: { available: '100', other_books: '-100' } });
    await rig.give(reserveOf('one', 60n));
    await rig.evict();
    expect(await close(rig, 50)).toEqual(first);
    expect(await close(rig, 60)).toMatchObject({ height: 60, sums: { reserved: '60' } });
    expect(await close(rig, 50)).toEqual(first);
  });

  it('M11 of an unchanged book carries the last one over', async () => {
    const rig = await funded(100n);
    const first = await close(rig, 50);
    expect(await close(rig, 60)).toEqual(first);
    expect(await rig.rows('SELECT height FROM checkpoints')).toEqual([{ height: 50 }]);
  });

  it('M11 tells that a book has changed once, and what was closed', async () => {
    const rig = await funded(100n);
    await rig.give(reserveOf('one', 6n));
    await close(rig, 50);
    await close(rig, 60);
    await rig.give(reserveOf('two', 6n));
    const notices = await rig.stub.listNotices({ afterSequence: 0, limit: 10 });
    const items = notices.ok ? notices.value.items : [];
    expect(items.map(({ type }) => type)).toEqual([
      'book.changed',
      'checkpoint.closed',
      'book.changed',
    ]);
    expect(JSON.parse(items[1]?.dataJson ?? '')).toMatchObject({
      ...CUSTOMER,
      height: 50,
      sums: { available: '94', reserved: '6' },
    });
    await rig.stub.acknowledgeNotices(items[1]?.sequence ?? 0);
    const left = await rig.stub.listNotices({ afterSequence: 0, limit: 10 });
    expect(left.ok && left.value.items).toEqual(items.slice(2));
  });

  it('M10 of the platform is of its block: nothing above it is in it', async () => {
    const platform = await watchingPlatform();
    await platform.give(depositOf(1, 100n));
    expect(await platform.stub.checkpoint({ book: platform.book, height: 10 })).toMatchObject({
      failure: { code: 'gasbank.height_passed', limit: 11 },
    });
    const { sums } = (await close(platform, 11)) ?? {};
    expect(sums).toMatchObject({ [`chain/${VAULT}`]: '-100', 'in_transit/deposits': '100' });
  });
});

describe('a proof over two books', () => {
  /** A deposit on its way, with the platform’s checkpoint closed before or after it is answered. */
  async function deposited() {
    const platform = await watchingPlatform();
    await platform.hold();
    const customer = bookRig(CUSTOMER);
    await platform.give(depositOf(1, 100n));
    const [move] = await platform.ring();
    if (move === undefined) throw new Error('the deposit was not handed over');
    return { platform, customer, move };
  }

  it('M11 counts a deposit once that was taken and not yet cleared', async () => {
    const { platform, customer, move } = await deposited();
    await customer.stub.receive(move);
    const both = [await close(platform, 20), await close(customer, 20)];
    expect(owed(...both)).toBe(100n);
  });

  it('M11 counts a deposit once that was sent in one checkpoint and taken in the next', async () => {
    const { platform, customer, move } = await deposited();
    const first = await close(platform, 20);
    expect(await close(customer, 20)).toBeNull();
    await customer.stub.receive(move);
    expect(owed(first)).toBe(100n);
    const both = [await close(platform, 30), await close(customer, 30)];
    expect(owed(...both)).toBe(100n);
  });

  it('M11 does not count in a checkpoint what was sent after it, though it comes before its close', async () => {
    const { platform, customer } = await deposited();
    const before = await close(platform, 20);
    await platform.give(depositOf(15, 7n));
    const [later] = (await platform.ring()).filter(({ amount }) => amount === 7n);
    if (later === undefined) throw new Error('the deposit was not handed over');
    // The customer's book has not heard of the height, except by this.
    await customer.stub.receive(later);
    const at20 = await close(customer, 20);
    expect(at20).toBeNull();
    expect(owed(before, at20)).toBe(100n);
    expect(await close(customer, 30)).toMatchObject({ sums: { available: '7' } });
  });

  it('M11 waits where a customer is ahead of the platform', async () => {
    const platform = await watchingPlatform();
    const customer = await funded(100n);
    await close(customer, 40);
    const to = { owner: 'platform', fund: 'equity' };
    const move = {
      kind: 'move',
      id: 'm',
      owner: 'x',
      fund: 'main',
      amount: 5n,
      to,
      budgets: [],
    } as const;
    await customer.give(move);
    const [sent] = await customer.ring();
    if (sent === undefined) throw new Error('the move was not handed over');
    expect(await platform.stub.receive(sent)).toMatchObject({
      failure: { code: 'gasbank.checkpoint_ahead' },
    });
    await close(platform, 40);
    expect(await platform.stub.receive(sent)).toMatchObject({ value: { isTaken: true } });
  });
});
