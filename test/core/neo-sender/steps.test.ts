/** The outside part of the steps: what is asked in which order, and what at most `quorum - 1` liars can do to it. */
import { describe, expect, it } from 'vitest';
import type {
  LookUp,
  SenderEndpoint,
  SenderOutside,
} from '../../../worker/chain/sender-steps/outside.ts';
import { performSenderStep } from '../../../worker/chain/sender-steps/perform.ts';
import { decideQuote } from '../../../worker/chain/sender-steps/quote.ts';
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import type { SendAnswer } from '../../../worker/core/neo/rpc/broadcast.ts';
import type { RpcMeaning } from '../../../worker/core/neo/rpc/errors.ts';
import type { SenderStep, StepReport } from '../../../worker/core/neo-sender/steps.ts';
import { SENDER, templateOf, transactionOf } from './intents.ts';

const HASH = transactionOf(1).hash;
const INCLUDED: LookUp = {
  kind: 'included',
  blockIndex: 110,
  blockHash: hash256Of(Uint8Array.of(0xb1)),
  vmState: 'HALT',
  notificationsDigest: 'n',
};

const endpointOf = (more: Partial<SenderEndpoint> = {}): SenderEndpoint => ({
  name: 'node',
  healthy: true,
  height: async () => 100,
  gasBalance: async () => 5_000n,
  simulate: async () => ({ vmState: 'HALT', gasConsumed: 100n, exception: null }),
  networkFee: async () => 20n,
  send: async () => ({ kind: 'accepted' }),
  lookUp: async () => ({ kind: 'absent' }),
  ...more,
});

const base = { sender: SENDER, intentId: 'txn_1', leaseNumber: 3 };
const PREPARE: SenderStep = {
  ...base,
  kind: 'prepare',
  attempt: 1,
  draft: templateOf(),
  networkFeeAbove: null,
};
const OBSERVE: SenderStep = { ...base, kind: 'observe', attempts: [{ number: 1, hash: HASH }] };
const BROADCAST: SenderStep = { ...base, kind: 'broadcast', attempt: 1, signed: Uint8Array.of(1) };

async function perform(
  step: SenderStep,
  endpoints: readonly SenderEndpoint[],
  more: Partial<SenderOutside> = {},
): Promise<StepReport> {
  const reports: StepReport[] = [];
  await performSenderStep(step, {
    endpoints,
    quorum: 2,
    draftWitnesses: async () => [
      { invocation: new Uint8Array(66), verification: new Uint8Array(40) },
    ],
    signerOf: async () => null,
    report: async (_sender, report) => {
      reports.push(report);
    },
    ...more,
  });
  const [report] = reports;
  if (report === undefined || reports.length > 1) throw new Error('not one report');
  return report;
}

describe('prepare', () => {
  it('M8 reads a balance only between two equal heights', async () => {
    const heights = [100, 101];
    const moving = endpointOf({ name: 'b', height: async () => heights.shift() ?? null });
    const { outcome } = await perform(PREPARE, [endpointOf(), moving]);
    expect(outcome).toMatchObject({
      kind: 'quoted',
      balances: [{ endpoint: 'node', height: 100, datoshi: 5_000n }],
    });
  });

  it('connext-4327-simulates-before-anything-is-signed-and-says-why-it-faults', async () => {
    const fault = endpointOf({
      simulate: async () => ({ vmState: 'FAULT', gasConsumed: 1n, exception: 'ABORT' }),
    });
    const { outcome } = await perform(PREPARE, [fault, fault]);
    expect(outcome).toEqual({ kind: 'simulated_fault', detail: 'ABORT' });
    expect((await perform(PREPARE, [fault, endpointOf()])).outcome.kind).toBe('failed');
  });

  it('M5 takes no fee below what an honest endpoint asks', () => {
    const quote = (gasConsumed: bigint, networkFee: bigint) => ({
      simulation: { vmState: 'HALT' as const, gasConsumed, exception: null },
      networkFee,
    });
    const quotes = [quote(1n, 1n), quote(100n, 20n), quote(100n, 20n)];
    expect(decideQuote(quotes, 2)).toEqual({ kind: 'quoted', systemFee: 100n, networkFee: 20n });
  });
});

describe('observe', () => {
  it('M5 reads the height before the transaction, so that absence is of no later block', async () => {
    const order: string[] = [];
    const endpoint = endpointOf({
      height: async () => {
        order.push('height');
        return 121;
      },
      lookUp: async () => {
        order.push('look up');
        return INCLUDED;
      },
    });
    const { outcome, attempt } = await perform(OBSERVE, [endpoint]);
    expect(order).toEqual(['height', 'look up']);
    expect(attempt).toBeNull();
    expect(outcome).toMatchObject({ sightings: [{ sighting: { ...INCLUDED, height: 121 } }] });
  });

  it('tells nothing of an endpoint that did not answer', async () => {
    const silent = endpointOf({ name: 'b', lookUp: async () => null });
    const { outcome } = await perform(OBSERVE, [silent, endpointOf({ height: async () => null })]);
    expect(outcome).toMatchObject({ kind: 'observed', sightings: [], heights: [{ height: 100 }] });
  });
});

describe('M4 broadcast', () => {
  const refusing = (meaning: RpcMeaning): SendAnswer => ({
    kind: 'refused',
    error: { meaning, code: -500, message: 'nonce too low', reason: 'expired' },
  });

  it('goes to every endpoint at once', async () => {
    let sent = 0;
    const endpoint = endpointOf({
      send: async () => {
        sent += 1;
        return { kind: 'accepted' };
      },
    });
    await perform(BROADCAST, [endpoint, endpoint, endpoint]);
    expect(sent).toBe(3);
  });

  it.each([
    ['alreadyKnown', 'pooled'],
    ['alreadyOnChain', 'pooled'],
    ['lookUpThenRebuild', 'look up'],
    ['conflicts', 'look up'],
    ['mempoolFull', 'later'],
    ['badSignature', 'refused'],
  ] as const)('M4 %s steers only what is done next: %s', async (meaning, outcome) => {
    const { outcome: told } = await perform(BROADCAST, [
      endpointOf({ send: async () => refusing(meaning) }),
    ]);
    expect(told).toEqual({ kind: 'broadcast', outcome });
  });
});
