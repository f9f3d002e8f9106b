/**
 * `npm run bench`: measures the product against bare Workers and writes docs/benchmarks.md. With
 * `--quick` or `--only` it prints the page instead, since a part of the measurement must not replace
 * the whole. Fails on any answer that is not 2xx; a missed target is shown and fails nothing.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { measureStartUp, sizeOf } from './bench/bundle.ts';
import { COMPARISONS, type Comparison } from './bench/comparisons.ts';
import { growAccounts, growConnections } from './bench/growth.ts';
import { type LedgerCosts, measureLedger } from './bench/ledger/ledger-costs.ts';
import { describeMachine } from './bench/machine.ts';
import { measureNeo, type NeoCosts } from './bench/neo-costs.ts';
import {
  type BenchOptions,
  PARTS,
  parseBenchOptions,
  SERVED_PARTS,
  USAGE,
} from './bench/options.ts';
import { type ComparedAt, type Report, type RuntimeCosts, renderReport } from './bench/report.ts';
import { compare } from './bench/rounds.ts';
import { BENCH_SETTINGS } from './bench/served-product.ts';
import { openSite, type Site } from './bench/site.ts';
import {
  measureSponsorships,
  type SponsorshipCosts,
} from './bench/sponsorships/sponsorship-costs.ts';
import { buildBundles } from './serve/bundles.ts';
import { endWith } from './serve/user-error.ts';

const root = dirname(import.meta.dirname);
const MANY_CONNECTIONS = 16;
const ACCOUNTS = 1_000;

async function bench(options: BenchOptions): Promise<Report> {
  const builds = join(root, 'build');
  mkdirSync(builds, { recursive: true });
  const folder = mkdtempSync(join(builds, 'bench-'));
  let site: Site | undefined;
  try {
    tell('building and checking start-up');
    const bundle = options.measures('bundle') ? await measureBundle() : undefined;
    const neo = options.measures('neo') ? await measureNeoAlone(options) : undefined;
    const ledger = options.measures('ledger') ? await measureBooks(options, folder) : undefined;
    const sponsorships = options.measures('sponsorships')
      ? await measureSponsored(options, folder)
      : undefined;
    const alone = { ...frame(options), ...NOT_SERVED, bundle, ledger, sponsorships, neo };
    if (!SERVED_PARTS.some(options.measures)) return alone;
    tell('serving');
    site = await openSite(root, folder);
    return { ...alone, ...(await measureSite(site, options)) };
  } finally {
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const frame = ({ args, rounds, seconds }: BenchOptions) => ({
  date: new Date().toISOString().slice(0, 10),
  command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  rounds,
  seconds,
  connections: MANY_CONNECTIONS,
  settings: BENCH_SETTINGS,
  machine: describeMachine(root),
});

/** Before anything else runs beside it. */
function measureNeoAlone({ rounds, seconds }: BenchOptions): Promise<NeoCosts> {
  tell('the protocol of Neo');
  return measureNeo({ rounds, seconds });
}

function measureBooks({ rounds, seconds }: BenchOptions, folder: string): Promise<LedgerCosts> {
  tell('the books of the gas bank');
  return measureLedger({ root, folder, rounds, seconds });
}

async function measureSponsored(
  { rounds, seconds }: BenchOptions,
  folder: string,
): Promise<SponsorshipCosts> {
  tell('sponsorships on a private network');
  const costs = await measureSponsorships({ root, folder, rounds, seconds });
  if (costs.kind === 'left out') tell(`left out: ${costs.reason}`);
  return costs;
}

const NOT_SERVED = {
  accountsGrowth: undefined,
  connectionsGrowth: undefined,
  runtime: undefined,
  compared: [],
} as const;

async function measureBundle() {
  const { api } = await buildBundles(root);
  return { size: sizeOf(api), startUpMs: measureStartUp(root) };
}

/** Growth comes first: it starts from the ten accounts of a fresh store. What adds rows comes last. */
async function measureSite(site: Site, options: BenchOptions) {
  const { seconds } = options;
  const isGrown = options.measures('growth');
  if (isGrown) tell('growth of accounts');
  const accountsGrowth = isGrown ? await growAccounts(site, seconds) : undefined;
  if (isGrown) tell('growth of connections');
  const connectionsGrowth = isGrown ? await growConnections(site, seconds) : undefined;
  if (!isGrown) await site.fill(ACCOUNTS);
  const runtime = options.measures('runtime') ? await measureRuntime(site, options) : undefined;
  const compared: ComparedAt[] = [];
  for (const comparison of COMPARISONS.filter(({ name }) => options.measures(name))) {
    compared.push(await measureComparison(site, comparison, options));
  }
  return { accountsGrowth, connectionsGrowth, runtime, compared };
}

async function measureComparison(
  site: Site,
  comparison: Comparison,
  { rounds, seconds }: BenchOptions,
): Promise<ComparedAt> {
  tell(`${comparison.subject}, against ${comparison.floor}`);
  const pair = comparison.pair(site.tenant(), site.floors);
  const one = await compare(pair, { rounds, seconds, connections: 1 });
  const many = await compare(pair, { rounds, seconds, connections: MANY_CONNECTIONS });
  return { comparison, one, many };
}

async function measureRuntime(
  { floors }: Site,
  { rounds, seconds }: BenchOptions,
): Promise<RuntimeCosts> {
  tell('the meter of the functions runtime');
  const pairOf = (act: string) => ({
    subject: { url: `${floors.runWasm}/${act}/metered`, method: 'GET' as const },
    floor: { url: `${floors.runWasm}/${act}/unmetered`, method: 'GET' as const },
  });
  const load = { rounds, seconds, connections: 1 };
  const meter = await compare(pairOf('run'), load);
  return { meter, create: await compare(pairOf('create'), load) };
}

function tell(step: string): void {
  process.stderr.write(`bench: ${step}\n`);
}

try {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${USAGE}\nParts: ${PARTS.join(', ')}\n`);
  } else {
    const page = renderReport(await bench(options));
    if (options.isWhole) writeFileSync(join(root, 'docs', 'benchmarks.md'), page);
    else process.stdout.write(page);
  }
} catch (error) {
  endWith(error);
}
