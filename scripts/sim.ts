/**
 * `npm run sim -- [--of sender|ledger] --seed S [--seeds N] [--commands C]`: drives the product's own
 * decisions, statements and steps through N seeded runs in which everything outside may fail, and
 * prints the seeds that broke an invariant. The same seed gives the same run, so a broken one can be
 * looked at for as long as it takes. `--commands` is for books: how many each run gives them.
 */
import { parseArgs } from 'node:util';
import { isDeath, ledgerInMemory } from './sim/ledger/ledger-in-memory.ts';
import { simulateLedger } from './sim/ledger/run.ts';
import { simulate } from './sim/run.ts';
import { senderInMemory } from './sim/sender-in-memory.ts';

const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'sender' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    commands: { type: 'string', default: '5000' },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const START = 1_800_000_000_000;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Run {
  readonly violations: readonly string[];
  /** What happened, counted. */
  readonly counts: Readonly<Record<string, number>>;
}

const runSender = async (seed: number): Promise<Run> => {
  const options = { startAt: START, settle, makeSender: senderInMemory };
  const { violations, ends, events } = await simulate(seed, options);
  return { violations, counts: { events, ...ends } };
};

const runLedger = async (seed: number): Promise<Run> => {
  const { violations, accepted, deaths } = await simulateLedger(seed, {
    startAt: START,
    commands: Number(values.commands),
    makeBook: (_owner, clock) => ledgerInMemory(clock),
    isDeath,
  });
  return { violations, counts: { accepted, deaths } };
};

const RUNS: Readonly<Record<string, (seed: number) => Promise<Run>>> = {
  sender: runSender,
  ledger: runLedger,
};
const run = RUNS[values.of];
if (run === undefined) throw new Error(`--of is one of ${Object.keys(RUNS).join(', ')}`);

const totals = new Map<string, number>();
let broken = 0;
const started = performance.now();
for (let seed = first; seed < first + count; seed += 1) {
  const { violations, counts } = await run(seed);
  for (const [name, times] of Object.entries(counts))
    totals.set(name, (totals.get(name) ?? 0) + times);
  if (count === 1) console.log(`seed ${seed}: ${JSON.stringify(counts)}`);
  if (violations.length > 0) {
    broken += 1;
    console.log(`seed ${seed} broke: ${violations.slice(0, 3).join('; ')}`);
  }
}
const seconds = ((performance.now() - started) / 1_000).toFixed(1);
console.log(
  `${count} seeds in ${seconds} s, ${broken} broken; ${JSON.stringify(Object.fromEntries(totals))}`,
);
process.exitCode = broken > 0 ? 1 : 0;
