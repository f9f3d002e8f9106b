/** That a subscriber is called for its events, and again until it takes them. */
import { describe, expect, it } from 'vitest';
import { CONTRACTS, GAS } from '../../core/chain-follower/model-chain.ts';
import { followerRig, NETWORK } from './follower-rig.ts';

const SHOP = CONTRACTS[0] ?? GAS;
const watchGas = { subscriberId: 'one', contract: GAS, eventName: null, fromHeight: 1 };
const CALL = { networkId: NETWORK, subscriberId: 'one' };

/** Blocks until there is an event of GAS, handed out. */
async function withEvents() {
  const rig = await followerRig();
  await rig.stub.configure(rig.config);
  await rig.stub.subscribe(watchGas);
  rig.grow(6);
  await rig.follow(6);
  expect(await rig.stub.subscriber('one')).toMatchObject({ value: { state: 'live' } });
  return rig;
}

describe('a subscriber', () => {
  it('is called in the turn in which it is given events', async () => {
    const rig = await withEvents();
    expect(rig.delivered.length).toBeGreaterThan(0);
    expect(new Set(rig.delivered.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(CALL)]),
    );
  });

  it('is not called while nothing waits for it', async () => {
    const rig = await withEvents();
    await rig.stub.subscribe({
      ...watchGas,
      subscriberId: 'two',
      contract: SHOP,
      fromHeight: null,
    });
    await rig.drain('one');
    rig.delivered.splice(0);
    for (let turn = 0; turn < 5; turn += 1) await rig.ring();
    expect(rig.delivered).toEqual([]);
  });

  it('that does not come is called again, more and more seldom, and never given up', async () => {
    const rig = await withEvents();
    const callsIn = async (minutes: number) => {
      rig.delivered.splice(0);
      for (let second = 0; second < minutes * 30; second += 1) {
        rig.clock.pass(2_000);
        await rig.ring();
      }
      return rig.delivered.length;
    };
    const early = await callsIn(2);
    const late = await callsIn(2);
    expect(early).toBeGreaterThan(late);
    rig.delivered.splice(0);
    rig.clock.pass(600_000);
    await rig.ring();
    expect(rig.delivered).toEqual([CALL]);
  });

  it('that acknowledged a part is called for the rest, soon', async () => {
    const rig = await withEvents();
    rig.clock.pass(600_000);
    await rig.ring();
    const page = await rig.stub.readEvents({ subscriberId: 'one', limit: 1 });
    const position = page.ok ? (page.value.events[0]?.position ?? 0) : 0;
    await rig.stub.acknowledge({ subscriberId: 'one', position });
    rig.delivered.splice(0);
    await rig.ring();
    expect(rig.delivered).toEqual([]);
    rig.clock.pass(2_000);
    await rig.ring();
    expect(rig.delivered).toEqual([CALL]);
  });

  it('is called after an eviction too', async () => {
    const rig = await withEvents();
    await rig.evict();
    rig.delivered.splice(0);
    rig.clock.pass(600_000);
    await rig.ring();
    expect(rig.delivered).toEqual([CALL]);
  });
});
