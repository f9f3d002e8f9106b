/**
 * What users of another monitor complained about, by the numbers of their threads
 * (github.com/OpenZeppelin/openzeppelin-monitor): it could not keep up with sub-second blocks, missed
 * blocks stayed missed, catching up was capped, and a recovery ran for ever.
 */
import { describe, expect, it } from 'vitest';
import { FollowerRig, Reader } from '../../properties/chain-follower-rig.ts';
import { CONTRACTS, GAS } from './model-chain.ts';

const SHOP = CONTRACTS[0] ?? GAS;

/** Reads all that is there, and settles what that sets free. */
async function follow(rig: FollowerRig, reader: Reader): Promise<void> {
  await rig.settle(() => reader.read(500) === 0 && rig.cursor() === rig.chain.height);
}

function expectAll(rig: FollowerRig, reader: Reader): void {
  const ids = reader.acknowledged.map(({ id }) => id);
  expect(ids).toEqual(reader.expected(rig.chain.height));
}

describe('what others missed', () => {
  it('oz-monitor-394-keeps-up-with-blocks-of-ten-milliseconds', async () => {
    const rig = new FollowerRig({ seed: 394, endpoints: { near: {} } });
    rig.healed = true;
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ contract: SHOP, eventName: null, fromHeight: 1 });
    let turns = 0;
    for (let second = 0; second < 20; second += 1) {
      for (let block = 0; block < 100; block += 1) rig.chain.grow();
      // One call to a node takes a tenth of a second here: three steps in this second at most.
      rig.now += 1_000;
      for (let call = 0; call < 3; call += 1) {
        rig.ring();
        await rig.runStep();
        turns += 1;
      }
      expect(rig.chain.height - rig.cursor()).toBeLessThanOrEqual(100);
    }
    expect(turns).toBe(60);
    await follow(rig, reader);
    expectAll(rig, reader);
  });

  it('oz-monitor-432-recovers-a-missed-block-and-delivers-nothing-beyond-it-before', async () => {
    let forgets = true;
    const rig = new FollowerRig({ seed: 432, endpoints: { near: {} } });
    rig.healed = true;
    rig.forgetsLogOf = (height) => forgets && height === 12;
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ contract: SHOP, eventName: null, fromHeight: 1 });
    for (let block = 0; block < 40; block += 1) rig.chain.grow();
    for (let turn = 0; turn < 20; turn += 1) {
      rig.now += 1_000;
      rig.ring();
      await rig.runStep();
    }
    const status = rig.follower.status(rig.now);
    expect(status.ok && status.value).toMatchObject({
      verifiedHeight: 40,
      deliveredHeight: 11,
      gaps: [{ fromHeight: 12, toHeight: 12, reason: 'log_unreadable' }],
    });
    reader.read(500);
    expect(reader.acknowledged.every(({ height }) => height < 12)).toBe(true);
    forgets = false;
    await follow(rig, reader);
    expectAll(rig, reader);
  });

  it('oz-monitor-487-catches-up-from-any-distance', async () => {
    const rig = new FollowerRig({ seed: 487, endpoints: { near: {} } });
    rig.healed = true;
    for (let block = 0; block < 5_000; block += 1) rig.chain.grow();
    const reader = new Reader(rig, 'reader');
    reader.subscribe({ contract: SHOP, eventName: 'Stored', fromHeight: 1 });
    await follow(rig, reader);
    expectAll(rig, reader);
  });

  it('oz-monitor-464-does-not-spin-on-a-block-that-never-comes', async () => {
    const rig = new FollowerRig({ seed: 464, endpoints: { near: {} } });
    rig.healed = true;
    rig.forgetsLogOf = (height) => height === 3;
    for (let block = 0; block < 2_000; block += 1) rig.chain.grow();
    const until = rig.now + 3_600_000;
    let turns = 0;
    while (rig.now < until) {
      rig.now = Math.max(rig.now, rig.alarmAt ?? until);
      rig.ring();
      turns += 1;
      while (rig.inFlight > 0) await rig.runStep();
    }
    // Reading ahead ends at its bound; from then on one attempt a minute.
    expect(turns).toBeLessThan(200);
    const status = rig.follower.status(rig.now);
    expect(status.ok && status.value).toMatchObject({ verifiedHeight: 1_002, deliveredHeight: 2 });
  });
});
