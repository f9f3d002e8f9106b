/**
 * A sender under test: its clock stands a day ahead, so that no alarm rings by itself, and the test stands where
 * ChainPort would. What was handed over is kept here; reports are made by the test.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { NeoSender } from '../../../durable-objects/neo-sender/neo-sender.ts';
import type { SenderUnderTest } from '../../../scripts/sim/world.ts';
import { nep17 } from '../../../worker/chain/contracts/nep17.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { parseScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { encodeUnsigned } from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import type { SendCommand } from '../../../worker/core/neo-sender/commands.ts';
import type { SenderIdentity } from '../../../worker/core/neo-sender/intent.ts';
import type { SenderStep } from '../../../worker/core/neo-sender/steps.ts';
import type { WalletPolicy } from '../../../worker/core/wallets/wallet-policy.ts';

const { NEO_SENDER } = env as unknown as { NEO_SENDER: DurableObjectNamespace<NeoSender> };

// Of the right form by construction.
const ACCOUNT = parseScriptHash(`0x${'5e'.repeat(20)}`) as ScriptHash;
export const SENDER = { magic: 56_753, account: ACCOUNT };
const GAS = NATIVE_CONTRACTS.GasToken.hash;
export const NETWORK = { quorum: 2, msPerBlock: 1_000 };
export const START = Date.now() + 86_400_000;

export const setClock = (now: number): void => {
  vi.setSystemTime(now);
};
export const stopClock = (): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
};
export const startClock = (): void => {
  vi.useRealTimers();
};

export const sendOf = (id: string, more: Partial<SendCommand> = {}) => ({
  sender: SENDER,
  network: NETWORK,
  leave: null,
  command: {
    id,
    purpose: 'test',
    template: encodeUnsigned({
      nonce: 0,
      systemFee: 0n,
      networkFee: 0n,
      validUntilBlock: 0,
      signers: [{ account: ACCOUNT, scopes: CALLED_BY_ENTRY }],
      attributes: [],
      script: Uint8Array.of(0x40),
    }),
    terms: { systemFeeMax: 100n, networkFeeMax: 100n, gasSent: 0n, windowBlocks: 10 },
    ...more,
  },
});

/** Lets GAS out, up to an amount of the day. */
export const policyOf = (perDay: bigint): WalletPolicy => ({
  contracts: [],
  tokens: [{ token: GAS, perDay }],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: 100n,
  networkFeeMax: 100n,
  approvals: null,
});

/** In place of what `sendOf` sends; its amount, and both fees of 100. */
export const transferOf = (gasSent: bigint): Partial<SendCommand> => ({
  template: encodeUnsigned({
    nonce: 0,
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: 0,
    signers: [{ account: ACCOUNT, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: encodeCalls([nep17(GAS).transfer({ from: ACCOUNT, to: ACCOUNT, amount: gasSent })]),
  }),
  terms: { systemFeeMax: 100n, networkFeeMax: 100n, gasSent, windowBlocks: 10 },
});

export type SenderRig = Awaited<ReturnType<typeof senderRig>>;

export async function senderRig(name: string) {
  const stub = NEO_SENDER.get(NEO_SENDER.idFromName(name));
  const handed: SenderStep[] = [];
  const delivered: SenderIdentity[] = [];
  const ports = {
    chain: {
      deliverSenderEvents: async (sender: SenderIdentity) => {
        delivered.push(sender);
      },
      performSenderSteps: async (steps: readonly SenderStep[]) => {
        handed.push(...steps);
      },
    },
  };
  const connect = () =>
    runInDurableObject(stub, (instance) => {
      instance.ports = ports;
    });
  await connect();
  /** Rings the alarm and answers what it handed over. */
  const ring = async (): Promise<readonly SenderStep[]> => {
    const before = handed.length;
    await runDurableObjectAlarm(stub);
    return handed.slice(before);
  };
  const restart = async () => {
    await evictDurableObject(stub);
    await connect();
  };
  const alarmAt = () => runInDurableObject(stub, (_instance, ctx) => ctx.storage.getAlarm());
  const rows = (statement: string) =>
    runInDurableObject(stub, (_instance, ctx) => ctx.storage.sql.exec(statement).toArray());
  return { stub, delivered, ring, restart, alarmAt, rows };
}

/** As the simulation drives it: the object's clock is the simulation's at every call. */
export async function senderInWorkerd(name: string, clock: () => number): Promise<SenderUnderTest> {
  setClock(clock());
  const { stub, ...rig } = await senderRig(name);
  let rings = 0;
  const set = () => {
    setClock(clock());
  };
  return {
    send: async (command) => {
      set();
      return await stub.send(command);
    },
    adopt: async (command) => {
      set();
      return await stub.adopt(command);
    },
    spent: async () => {
      set();
      return await stub.spent();
    },
    replace: async (command) => {
      set();
      return await stub.replace(command);
    },
    resolve: async (command) => {
      set();
      return await stub.resolve(command);
    },
    report: async (report) => {
      set();
      return await stub.report(report);
    },
    listEvents: async () => {
      const events = await stub.listEvents({ afterSequence: 0, limit: 500 });
      return events.ok ? events.value.items : [];
    },
    acknowledgeEvents: async (through) => {
      set();
      await stub.acknowledgeEvents(through);
    },
    alarmAt: rig.alarmAt,
    ring: async () => {
      set();
      rings += 1;
      // Beside those of the seed: the point of this run is that memory may vanish at any turn.
      if (rings % 8 === 0) await rig.restart();
      const deliveries = rig.delivered.length;
      const steps = await rig.ring();
      return { steps, isDelivering: rig.delivered.length > deliveries };
    },
    restart: rig.restart,
    rows: rig.rows,
  };
}
