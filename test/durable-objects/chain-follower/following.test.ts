/** Following in workerd: evictions, repeated alarms, stale leases, and what a subscriber is given. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { CONTRACTS, GAS } from '../../core/chain-follower/model-chain.ts';
import { followerRig, NETWORK } from './follower-rig.ts';

const SHOP = CONTRACTS[0] ?? GAS;
const idsOf = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

const watchShop = { subscriberId: 'acc_one', contract: SHOP, eventName: null, fromHeight: 1 };

describe('a follower', () => {
  it('answers not_configured before it is told what to follow, and sets no alarm', async () => {
    const rig = await followerRig();
    expect(await rig.stub.status()).toMatchObject({
      ok: false,
      failure: { code: 'follower.not_configured' },
    });
    expect(await rig.stub.subscribe(watchShop)).toMatchObject({
      ok: false,
      failure: { code: 'follower.not_configured' },
    });
    expect(await rig.alarmAt()).toBeNull();
  });

  it('delivers every event of a contract once while it is evicted between its steps', async () => {
    const rig = await followerRig({ endpoints: { near: { silent: 0.2, forgetsLogs: 0.2 } } });
    await rig.stub.configure(rig.config);
    await rig.stub.subscribe(watchShop);
    const got = [];
    for (let round = 0; round < 12; round += 1) {
      rig.grow(5);
      await rig.step();
      if (round % 2 === 0) await rig.evict();
      got.push(...(await rig.drain('acc_one')));
    }
    for (let turn = 0; turn < 200 && (await rig.status()).deliveredHeight < 60; turn += 1) {
      await rig.step();
    }
    got.push(...(await rig.drain('acc_one')));
    const wanted = rig.chain.eventsOf(1, 60).filter(({ contract }) => contract === SHOP);
    expect(idsOf(got)).toEqual(idsOf(wanted));
  });

  it('does not lease a lane twice when its alarm is repeated', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    await rig.ring();
    await rig.ring();
    await rig.evict();
    await rig.ring();
    expect(rig.leased).toHaveLength(1);
    expect(await rig.alarmAt()).not.toBeNull();
  });

  it('refuses a report whose lease was given to another step', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    rig.grow(3);
    await rig.ring();
    const [lease] = rig.leased.splice(0);
    if (!lease) throw new Error('a step was handed over');
    const report = await rig.reportOf(lease);
    expect(await rig.stub.reportRead(report)).toEqual({ ok: true, value: null });
    expect(await rig.stub.reportRead(report)).toMatchObject({
      ok: false,
      failure: { code: 'follower.lease_stale' },
    });
    expect((await rig.status()).deliveredHeight).toBe(3);
  });

  it('does not let a position be acknowledged that was never shown', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    await rig.stub.subscribe(watchShop);
    rig.grow(20);
    await rig.follow(20);
    expect(await rig.stub.acknowledge({ subscriberId: 'acc_one', position: 1 })).toMatchObject({
      ok: false,
      failure: { code: 'follower.position_unknown' },
    });
    const page = await rig.stub.readEvents({ subscriberId: 'acc_one', limit: 2 });
    const again = await rig.stub.readEvents({ subscriberId: 'acc_one', limit: 2 });
    expect(again).toEqual(page);
  });

  it('delivers a range again under the same ids when a re-scan is asked for', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    await rig.stub.subscribe(watchShop);
    rig.grow(30);
    await rig.follow(30);
    const first = await rig.drain('acc_one');
    const range = { subscriberId: 'acc_one', fromHeight: 5, toHeight: 15 };
    expect(await rig.stub.rescan(range)).toEqual({ ok: true, value: null });
    await rig.step();
    await rig.step();
    const inRange = first.filter(({ height }) => height >= 5 && height <= 15);
    expect(idsOf(await rig.drain('acc_one'))).toEqual(idsOf(inRange));
    expect(await rig.stub.rescan({ ...range, toHeight: 31 })).toMatchObject({
      ok: false,
      failure: { code: 'follower.height_out_of_range', limit: 30 },
    });
  });

  it('M1: does not follow another network or another checkpoint under the same name', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    const conflict = { ok: false, failure: { code: 'follower.config_conflict' } };
    expect(await rig.stub.configure({ ...rig.config, magic: 1 })).toMatchObject(conflict);
    const checkpoint = { ...rig.config.checkpoint, hash: rig.chain.at(0).header.previousHash };
    expect(await rig.stub.configure({ ...rig.config, checkpoint })).toMatchObject(conflict);
    expect(await rig.stub.configure({ ...rig.config, quorum: 1 })).toEqual({
      ok: true,
      value: null,
    });
  });

  it('M6: halts by name when every endpoint serves a header that does not verify', async () => {
    const rig = await followerRig({ endpoints: { one: { forges: 1 }, two: { forges: 1 } } });
    await rig.stub.configure(rig.config);
    rig.grow(3);
    await rig.step();
    const { alert, verifiedHeight, faults } = await rig.status();
    expect({ alert, verifiedHeight }).toEqual({ alert: 'header_rejected', verifiedHeight: 0 });
    expect(faults.map(({ endpoint, height }) => `${endpoint} ${String(height)}`).sort()).toEqual([
      'one 1',
      'two 1',
    ]);
  });

  it('M5: holds the cursor before a block whose logs are contradicted, and says so', async () => {
    const rig = await followerRig({
      quorum: 2,
      endpoints: { one: {}, two: { liesInLogs: 1 } },
    });
    await rig.stub.configure(rig.config);
    rig.grow(5);
    await rig.step();
    const { alert, verifiedHeight, deliveredHeight, gaps } = await rig.status();
    expect({ alert, verifiedHeight, deliveredHeight }).toEqual({
      alert: 'log_disputed',
      verifiedHeight: 5,
      deliveredHeight: 0,
    });
    expect(gaps).toEqual([{ fromHeight: 1, toHeight: 5, reason: 'log_disputed' }]);
  });

  it('keeps its name by the network, so two networks are two followers', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    await rig.ring();
    expect(rig.leased[0]).toMatchObject({ networkId: NETWORK, magic: rig.config.magic });
  });

  it('shows lag in blocks and the age of the last block', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    rig.grow(150);
    await rig.step();
    const status = await rig.status();
    expect(status).toMatchObject({ networkHeight: 150, deliveredHeight: 100, behindBlocks: 50 });
    expect(status.lastBlockAgeMs).toBeGreaterThan(0);
  });

  it('goes on after a turn that failed, and shows the fault', async () => {
    const rig = await followerRig();
    await rig.stub.configure(rig.config);
    await runInDurableObject(rig.stub, (_instance, ctx) => {
      ctx.storage.sql.exec('ALTER TABLE lanes RENAME TO broken');
    });
    await rig.ring();
    expect((await rig.status()).lastFault?.message).toContain('no such table');
    expect(await rig.alarmAt()).not.toBeNull();
    await runInDurableObject(rig.stub, (_instance, ctx) => {
      ctx.storage.sql.exec('ALTER TABLE broken RENAME TO lanes');
    });
    rig.grow(2);
    await rig.follow(2);
  });
});
