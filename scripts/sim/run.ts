/** One run of the simulation: a seed in, what broke out. The same seed gives the same run. */
import { startAlarms, startChain, startOperator } from './actors.ts';
import { Agenda } from './agenda.ts';
import { ChainModel } from './chain-model.ts';
import { startClient } from './client.ts';
import { EndpointModel } from './endpoint-model.ts';
import { expectSoundEnd, Watch } from './invariants.ts';
import { type Chance, chanceOf } from './random.ts';
import { type Scenario, scenarioOf } from './scenario.ts';
import { walletOf } from './wallet-model.ts';
import type { SenderUnderTest, World } from './world.ts';

export interface RunResult {
  readonly seed: number;
  readonly violations: readonly string[];
  /** How the intents ended, by state. */
  readonly ends: Readonly<Record<string, number>>;
  readonly events: number;
}

export interface RunOptions {
  readonly startAt: number;
  /** Lets everything run that is free to, until nothing moves. */
  readonly settle: () => Promise<void>;
  makeSender(clock: () => number, chance: Chance): SenderUnderTest | Promise<SenderUnderTest>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Twice the longest that anything may take, with an operator who looks every ten minutes. */
const HORIZON_MS = 48 * HOUR_MS;
const EVENTS_MAX = 400_000;

export async function simulate(seed: number, options: RunOptions): Promise<RunResult> {
  const scenario = scenarioOf(seed);
  const chance = chanceOf(seed ^ 0x5eed_5eed);
  const startAt = startOf(scenario, options.startAt);
  const agenda = new Agenda(startAt, chance, options.settle);
  const chain = new ChainModel(chance, scenario.openingGas);
  const endpoints = Array.from(
    { length: scenario.endpoints },
    (_, index) =>
      new EndpointModel(`node-${index}`, { chain, chance, scenario }, index < scenario.liars),
  );
  const sender = await options.makeSender(() => agenda.now, chanceOf(seed + 1));
  const wallet = walletOf(scenario);
  const around = { scenario, chance, agenda, chain, endpoints };
  const world: World = { ...around, sender, wallet, told: new Map(), violations: [] };
  return play(world, startAt + HORIZON_MS);
}

/** Some runs cross midnight, where a day of the wallet ends. */
function startOf({ midnightAfterBlocks, msPerBlock }: Scenario, startAt: number): number {
  if (midnightAfterBlocks === null) return startAt;
  const midnight = (Math.floor(startAt / DAY_MS) + 2) * DAY_MS;
  return midnight - midnightAfterBlocks * msPerBlock;
}

async function play(world: World, horizon: number): Promise<RunResult> {
  const { agenda, scenario, sender, violations } = world;
  let isOver = false;
  const ended = () => isOver;
  const turned = startAlarms(world, new Watch(world), ended);
  startChain(world, ended);
  const client = startClient({ world, turned });
  startOperator({ world, turned }, ended);
  let events = 0;
  while (violations.length === 0 && agenda.now < horizon && events < EVENTS_MAX) {
    if (!(await agenda.step())) break;
    events += 1;
    if (events % 8 === 0 && client.openCommands() === 0) {
      isOver = await isSettled(world);
      if (isOver) break;
    }
  }
  if (violations.length === 0) await expectSoundEnd(world);
  // Texts and counts, by the statement.
  const rows = (await sender.rows(
    `SELECT state || COALESCE(' ' || reason, '') AS state, COUNT(*) AS intents FROM intents
     GROUP BY 1 ORDER BY 1`,
  )) as unknown as readonly { readonly state: string; readonly intents: number }[];
  const ends = Object.fromEntries(rows.map(({ state, intents }) => [state, intents]));
  return { seed: scenario.seed, violations, ends, events };
}

/**
 * All intents have ended or wait for an operator, their verdicts are delivered, and the chain can
 * take none of theirs any more.
 */
async function isSettled({ chain, scenario, sender }: World): Promise<boolean> {
  const open = await sender.rows(
    "SELECT id FROM intents WHERE ended_at IS NULL AND state <> 'disputed' LIMIT 1",
  );
  if (open.length > 0 || (await sender.listEvents()).length > 0) return false;
  if (scenario.endsAfterBlocks !== null) return true;
  const [last] = await sender.rows('SELECT MAX(valid_until_block) AS last FROM attempts');
  return Number(last?.last ?? 0) < chain.height;
}
