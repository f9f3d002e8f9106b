/**
 * The page of benchmarks: pure, from what was measured to Markdown. A target is shown beside every
 * number that has one, and what misses it is shown as missed, with the reason.
 */
import type { BundleSize } from './bundle.ts';
import type { Comparison } from './comparisons.ts';
import type { GrowthStep } from './growth.ts';
import { type LedgerCosts, ledgerSection } from './ledger/ledger-costs.ts';
import type { Machine } from './machine.ts';
import { ms, perSecond, spread, table, verdict } from './markdown.ts';
import { type NeoCosts, neoSection } from './neo-costs.ts';
import type { Compared } from './rounds.ts';
import { type SponsorshipCosts, sponsorshipSection } from './sponsorships/sponsorship-costs.ts';

export interface ComparedAt {
  readonly comparison: Comparison;
  readonly one: Compared;
  readonly many: Compared;
}

export interface RuntimeCosts {
  /** A program on the metered runtime against the same on the unmetered one. */
  readonly meter: Compared;
  /** Making a VM and dropping it, likewise. */
  readonly create: Compared;
}

export interface Report {
  readonly date: string;
  readonly command: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly machine: Machine;
  readonly compared: readonly ComparedAt[];
  readonly connectionsGrowth: readonly GrowthStep[] | undefined;
  readonly accountsGrowth: readonly GrowthStep[] | undefined;
  readonly runtime: RuntimeCosts | undefined;
  readonly ledger: LedgerCosts | undefined;
  readonly sponsorships: SponsorshipCosts | undefined;
  readonly neo: NeoCosts | undefined;
  readonly bundle: { readonly size: BundleSize; readonly startUpMs: number } | undefined;
}

const GZIP_BYTES_MAX = 1_000_000;
const START_UP_MS_MAX = 100;

