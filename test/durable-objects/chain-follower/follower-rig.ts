/**
 * A ChainFollower in workerd with a model chain at the other end: the test stands where ChainReader
 * would and runs the real read steps, or lets them die. The clock stands a day ahead, so that no
 * alarm rings by itself, and moves only with each step.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { ChainFollower } from '../../../durable-objects/chain-follower/chain-follower.ts';
import type { DeliveredEvent } from '../../../durable-objects/chain-follower/rpc.ts';
import { readStep } from '../../../worker/chain/follower-steps/read-step.ts';
import type { ReadLease } from '../../../worker/core/chain-follower/reading.ts';
import type { ChainDelivery } from '../../../worker/core/ports.ts';
import {
  MAGIC,
  type Manners,
  ModelChain,
  modelChecker,
  modelEndpoint,
  randomOf,
} from '../../core/chain-follower/model-chain.ts';
import { stopClock } from '../../support/time.ts';

export const NETWORK = 'neo3:private';

/** More than any wait of a lane that did not fail often. */
const STEP_MS = 6_000;

export interface RigOptions {
  readonly seed?: number;
  readonly quorum?: number;
  readonly endpoints?: Readonly<Record<string, Manners>>;
}

export type FollowerRig = Awaited<ReturnType<typeof followerRig>>;

export async function followerRig(options: RigOptions = {}) {
  const { seed = 1, quorum = 1, endpoints = { near: {} } } = options;
  const clock = stopClock(Date.now() + 86_400_000);
  const chain = new ModelChain(seed);
  const random = randomOf(seed);
  const stub = env.CHAIN_FOLLOWER.getByName(NETWORK);
  const leased: ReadLease[] = [];
  const delivered: ChainDelivery[] = [];
  const ports = portsInto(leased, delivered);
  const connect = () =>
    runInDurableObject(stub, (instance) => {
      instance.ports = ports;
    });
  await connect();
  const names = Object.keys(endpoints);
  const nodes = names.map((name) =>
    modelEndpoint({ name, chain, random, manners: () => endpoints[name] ?? {} }),
  );
  const config = {
    networkId: NETWORK,
    magic: MAGIC,
    msPerBlock: 1_000,
    endpoints: names,
    quorum,
    checkpoint: chain.checkpoint,
  };
  const reportOf = (lease: ReadLease) =>
    readStep(lease, { endpoints: nodes, checker: modelChecker(chain) });
  const ring = () => runDurableObjectAlarm(stub);
  /** Rings, and lets every step that was handed over report. */
  const step = async () => {
    clock.pass(STEP_MS);
    await ring();
    for (const lease of leased.splice(0)) await stub.reportRead(await reportOf(lease));
  };
  const evict = async () => {
    await evictDurableObject(stub);
    await connect();
  };
  const status = () => readStatus(stub);
  const follow = async (height: number, turnsMax = 500) => {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      if ((await status()).deliveredHeight >= height) return;
      await step();
    }
    throw new Error(`stands at ${JSON.stringify(await status())}`);
  };
  const alarmAt = () => runInDurableObject(stub, (_instance, ctx) => ctx.storage.getAlarm());
  return {
    chain,
    stub,
    leased,
    delivered,
    clock,
    config,
    grow: (blocks: number) => grow(chain, blocks),
    reportOf,
    ring,
    step,
    evict,
    status,
    follow,
    alarmAt,
    drain: (subscriberId: string) => drain(stub, subscriberId),
  };
}

const portsInto = (leased: ReadLease[], delivered: ChainDelivery[]) => ({
  reader: {
    read: async (leases: readonly ReadLease[]) => {
      leased.push(...leases);
    },
  },
  events: {
    deliver: async (delivery: ChainDelivery) => {
      delivered.push(delivery);
    },
  },
});

function grow(chain: ModelChain, blocks: number): void {
  for (let made = 0; made < blocks; made += 1) chain.grow();
}

/** Reads and acknowledges all that waits; the events in their order. */
async function drain(
  stub: DurableObjectStub<ChainFollower>,
  subscriberId: string,
): Promise<readonly DeliveredEvent[]> {
  const events: DeliveredEvent[] = [];
  for (;;) {
    const page = await stub.readEvents({ subscriberId, limit: 100 });
    if (!page.ok || page.value.events.length === 0) return events;
    events.push(...page.value.events);
    await stub.acknowledge({ subscriberId, position: page.value.events.at(-1)?.position ?? 0 });
  }
}

async function readStatus(stub: DurableObjectStub<ChainFollower>) {
  const found = await stub.status();
  if (!found.ok) throw new Error(found.failure.code);
  return found.value;
}
