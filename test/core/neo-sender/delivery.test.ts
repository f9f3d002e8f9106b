/** Verdicts on their way out of a sender, with somebody dying at every step of it. */
import { describe, expect, it } from 'vitest';
import { deliverEvents, type Outbox } from '../../../worker/chain/sender-steps/deliver.ts';
import { senderName } from '../../../worker/chain/sender-steps/sender-name.ts';
import { deliverAgain } from '../../../worker/core/neo-sender/delivery.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import { ok } from '../../../worker/core/result.ts';
import { NOW, SENDER } from './intents.ts';
import { senderRig } from './sender-rig.ts';

/** With one rejected transaction for each id, and so many events. */
async function rig(ids: readonly string[]) {
  const sender = senderRig();
  for (const id of ids) {
    await sender.send(id);
    await sender.replace(id, { kind: 'cancel' });
  }
  const outbox: Outbox = {
    listEvents: async ({ limit }) =>
      ok({ items: (await sender.sender.listEvents()).slice(0, limit) }),
    acknowledgeEvents: async (through) => {
      await sender.sender.acknowledgeEvents(through);
      return ok({ removed: 0 });
    },
  };
  /** As D1 counts them. */
  const counted = new Map<string, number>();
  const record = async ({ id }: { readonly id: string }) => {
    counted.set(id, 1);
  };
  const ring = async () => (await sender.sender.ring()).isDelivering;
  return { ...sender, outbox, counted, record, ring };
}

describe('deliverEvents', () => {
  it('safe-6471-acknowledges what was written, and nothing else', async () => {
    const { outbox, record, sender } = await rig(['txn_1', 'txn_2', 'txn_3']);
    const fails = async (event: { readonly id: string; readonly subject: string }) => {
      if (event.subject === 'txn_2') throw new Error('D1 is away');
      await record(event);
    };
    await expect(deliverEvents(outbox, fails)).rejects.toThrow('D1 is away');
    const left = await sender.listEvents();
    expect(left.map(({ subject }) => subject)).toEqual(['txn_2', 'txn_3']);
  });

  it('D4 tells an event again that was written and not acknowledged, and it counts once', async () => {
    const { counted, outbox, record, sender } = await rig(['txn_1']);
    const dies: Outbox = {
      ...outbox,
      acknowledgeEvents: async () => {
        throw new Error('the process died');
      },
    };
    await expect(deliverEvents(dies, record)).rejects.toThrow('died');
    expect(await sender.listEvents()).toHaveLength(1);
    await deliverEvents(outbox, record);
    expect(await sender.listEvents()).toEqual([]);
    expect([...counted.values()]).toEqual([1]);
  });

  it('takes a bounded batch at a time', async () => {
    const max = LIMITS.senderDeliveryEventsMax.value;
    const ids = Array.from({ length: max + 1 }, (_, index) => `txn_${index}`);
    const { outbox, record, sender } = await rig(ids);
    await deliverEvents(outbox, record);
    expect(await sender.listEvents()).toHaveLength(1);
  });
});

describe('the alarm', () => {
  it('D3 hands events over while they wait, each time later, however often it rings', async () => {
    const { clock, ring, sender } = await rig(['txn_1']);
    expect(await sender.alarmAt()).toBe(0);
    const waits: number[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await ring()).toBe(true);
      expect(await ring()).toBe(false);
      const at = (await sender.alarmAt()) ?? 0;
      waits.push(at - clock.now);
      clock.now = at;
    }
    expect(waits.slice(0, 3)).toEqual([10_000, 20_000, 40_000]);
    expect(waits.at(-1)).toBe(LIMITS.senderDeliveryRetryMsMax.value);
  });

  it('is set at once for what is left when something was taken', async () => {
    const { ring, sender } = await rig(['txn_1', 'txn_2']);
    await ring();
    const [first] = await sender.listEvents();
    await sender.acknowledgeEvents(first?.sequence ?? 0);
    expect(await ring()).toBe(true);
    const [second] = await sender.listEvents();
    await sender.acknowledgeEvents(second?.sequence ?? 0);
    expect(await ring()).toBe(false);
  });

  it('D3 loses nothing with the memory of the sender', async () => {
    const { clock, ring, sender } = await rig(['txn_1']);
    await ring();
    await sender.restart();
    expect(await ring()).toBe(false);
    clock.now += LIMITS.senderDeliveryRetryMsStart.value;
    expect(await ring()).toBe(true);
  });

  it('waits ever longer, up to a bound', () => {
    let delivery = deliverAgain(0, NOW);
    expect(delivery).toEqual({ tries: 1, after: NOW + 10_000 });
    for (let tries = 0; tries < 100; tries += 1) delivery = deliverAgain(delivery.tries, NOW);
    expect(delivery.after).toBe(NOW + LIMITS.senderDeliveryRetryMsMax.value);
  });
});

describe('senderName', () => {
  it('M1 is another one on every network', () => {
    expect(senderName(SENDER)).toBe('860833102:NUWwkdo3ggq2mjgg7ACogsLprS1Wqvc4K7');
    expect(senderName({ ...SENDER, magic: 1 })).not.toBe(senderName(SENDER));
  });
});