export function renderReport(report: Report): string {
  const sections = [
    heading(report),
    throughputSection(report),
    latencySection(report),
    missedSection(report),
    growthSection(report),
    runtimeSection(report),
    ledgerSection(report.ledger),
    sponsorshipSection(report.sponsorships),
    neoSection(report.neo),
    bundleSection(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading({ date, command, rounds, seconds, settings, machine }: Report): string {
  const raised = Object.entries(settings).map(([name, value]) => `\`${name}=${value}\``);
  return `# Benchmarks

Written by \`${command}\` on ${date}.

| machine | |
|---|---|
| processor | ${machine.cpu}, ${machine.cores} cores, shared by load and servers |
| memory | ${machine.memoryGib} GiB |
| Node | ${machine.node} |
| workerd | ${machine.workerd} |

The product is served by the script of \`npm start\`: built bundles, workerd on a direct socket, data
on disk. Two settings differ: ${raised.join(' and ')}. The first
keeps the load from being refused; every request is still counted. The second keeps the terminal out
of the measurement. A **floor** is a bare Worker without a framework, served the same way, that does
only the same primitives on the same kind of storage (\`scripts/bench/floors/\`). Both sides hold the
same number of accounts.

In each of the rounds (${rounds}) a subject and its floor are measured right after each other, for
${seconds} s each, in alternating order. A ratio is taken within its round; told is the median of the
rounds, with the least and the greatest. Times are medians of the rounds, in milliseconds at the
client. Any answer that is not 2xx fails the bench. Ratios travel between machines;
requests a second do not.`;
}

function throughputSection({ compared, connections }: Report): string {
  if (compared.length === 0) return '';
  const rows = compared.map(({ comparison, many }) => [
    comparison.subject,
    comparison.floor,
    spread(many.throughput),
    verdict(reachesThroughput(comparison, many), `≥ ${comparison.throughputMin}`),
    perSecond(many.subject.requestsPerSecond),
    perSecond(many.floor.requestsPerSecond),
    ms(many.subject.p99Ms),
    ms(many.floor.p99Ms),
  ]);
  return `## Throughput at ${connections} connections

${table(
  ['subject', 'floor', 'of the floor', 'target', 'req/s', 'floor', 'p99', "floor's p99"],
  rows,
)}`;
}

function latencySection({ compared }: Report): string {
  if (compared.length === 0) return '';
  const rows = compared.map(({ comparison, one }) => [
    comparison.subject,
    ms(one.subject.p50Ms),
    ms(one.floor.p50Ms),
    spread(one.addedMs),
    verdict(
      reachesSingle(comparison, one),
      `${comparison.single.of} < ${comparison.single.belowMs} ms`,
    ),
    ms(one.subject.p99Ms),
    ms(one.floor.p99Ms),
  ]);
  return `## Time at one connection

${table(['subject', 'median', "floor's", 'added', 'target', 'p99', "floor's p99"], rows)}`;
}

function missedSection({ compared }: Report): string {
  const missed = compared.filter(
    ({ comparison, one, many }) =>
      !reachesThroughput(comparison, many) || !reachesSingle(comparison, one),
  );
  if (missed.length === 0) return '';
  const reasons = missed.map(({ comparison: { subject, costs } }) => `- **${subject}**: ${costs}`);
  return `## Where the time goes

For what misses a target, as profiling found it:

${reasons.join('\n')}`;
}

const reachesThroughput = ({ throughputMin }: Comparison, { throughput }: Compared) =>
  throughput.median >= throughputMin;

const reachesSingle = ({ single }: Comparison, { subject, addedMs }: Compared): boolean =>
  (single.of === 'median' ? subject.p50Ms : addedMs.median) < single.belowMs;

function growthSection({ connectionsGrowth, accountsGrowth }: Report): string {
  const parts = [
    growthTable('connections', connectionsGrowth),
    growthTable('accounts', accountsGrowth),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `## Growth\n\n${parts.join('\n\n')}`;
}

function growthTable(what: string, steps: readonly GrowthStep[] | undefined): string {
  if (steps === undefined) return '';
  const rows = steps.map(({ count, read, list }) => [
    count.toLocaleString('en'),
    perSecond(read.requestsPerSecond),
    ms(read.p50Ms),
    ms(read.p99Ms),
    perSecond(list.requestsPerSecond),
    ms(list.p50Ms),
    ms(list.p99Ms),
  ]);
  return table([what, 'GET req/s', 'median', 'p99', 'list req/s', 'median', 'p99'], rows);
}

function runtimeSection({ runtime }: Report): string {
  if (runtime === undefined) return '';
  const { meter, create } = runtime;
  const rows = [
    ['a program of calls, loops, sorting and JSON', meter],
    ['making a VM and dropping it', create],
  ] as const;
  return `## The meter of the functions runtime

Metered against the original WASM, one connection, nothing stored.

${table(
  ['', 'of the unmetered', 'metered median', 'unmetered median'],
  rows.map(([name, { throughput, subject, floor }]) => [
    name,
    spread(throughput),
    ms(subject.p50Ms),
    ms(floor.p50Ms),
  ]),
)}

Making the VM takes ${percent(create.subject.p50Ms / meter.subject.p50Ms)} of that program's time.`;
}

function bundleSection({ bundle }: Report): string {
  if (bundle === undefined) return '';
  const { size, startUpMs } = bundle;
  const rows = [
    [
      'code, gzipped',
      `${kilobytes(size.codeGzipBytes)} (${kilobytes(size.codeBytes)} before)`,
      verdict(size.codeGzipBytes < GZIP_BYTES_MAX, '< 1 MB'),
    ],
    ['WASM, gzipped', `${kilobytes(size.wasmGzipBytes)} (${kilobytes(size.wasmBytes)} before)`, ''],
    [
      'start-up, active',
      `${ms(startUpMs)} ms`,
      verdict(startUpMs < START_UP_MS_MAX, `< ${START_UP_MS_MAX} ms`),
    ],
  ];
  return `## Bundle and start-up

The API Worker as it is deployed; start-up by \`wrangler check startup\`, median of three.

${table(['', '', 'target'], rows)}

Services are [loaded with the first call](adr/0011-services-loaded-when-called.md) of them: an isolate
that runs an object starts without their schemas, and the first request of one that serves HTTP waits
for them.`;
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en')} kB`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
