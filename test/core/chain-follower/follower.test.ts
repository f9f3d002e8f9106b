/** Scenes of one follower that a random history meets seldom, or would not name. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/chain-follower/limits.ts';
import { FollowerRig, Reader, SMALL } from '../../properties/chain-follower-rig.ts';
import { CONTRACTS, GAS, scriptHashOf } from './model-chain.ts';

const contract = (index: number) => CONTRACTS[index] ?? GAS;
const all = { eventName: null, fromHeight: null } as const;

function rigOf(seed: number, blocks = 0): FollowerRig {
  const rig = new FollowerRig({ seed, bounds: SMALL, endpoints: { near: {} } });
  rig.healed = true;
  for (let made = 0; made < blocks; made += 1) rig.chain.grow();
  return rig;
}

const atTip = (rig: FollowerRig) => () => rig.cursor() === rig.chain.height;
const view = (rig: FollowerRig, id: string) => {
  const found = rig.follower.subscriber(id);
  return found.ok ? found.value : undefined;
};

async function drainAll(rig: FollowerRig, ...readers: readonly Reader[]): Promise<void> {
  await rig.settle(() => {
    const read = readers.reduce((sum, reader) => sum + reader.read(50), 0);
    const isIdle = readers.every(({ id }) => view(rig, id)?.openScans === 0);
    return read === 0 && isIdle && atTip(rig)();
  });
}

const idsOf = (reader: Reader) => reader.acknowledged.map(({ id }) => id);

describe('a follower', () => {
  it('D9: lets a subscriber that does not read lag behind, bounded, and holds nobody', async () => {
    const rig = rigOf(1, 200);
    const quick = new Reader(rig, 'quick');
    const asleep = new Reader(rig, 'asleep');
    quick.subscribe({ ...all, contract: contract(0), fromHeight: 1 });
    asleep.subscribe({ ...all, contract: contract(0), fromHeight: 1 });
    await rig.settle(() => {
      quick.read(50);
      return atTip(rig)();
    });
    expect(view(rig, 'asleep')).toMatchObject({ state: 'catching_up' });
    expect(view(rig, 'asleep')?.pending).toBeLessThanOrEqual(SMALL.outboxRows);
    await drainAll(rig, quick, asleep);
    expect(idsOf(asleep)).toEqual(asleep.expected(200));
    expect(idsOf(quick)).toEqual(quick.expected(200));
    expect(view(rig, 'asleep')).toMatchObject({ state: 'live', pending: 0 });
  });

  it('reads a piece again when a contract was added while the piece was being read', async () => {
    const rig = rigOf(2, 60);
    await rig.settle(atTip(rig));
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ ...all, contract: contract(0), fromHeight: 1 });
    rig.ring();
    expect(rig.inFlight).toBeGreaterThan(0);
    // The catch-up stands at block 1; the step that is out does not know of this contract.
    reader.subscribe({ ...all, contract: contract(1), fromHeight: 1 });
    await drainAll(rig, reader);
    expect([...idsOf(reader)].sort()).toEqual([...reader.expected(60)].sort());
  });

  it('keeps a window of blocks and events, and serves an older range from the chain', async () => {
    const rig = rigOf(3, 150);
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ ...all, contract: contract(0), fromHeight: 1 });
    await drainAll(rig, reader);
    rig.now += 10_000;
    for (let turn = 0; turn < 100; turn += 1) rig.ring();
    const { sql } = rig.node;
    const count = (statement: string) => sql.first<{ n: number }>(statement)?.n ?? -1;
    expect(count('SELECT count(*) AS n FROM blocks WHERE height < 110 AND height % 10 <> 0')).toBe(
      0,
    );
    expect(count('SELECT count(*) AS n FROM blocks WHERE height < 110')).toBeGreaterThan(5);
    expect(count('SELECT count(*) AS n FROM events WHERE height < 110')).toBe(0);
    const before = reader.acknowledged.length;
    const range = { subscriberId: 'reader', fromHeight: 23, toHeight: 57 };
    expect(rig.follower.rescan(range).ok).toBe(true);
    await drainAll(rig, reader);
    const again = reader.acknowledged.slice(before).map(({ id }) => id);
    const wanted = rig.chain
      .eventsOf(23, 57)
      .filter((event) => event.contract === contract(0))
      .map(({ id }) => id);
    expect(again).toEqual(wanted);
  });

  it('is not made to wait longer by an endpoint that claims a block it does not give', async () => {
    const rig = rigOf(4, 5);
    await rig.settle(atTip(rig));
    const waits: number[] = [];
    for (let poll = 0; poll < 12; poll += 1) {
      rig.now = Math.max(rig.now, rig.alarmAt ?? rig.now);
      const startedAt = rig.now;
      rig.ring();
      // A second endpoint at the tip beside a liar that claims one more, and gives nothing.
      await rig.runStep((report) => ({ ...report, networkHeight: rig.chain.height + 1 }));
      waits.push((rig.alarmAt ?? 0) - startedAt);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(LIMITS.followerPollMsMax.value);
  });

  it('refuses more re-scans of one subscriber than its bound', async () => {
    const rig = rigOf(5, 40);
    await rig.settle(atTip(rig));
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ ...all, contract: contract(0) });
    const range = { subscriberId: 'reader', fromHeight: 1, toHeight: 30 };
    const asked = Array.from({ length: LIMITS.followerScansMax.value + 1 }, () =>
      rig.follower.rescan(range),
    );
    expect(asked.filter(({ ok }) => ok)).toHaveLength(LIMITS.followerScansMax.value);
    expect(asked.at(-1)).toMatchObject({ failure: { code: 'follower.limit_reached' } });
  });

  it('forgets a contract that nobody wants, and indexes it anew for the next', async () => {
    const rig = rigOf(6, 20);
    await rig.settle(atTip(rig));
    const first = new Reader(rig, 'first');
    first.subscribe({ ...all, contract: contract(0) });
    rig.follower.removeSubscriber('first');
    for (let made = 0; made < 20; made += 1) rig.chain.grow();
    await rig.settle(atTip(rig));
    const next = new Reader(rig, 'next');
    next.subscribe({ ...all, contract: contract(0), fromHeight: 15 });
    await drainAll(rig, next);
    expect(idsOf(next)).toEqual(next.expected(40));
    expect(view(rig, 'first')).toBeUndefined();
  });

  it('delivers nothing of a contract that was never subscribed', async () => {
    const rig = rigOf(7, 30);
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ ...all, contract: scriptHashOf('silent'), fromHeight: 1 });
    await drainAll(rig, reader);
    expect(reader.acknowledged).toEqual([]);
    expect(rig.node.sql.first<{ n: number }>('SELECT count(*) AS n FROM events')?.n).toBe(0);
  });
});
