/**
 * What other relayers were complained about, by the names of the threads, where no single decision
 * of ours has it: a sender over SQLite in memory with several transactions in flight, and the steps
 * against endpoints of which something else fails than what is needed.
 */
import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../../scripts/sim/random.ts';
import { senderInMemory } from '../../../scripts/sim/sender-in-memory.ts';
import type { SenderEndpoint } from '../../../worker/chain/sender-steps/outside.ts';
import { performSenderStep } from '../../../worker/chain/sender-steps/perform.ts';
import { decodeHash256 } from '../../../worker/core/neo/hash256.ts';
import type { Sighting } from '../../../worker/core/neo/rpc/quorum.ts';
import {
  decodeUnsigned,
  encodeTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { LIMITS } from '../../../worker/core/neo-sender/limits.ts';
import type { SenderStep, StepOutcome, StepReport } from '../../../worker/core/neo-sender/steps.ts';
import { NOW, quoteOf, SENDER, TERMS, templateOf } from './intents.ts';

type Kind = SenderStep['kind'];
type StepOf<Wanted extends Kind> = SenderStep & { readonly kind: Wanted };

const INCLUDED: Sighting = {
  kind: 'included',
  height: 115,
  blockIndex: 110,
  blockHash: decodeHash256(new Uint8Array(32).fill(0xb1)),
  vmState: 'HALT',
  notificationsDigest: 'n',
};

/** Steps that were handed over wait here for whoever plays the outside. */
function rig(seed = 1) {
  const clock = { now: NOW };
  const sender = senderInMemory(() => clock.now, chanceOf(seed));
  let waiting: readonly SenderStep[] = [];
  const find = <Wanted extends Kind>(kind: Wanted, id: string) =>
    waiting.find((step) => step.kind === kind && step.intentId === id) as
      | StepOf<Wanted>
      | undefined; // Of that kind, as just compared.
  const take = async <Wanted extends Kind>(kind: Wanted, id: string): Promise<StepOf<Wanted>> => {
    if (find(kind, id) === undefined) waiting = [...waiting, ...(await sender.ring()).steps];
    const step = find(kind, id);
    if (step === undefined) throw new Error(`no ${kind} of ${id}`);
    waiting = waiting.filter((one) => one !== step);
    return step;
  };
  const report = (step: SenderStep, outcome: StepOutcome) =>
    sender.report({
      intentId: step.intentId,
      attempt: step.kind === 'observe' ? null : step.attempt,
      leaseNumber: step.leaseNumber,
      outcome,
    });
  const send = (id: string) =>
    sender.send({
      sender: SENDER,
      network: { quorum: 2, msPerBlock: 15_000 },
      command: { id, purpose: 'test', template: templateOf(), terms: TERMS },
      leave: null,
    });
  const cancel = (id: string, attempt = 2) =>
    sender.replace({
      command: { id, attempt, kind: 'cancel', networkFeeMax: 400n },
      leave: null,
    });
  const quote = quoteOf({
    balances: ['a', 'b'].map((endpoint) => ({ endpoint, height: 100, datoshi: 100_000n })),
  });
  /** From `planned` to `live`; answers the bytes that were signed. */
  const bringLive = async (id: string, more: Partial<typeof quote> = {}) => {
    await report(await take('prepare', id), { ...quote, ...more });
    const step = await take('sign', id);
    await report(step, { kind: 'signed', signed: signed(step.unsigned) });
    return step.unsigned;
  };
  const see = async (id: string, attempt: number) => {
    clock.now += 15_000;
    const names = ['a', 'b'];
    await report(await take('observe', id), {
      kind: 'observed',
      heights: names.map((endpoint) => ({ endpoint, height: 115 })),
      sightings: names.map((endpoint) => ({ endpoint, attempt, sighting: INCLUDED })),
    });
  };
  const stateOf = async (id: string) =>
    (await sender.rows(`SELECT state FROM intents WHERE id = '${id}'`))[0]?.state;
  /** Whoever held a step died; it is found out, and the step handed over again. */
  const loseSteps = async () => {
    clock.now += LIMITS.senderLeaseMs.value;
    await sender.ring();
    clock.now += LIMITS.senderRetryMsMax.value;
    waiting = [];
  };
  return { loseSteps, clock, sender, take, report, send, cancel, bringLive, see, stateOf };
}

function signed(unsigned: Uint8Array): Uint8Array {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  const witness = { invocation: Uint8Array.of(1), verification: Uint8Array.of(2) };
  return encodeTransaction({ ...decoded.value, witnesses: [witness] });
}

function nonceOf(unsigned: Uint8Array): number {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  return decoded.value.nonce;
}

describe('several transactions of one wallet', () => {
  it('rrelayer-99-cancelling-one-leaves-the-others-moving', async () => {
    const { bringLive, cancel, loseSteps, see, send, stateOf } = rig();
    for (const id of ['first', 'second']) {
      await send(id);
      await bringLive(id);
    }
    expect(await cancel('first')).toMatchObject({ ok: true });
    await send('third');
    // The cancelling one is not prepared, and nobody waits for it.
    await bringLive('third');
    await see('second', 1);
    await see('third', 1);
    expect([await stateOf('second'), await stateOf('third')]).toEqual(['confirmed', 'confirmed']);
    expect(await stateOf('first')).toBe('live');
    await loseSteps();
    await bringLive('first', { systemFee: 0n, networkFee: 100n });
    await see('first', 2);
    expect(await stateOf('first')).toBe('cancelled');
  });

  it('oz-683-there-is-nothing-to-synchronise-after-a-restart-or-a-loss', async () => {
    const first = rig(1);
    await first.send('before');
    const before = nonceOf(await first.bringLive('before'));
    await first.sender.restart();
    await first.send('after');
    const after = nonceOf(await first.bringLive('after'));
    // Of the same wallet, and with no memory of it: what came before it is in no one's way.
    const second = rig(2);
    await second.send('anew');
    const anew = nonceOf(await second.bringLive('anew'));
    expect(new Set([before, after, anew]).size).toBe(3);
    for (const [at, id] of [
      [first, 'before'],
      [first, 'after'],
      [second, 'anew'],
    ] as const) {
      await at.see(id, 1);
      expect(await at.stateOf(id)).toBe('confirmed');
    }
  });

  it('oz-relayer-without-idempotency-key: a command told twice is one transaction', async () => {
    const { bringLive, cancel, see, send, sender } = rig();
    expect(await send('once')).toMatchObject({ value: { isRepeat: false } });
    await bringLive('once');
    expect(await send('once')).toMatchObject({ value: { state: 'live', isRepeat: true } });
    expect(await cancel('once')).toEqual(await cancel('once'));
    expect(await cancel('once', 3)).toMatchObject({ ok: true });
    await see('once', 1);
    expect(await send('once')).toMatchObject({ value: { state: 'confirmed', isRepeat: true } });
    expect(await sender.rows('SELECT id FROM intents')).toEqual([{ id: 'once' }]);
  });
});

const lost = (): Promise<never> => Promise.reject(new Error('socket hang up'));
const silent = async () => null;

const endpointOf = (name: string, more: Partial<SenderEndpoint> = {}): SenderEndpoint => ({
  name,
  healthy: true,
  height: async () => 100,
  gasBalance: async () => 5_000n,
  simulate: async () => ({ vmState: 'HALT', gasConsumed: 100n, exception: null }),
  networkFee: async () => 20n,
  send: async () => ({ kind: 'accepted' }),
  lookUp: async () => ({ kind: 'absent' }),
  ...more,
});

async function perform(step: SenderStep, endpoints: readonly SenderEndpoint[]) {
  const reports: StepReport[] = [];
  const witness = { invocation: new Uint8Array(66), verification: new Uint8Array(40) };
  await performSenderStep(step, {
    endpoints,
    quorum: 2,
    draftWitnesses: async () => [witness],
    signerOf: async () => null,
    report: async (_sender, report) => {
      reports.push(report);
    },
  });
  return reports.map(({ outcome }) => outcome);
}

describe('calls to the network', () => {
  it('connext-3019-nothing-is-asked-before-a-broadcast-that-could-fail-and-stop-it', async () => {
    const { bringLive, send, take } = rig();
    await send('txn_1');
    await bringLive('txn_1');
    const only = { height: lost, gasBalance: lost, simulate: lost, networkFee: lost, lookUp: lost };
    const endpoints = ['a', 'b'].map((name) => endpointOf(name, only));
    const outcomes = await perform(await take('broadcast', 'txn_1'), endpoints);
    expect(outcomes).toEqual([{ kind: 'broadcast', outcome: 'pooled' }]);
  });

  it('connext-3036-an-api-that-fails-is-told-and-tried-again-and-never-taken-for-success', async () => {
    const { clock, report, send, sender, stateOf, take } = rig();
    await send('txn_1');
    const dead = { height: silent, gasBalance: silent, simulate: silent, networkFee: silent };
    for (let tries = 0; tries < 5; tries += 1) {
      const step = await take('prepare', 'txn_1');
      const all = ['a', 'b'].map((name) => endpointOf(name, dead));
      const [outcome] = await perform(step, all);
      expect(outcome).toMatchObject({ kind: 'failed', detail: expect.any(String) });
      if (outcome !== undefined) await report(step, outcome);
      expect(await stateOf('txn_1')).toBe('intended');
      expect(await sender.alarmAt()).toBeGreaterThan(clock.now);
      clock.now += LIMITS.senderRetryMsMax.value;
    }
    // A third endpoint carries it when one gives nothing.
    const some = [endpointOf('a', dead), endpointOf('b'), endpointOf('c')];
    const [carried] = await perform(await take('prepare', 'txn_1'), some);
    expect(carried?.kind).toBe('quoted');
  });
});
