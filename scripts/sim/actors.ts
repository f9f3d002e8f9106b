/**
 * Who acts in a run beside the sender's own steps and its client: the runtime that rings alarms late
 * and twice and evicts the object, an operator who ends disputes by what is true, and the chain that
 * makes blocks or stops.
 */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import type { Inclusion } from '../../worker/core/neo-sender/intent.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import type { Client } from './client.ts';
import type { Watch } from './invariants.ts';
import { startDelivery, startStep } from './processes.ts';
import type { World } from './world.ts';

const GAS = 100_000_000n;

/** Ends when `isOver`; a run's other actors end with it. */
export function startChain(world: World, isOver: () => boolean): void {
  const { agenda, chain, chance, scenario, endpoints } = world;
  let stalledBlocks = 0;
  let produced = 0;
  const next = () => {
    if (isOver()) return;
    if (scenario.endsAfterBlocks !== null && produced >= scenario.endsAfterBlocks) return;
    agenda.after(scenario.msPerBlock, next);
    if (stalledBlocks > 0) {
      stalledBlocks -= 1;
      return;
    }
    if (chance.hits(scenario.stallRate * 0.2))
      stalledBlocks = chance.between(1, scenario.stallBlocksMax);
    if (chance.hits(scenario.evictionRate)) chain.evictOne();
    if (chance.hits(scenario.depositRate)) chain.deposit(BigInt(chance.between(1, 5)) * GAS);
    chain.produce(chance.hits(0.2));
    produced += 1;
    for (const endpoint of endpoints) endpoint.follow();
  };
  agenda.after(scenario.msPerBlock, next);
}

/**
 * The runtime: it comes at the time that was asked for or some seconds later, sometimes twice.
 * Answers what is to be called after every turn of the sender.
 */
export function startAlarms(
  world: World,
  watch: Watch,
  isOver: () => boolean,
): () => Promise<void> {
  const { agenda, chance, scenario, sender } = world;
  let armedFor: number | null = null;
  let armed = 0;
  const ring = async (): Promise<void> => {
    if (isOver()) return;
    if (chance.hits(scenario.restartRate)) await sender.restart();
    const { steps, isDelivering } = await sender.ring();
    await watch.lookAfterAlarm(steps);
    // The whole handover may be lost: the object died after its leases were stored.
    if (!chance.hits(scenario.deathRate)) {
      for (const step of steps) startStep(world, step, turned);
      if (isDelivering) startDelivery(world, turned);
    }
    const isIdle = steps.length === 0 && !isDelivering;
    await set(isIdle ? LIMITS.senderIdleAlarmMs.value : 0);
  };
  /** There is one alarm: another time replaces it. */
  const set = async (notBeforeMs: number): Promise<void> => {
    const at = await sender.alarmAt();
    if (at === null || at === armedFor) return;
    armedFor = at;
    armed += 1;
    const mine = armed;
    const late = chance.hits(0.1) ? chance.between(0, 5_000) : chance.between(0, 20);
    agenda.after(Math.max(notBeforeMs, at - agenda.now) + late, async () => {
      if (mine !== armed) return;
      armedFor = null;
      await ring();
      if (chance.hits(scenario.duplicateRate)) agenda.after(10, ring);
    });
  };
  const turned = async (): Promise<void> => {
    await watch.look();
    await set(0);
  };
  return turned;
}

/** Ends some disputes by what the chain truly holds, or has the sender look again. */
export function startOperator(client: Client, isOver: () => boolean): void {
  const { agenda, chance, sender } = client.world;
  const visit = async () => {
    if (isOver()) return;
    agenda.after(600_000, visit);
    // A text column.
    const disputed = (await sender.rows(
      "SELECT id FROM intents WHERE state = 'disputed'",
    )) as unknown as readonly { readonly id: string }[];
    for (const { id } of disputed) if (chance.hits(0.3)) await resolve(client, id);
  };
  agenda.after(600_000, visit);
}

async function resolve({ world, turned }: Client, id: string): Promise<void> {
  const { chain, chance, sender } = world;
  const attempts = await sender.rows(
    `SELECT number, hash, valid_until_block FROM attempts
     WHERE intent_id = '${id}' AND hash IS NOT NULL`,
  );
  const isOver = attempts.every((row) => Number(row.valid_until_block) < chain.height);
  const found = attempts.flatMap((row): Inclusion[] => {
    const included = chain.included.get(row.hash as Hash256);
    return included === undefined ? [] : [{ ...included, attempt: Number(row.number) }];
  });
  const [inclusion] = found;
  const detail = 'read on a node of ours';
  if (chance.hits(0.3)) await sender.resolve({ id, detail, resolution: { kind: 'observe' } });
  else if (inclusion !== undefined)
    await sender.resolve({ id, detail, resolution: { kind: 'included', inclusion } });
  else if (isOver) await sender.resolve({ id, detail, resolution: { kind: 'expired' } });
  await turned();
}
