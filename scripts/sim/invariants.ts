/**
 * What must hold whatever goes wrong outside, checked after every turn of the sender and against
 * the truth of the model chain: at most one effect an intent, no verdict against the truth, nothing
 * past its maximum age, no state that changes after its end, money rule M4's order of store, sign
 * and broadcast, and M8's free GAS.
 */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import { hash256Of } from '../../worker/core/neo/hash256.ts';
import {
  decodeTransaction,
  encodeUnsigned,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { SenderStep } from '../../worker/core/neo-sender/steps.ts';
import { expectSoundDays } from './day-invariants.ts';
import type { World } from './world.ts';

interface IntentRow {
  readonly id: string;
  readonly state: string;
  readonly deadline_at: number | null;
  readonly changes: number;
  readonly reason: string | null;
}

interface AttemptRow {
  readonly intent_id: string;
  readonly number: number;
  readonly kind: string;
  readonly hash: Hash256;
  readonly valid_until_block: number;
}

const ENDED = new Set(['confirmed', 'faulted', 'expired', 'cancelled', 'rejected']);
const RESOLVED = 'resolved_by_operator';

const intentsOf = async (world: World): Promise<readonly IntentRow[]> =>
  (await world.sender.rows(
    'SELECT id, state, deadline_at, changes, reason FROM intents',
  )) as unknown as IntentRow[];

const attemptsOf = async (world: World): Promise<readonly AttemptRow[]> =>
  (await world.sender.rows(
    `SELECT intent_id, number, kind, hash, valid_until_block FROM attempts
     WHERE hash IS NOT NULL`,
  )) as unknown as AttemptRow[];

/** Follows the states of a run; one for each. */
export class Watch {
  readonly #world: World;
  readonly #seen = new Map<string, IntentRow>();

  constructor(world: World) {
    this.#world = world;
  }

  /** After every turn. */
  async look(): Promise<readonly IntentRow[]> {
    const intents = await intentsOf(this.#world);
    const moved = intents.filter(({ id, changes }) => this.#seen.get(id)?.changes !== changes);
    for (const intent of moved) {
      const before = this.#seen.get(intent.id);
      if (before !== undefined && ENDED.has(before.state))
        this.#fail(`${intent.id} went from ${before.state} to ${intent.state}`);
      this.#seen.set(intent.id, intent);
    }
    if (moved.length > 0) await expectTruth(this.#world, moved);
    return intents;
  }

  /** After the alarm: nothing is left that has lasted too long, and nothing ended is worked on. */
  async lookAfterAlarm(steps: readonly SenderStep[]): Promise<void> {
    const now = this.#world.agenda.now;
    const intents = await this.look();
    for (const { id, state, deadline_at: deadline } of intents)
      if (deadline !== null && deadline <= now) this.#fail(`${id} is ${state} past its age`);
    for (const { kind, intentId } of steps) {
      const state = this.#seen.get(intentId)?.state ?? '';
      if (ENDED.has(state) || state === 'disputed')
        this.#fail(`${kind} was handed over for ${intentId}, which is ${state}`);
    }
  }

  #fail(what: string): void {
    this.#world.violations.push(what);
  }
}

/** A verdict the moment it is stored. */
async function expectTruth(world: World, moved: readonly IntentRow[]): Promise<void> {
  const { chain, violations } = world;
  const attempts = await attemptsOf(world);
  for (const { id, state, reason } of moved) {
    if (!ENDED.has(state)) continue;
    const own = attempts.filter(({ intent_id: intentId }) => intentId === id);
    const truth = truthOf(world, own);
    if (state === 'rejected' ? own.length > 0 : state !== truth)
      violations.push(`${id} is ${state}, but in truth ${truth} (${reason ?? 'by votes'})`);
    const isOpen = own.some((one) => one.valid_until_block >= chain.height);
    if (state === 'expired' && isOpen && reason !== RESOLVED)
      violations.push(`${id} expired before its last block`);
  }
}

function truthOf({ chain }: World, attempts: readonly AttemptRow[]): string {
  const winner = attempts.find(({ hash }) => chain.included.has(hash));
  if (winner === undefined) return 'expired';
  if (winner.kind === 'cancel') return 'cancelled';
  return chain.included.get(winner.hash)?.vmState === 'HALT' ? 'confirmed' : 'faulted';
}

/** M4: what the bridge is asked to sign was stored before. */
export async function expectStored({ sender, violations }: World, hash: Hash256): Promise<void> {
  const rows = await sender.rows(`SELECT 1 AS found FROM attempts WHERE hash = '${hash}'`);
  if (rows.length === 0) violations.push(`${hash} was to be signed and is not stored`);
}

/** M4: what is broadcast was stored, signed, before. */
export async function expectSigned(world: World, signed: Uint8Array): Promise<void> {
  const decoded = decodeTransaction(signed);
  const hash = decoded.ok ? hash256Of(encodeUnsigned(decoded.value)) : 'unreadable';
  const rows = await world.sender.rows(
    `SELECT 1 AS found FROM attempts WHERE hash = '${hash}' AND state NOT IN ('planned', 'prepared')`,
  );
  if (rows.length === 0) world.violations.push(`${hash} was broadcast and is not stored as signed`);
}

/** When all is over. */
export async function expectSoundEnd(world: World): Promise<void> {
  const { chain, scenario, sender, told, violations } = world;
  // What members sign elsewhere is not built by the sender, which then does not ask what it moves.
  if (!scenario.isMultisig) violations.push(...chain.overspent.map((what) => `M8: ${what}`));
  if ((await sender.listEvents()).length > 0) violations.push('an event was never delivered');
  const attempts = await attemptsOf(world);
  const known = new Set(attempts.map(({ hash }) => hash));
  for (const hash of chain.included.keys())
    if (!known.has(hash)) violations.push(`${hash} is on the chain and in no store`);
  const intents = await intentsOf(world);
  for (const { id, state, changes } of intents) {
    const own = attempts.filter(({ intent_id: intentId }) => intentId === id);
    const effects = own.filter(({ hash }) => chain.included.has(hash));
    if (effects.length > 1) violations.push(`${id} has ${effects.length} effects`);
    if (!ENDED.has(state) && state !== 'disputed') violations.push(`${id} is ${state} for ever`);
    const { magic, account } = world.wallet.sender;
    const event = told.get(`${magic}:${account}:${id}:${changes}`);
    if (event !== `transaction.${state}`) violations.push(`${id} is ${state}, told ${event}`);
  }
  await expectIndexes(world);
  await expectSoundDays(world);
}

/** What is derived equals a recount: nothing reserved for what has ended, no orphans (oz-823). */
async function expectIndexes({ sender, violations }: World): Promise<void> {
  const orphans = await sender.rows(
    `SELECT intent_id FROM attempts WHERE intent_id NOT IN (SELECT id FROM intents)
     UNION ALL SELECT intent_id FROM votes WHERE intent_id NOT IN (SELECT id FROM intents)
     UNION ALL SELECT intent_id FROM spendings WHERE intent_id NOT IN
       (SELECT id FROM intents WHERE ended_at IS NULL)`,
  );
  const ghosts = await sender.rows(
    `SELECT id FROM intents WHERE ended_at IS NOT NULL AND (due_at IS NOT NULL OR lease_until IS NOT NULL)
     UNION ALL SELECT intent_id FROM attempts WHERE due_at IS NOT NULL AND intent_id IN
       (SELECT id FROM intents WHERE ended_at IS NOT NULL)
     UNION ALL SELECT id FROM intents WHERE state = 'expired' AND reserved <> 0
     UNION ALL SELECT i.id FROM intents i WHERE state IN ('prepared', 'live', 'disputed') AND
       reserved <> (SELECT MAX(system_fee + network_fee +
         CASE kind WHEN 'cancel' THEN 0 ELSE i.gas_sent END) FROM attempts WHERE intent_id = i.id)`,
  );
  if (orphans.length > 0) violations.push(`${orphans.length} rows without their intent`);
  if (ghosts.length > 0) violations.push(`${ghosts.length} derived columns that are not true`);
}
