/**
 * Who acts in a run beside the sender's own steps: a client that repeats itself and changes its
 * mind, the runtime that rings alarms late and twice and evicts the object, a consumer that reads
 * events and dies before it acknowledges, an operator who ends disputes by what is true, and the
 * chain that makes blocks or stops.
 */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import { parseScriptHash } from '../../worker/core/neo/script-hash.ts';
import { encodeUnsigned } from '../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import type { SendCommand } from '../../worker/core/neo-sender/commands.ts';
import type { AttemptKind, Inclusion } from '../../worker/core/neo-sender/intent.ts';
import { LIMITS } from '../../worker/core/neo-sender/limits.ts';
import { scriptOf } from './chain-model.ts';
import type { Watch } from './invariants.ts';
import { startStep } from './processes.ts';
import type { World } from './world.ts';

const ACCOUNT = parseScriptHash(`0x${'5e'.repeat(20)}`);
if (ACCOUNT === null) throw new Error('the account of the simulation is a script hash');
const SENDER = { magic: 56_753, account: ACCOUNT };
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
    const steps = await sender.ring();
    await watch.lookAfterAlarm(steps);
    // The whole handover may be lost: the object died after its leases were stored.
    if (!chance.hits(scenario.deathRate)) for (const step of steps) startStep(world, step, turned);
    await set(steps.length === 0 ? LIMITS.senderIdleAlarmMs.value : 0);
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

interface Client {
  readonly world: World;
  /** The sender's state changed by a command: look, and set the alarm. */
  readonly turned: () => Promise<void>;
}

export function startClient(client: Client): { readonly openCommands: () => number } {
  const { agenda, chance, scenario } = client.world;
  let open = 0;
  const later = (delayMs: number, act: () => Promise<void>) => {
    open += 1;
    agenda.after(delayMs, async () => {
      open -= 1;
      await act();
    });
  };
  for (let index = 0; index < scenario.intents; index += 1) {
    const command = commandOf(client.world, index);
    const at = chance.between(0, 20 * scenario.msPerBlock);
    later(at, () => send(client, command));
    if (chance.hits(0.3)) later(at + chance.between(0, 60_000), () => send(client, command));
    for (const kind of ['replacement', 'cancel'] as const)
      if (chance.hits(0.3)) {
        // Most of them when it is on its way.
        const after = at + chance.between(1, 12) * scenario.msPerBlock;
        later(after, () => replace(client, command.id, kind));
      }
  }
  return { openCommands: () => open };
}

function commandOf({ chance }: World, index: number): SendCommand {
  const gasSent = BigInt(chance.between(0, 4)) * GAS;
  const faults = chance.hits(0.1) ? ('always' as const) : ('never' as const);
  const script = scriptOf({ gasSent, faults: chance.hits(0.15) ? 'on chain' : faults });
  const signers = [{ account: SENDER.account, scopes: CALLED_BY_ENTRY }];
  const blank = { nonce: 0, systemFee: 0n, networkFee: 0n, validUntilBlock: 0, attributes: [] };
  return {
    id: `intent-${index}`,
    purpose: 'simulated',
    template: encodeUnsigned({ ...blank, signers, script }),
    terms: {
      systemFeeMax: chance.hits(0.05) ? 10n : 50_000_000n,
      networkFeeMax: 50_000_000n,
      gasSent,
      windowBlocks: chance.between(4, 20),
    },
  };
}

async function send({ world, turned }: Client, command: SendCommand): Promise<void> {
  const { quorum, msPerBlock } = world.scenario;
  const network = { quorum, msPerBlock };
  const sent = await world.sender.send({ sender: SENDER, network, command });
  if (!sent.ok) world.violations.push(`${command.id} was refused: ${sent.failure.code}`);
  const other = { ...command, purpose: 'another' };
  const conflict = await world.sender.send({ sender: SENDER, network, command: other });
  if (conflict.ok) world.violations.push(`${command.id} was taken with another body`);
  await turned();
}

async function replace(
  { world, turned }: Client,
  id: string,
  kind: Exclude<AttemptKind, 'original'>,
): Promise<void> {
  const { sender, chance } = world;
  const attempts = await sender.rows(`SELECT number FROM attempts WHERE intent_id = '${id}'`);
  if (attempts.length === 0) return;
  const command = { id, kind, attempt: attempts.length + 1, networkFeeMax: 200_000_000n };
  const first = await sender.replace(command);
  // The answer was lost, and the client asks again.
  const second = chance.hits(0.5) ? await sender.replace(command) : first;
  if (first.ok && !second.ok) world.violations.push(`${id}: a repeated command was refused`);
  await turned();
}

/** Answers what was told: by intent and number of change, the type of the event. */
export function startConsumer(world: World, isOver: () => boolean): Map<string, string> {
  const told = new Map<string, string>();
  const { agenda, chance, sender } = world;
  const read = async () => {
    await consume(world, told);
    const events = await sender.listEvents();
    const last = events.at(-1)?.sequence;
    if (last !== undefined && chance.hits(0.7)) await sender.acknowledgeEvents(last);
    if (!isOver()) agenda.after(120_000, read);
  };
  agenda.after(120_000, read);
  return told;
}

export async function consume({ sender, violations }: World, told: Map<string, string>) {
  for (const { id, type } of await sender.listEvents()) {
    const key = id.split(':').slice(2).join(':');
    if ((told.get(key) ?? type) !== type) violations.push(`event ${id} was told as two things`);
    told.set(key, type);
  }
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
