/**
 * Random histories of a follower: endpoints that lag, forget and lie, slow and late subscribers,
 * and deaths. Whatever happened, each subscriber ends with every event it asked for, once by id,
 * and in chain order where it has one stream.
 */
import { expect } from 'vitest';
import { CONTRACTS, GAS } from '../core/chain-follower/model-chain.ts';
import { FollowerRig, Reader, type RigOptions, SMALL } from './chain-follower-rig.ts';

const contract = (index: number) => CONTRACTS[index] ?? GAS;

interface History {
  readonly rig: FollowerRig;
  readonly readers: readonly Reader[];
}

/** One random history, then everybody well again until all is delivered. */
async function live(options: RigOptions, steps: number, blocks: number): Promise<History> {
  const rig = new FollowerRig(options);
  const quick = new Reader(rig, 'quick');
  const idle = new Reader(rig, 'idle');
  const late = new Reader(rig, 'late');
  const wide = new Reader(rig, 'wide');
  const readers = [quick, idle, late, wide];
  quick.subscribe({ contract: contract(0), eventName: null, fromHeight: null });
  idle.subscribe({ contract: contract(0), eventName: 'Stored', fromHeight: 1 });
  idle.subscribe({ contract: GAS, eventName: 'Transfer', fromHeight: null });
  for (let step = 0; step < steps; step += 1) {
    if (rig.chance(0.5)) rig.node.killAfter(1 + rig.pick(30));
    await act(rig, readers, blocks);
    rig.node.killAfter(0);
    const back = rig.pick(60);
    const past = () => Math.max(1, rig.cursor() - back);
    if (step === Math.floor(steps / 2))
      late.subscribe({ contract: contract(1), eventName: null, fromHeight: past() });
    if (step === Math.floor(steps / 3))
      wide.subscribe({ contract: contract(2), eventName: 'Removed', fromHeight: null });
    if (step === Math.floor((2 * steps) / 3)) {
      wide.subscribe({ contract: contract(0), eventName: null, fromHeight: past() });
      late.subscribe({ contract: contract(2), eventName: 'Stored', fromHeight: past() });
    }
  }
  while (rig.chain.height < blocks) rig.chain.grow();
  rig.healed = true;
  await rig.settle(() => {
    const read = readers.reduce((sum, reader) => sum + reader.read(100), 0);
    const isCaught = readers.every(({ id }) => {
      const seen = rig.follower.subscriber(id);
      return seen.ok && seen.value.openScans === 0 && seen.value.pending === 0;
    });
    return read === 0 && isCaught && rig.cursor() === blocks;
  });
  return { rig, readers };
}

async function act(rig: FollowerRig, [quick, idle, late, wide]: readonly Reader[], blocks: number) {
  const choice = rig.random();
  if (choice < 0.2 && rig.chain.height < blocks) rig.chain.grow();
  else if (choice < 0.55) await rig.runStep();
  else if (choice < 0.75) {
    rig.now += rig.pick(1_500);
    if (rig.alarmAt !== null && rig.now >= rig.alarmAt) rig.ring();
  } else if (choice < 0.9) quick?.read(1 + rig.pick(30), rig.chance(0.3));
  else if (choice < 0.92) idle?.read(3, rig.chance(0.3));
  else if (choice < 0.96) late?.read(10, rig.chance(0.3));
  else wide?.read(10, rig.chance(0.3));
}

function expectEverythingOnce({ rig, readers }: History): void {
  for (const reader of readers) {
    const ids = reader.acknowledged.map(({ id }) => id);
    const counted = new Set(ids);
    const expected = reader.expected(rig.chain.height);
    const missed = expected.filter((id) => !counted.has(id));
    expect(missed, `seed ${String(rig.seed)}: ${reader.id} missed`).toEqual([]);
    expect(ids.length, `${reader.id} got something twice`).toBe(counted.size);
    expect(counted.size, `${reader.id} got what it did not ask for`).toBe(expected.length);
  }
}

function expectOrder({ readers }: History): void {
  for (const reader of readers.slice(0, 2)) {
    const places = reader.acknowledged.map(({ height, ordinal }) => height * 10_000 + ordinal);
    expect(places, `${reader.id} in chain order`).toEqual(places.toSorted((a, b) => a - b));
  }
}

type Manners = Pick<RigOptions, 'endpoints' | 'quorum'>;

/** Endpoints that are slow, forgetful and late, and one that stands still. */
export const FORGETFUL: Manners = {
  endpoints: {
    near: { silent: 0.1, forgetsLogs: 0.15 },
    far: { behind: 5, silent: 0.2 },
    frozen: { behind: 1_000 },
  },
};

/** One of three lies about what happened; two votes are asked for. */
export const ONE_LIAR: Manners = {
  quorum: 2,
  endpoints: {
    honest: { silent: 0.1 },
    liar: { liesInLogs: 0.5 },
    other: { silent: 0.1, forgetsLogs: 0.1 },
  },
};

/** One of two serves blocks that nobody signed. */
export const FORGER: Manners = {
  endpoints: { forger: { forges: 0.3 }, honest: { silent: 0.2 } },
};

/** Answers how often the follower died. */
export async function expectWholeHistory(seed: number, manners: Manners): Promise<number> {
  const history = await live({ seed, bounds: SMALL, ...manners }, 500, 100);
  expectEverythingOnce(history);
  expectOrder(history);
  return history.rig.deaths;
}
