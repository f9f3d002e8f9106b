/**
 * `npm test`: types, lint, format, house check and all tests, each even when an earlier one failed.
 * `--slow` runs the slow tests alone and `--chain` those against real Neo nodes, which need Go;
 * other arguments go to Vitest and make it a narrow run of tests alone. The last line is exactly
 * `N passed, N failed`: every test counts one and every other step counts one. What failed is named
 * before it. TOTALS_FILE gets these lines as well.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative } from 'node:path';

interface Totals {
  readonly passed: number;
  /** What failed, each by its name. */
  readonly failures: readonly string[];
}

const root = dirname(import.meta.dirname);
const bin = join(root, 'node_modules', '.bin');
const env = { ...process.env, PATH: [bin, process.env.PATH ?? ''].join(delimiter) };

const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['types', join(bin, 'tsc'), '-p', 'tsconfig.json'],
  ['lint', join(bin, 'oxlint'), '--type-aware'],
  ['format', join(bin, 'biome'), 'check'],
  ['house', process.execPath, join('scripts', 'check-house.ts')],
];

/**
 * One workerd has one thread; two lanes at once use both cores of a small machine, and take about
 * equally long. The slow ones are three, since much of them waits. What stands in one pair of brackets
 * is one Vitest: projects of workerd that share a Vitest with others wait for each other's modules,
 * which took as long as their tests. A shard is a part of the project's files.
 */
const LANES: Readonly<Record<'fast' | 'slow', readonly (readonly (readonly string[])[])[]>> = {
  fast: [
    [['--project=contract'], ['--project=node'], ['--project=e2e', '--shard=2/2']],
    [['--project=worker'], ['--project=e2e', '--shard=1/2']],
  ],
  slow: [
    [['--project=contract', '--shard=1/2'], ['--project=e2e']],
    [['--project=contract', '--shard=2/2'], ['--project=traces']],
    [['--project=node'], ['--project=worker']],
  ],
};

const running = new Set<ChildProcess>();

function run(command: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<number> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: root,
    env: { ...env, ...extra },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.add(child);
  return new Promise((resolve) => {
    child
      .on('error', () => resolve(1))
      .on('exit', (code) => {
        running.delete(child);
        resolve(code ?? 1);
      });
  });
}

async function check([name, ...command]: readonly [string, ...string[]]): Promise<Totals> {
  const startedAt = performance.now();
  const passed = (await run(command)) === 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)\n`);
  return { passed: Number(passed), failures: passed ? [] : [name] };
}

interface Kind {
  readonly slow: boolean;
  readonly chain: boolean;
}

/** A narrow run is one Vitest, and so is one with nodes; of a whole one the lanes run at once. */
async function runTests(args: readonly string[], kind: Kind): Promise<readonly Totals[]> {
  if (args.length > 0 || kind.chain) return [await runVitest(args, kind)];
  const lanes = LANES[kind.slow ? 'slow' : 'fast'];
  return (await Promise.all(lanes.map((lane) => runLane(lane, kind)))).flat();
}

async function runLane(
  lane: readonly (readonly string[])[],
  kind: Kind,
): Promise<readonly Totals[]> {
  const totals: Totals[] = [];
  for (const args of lane) totals.push(await runVitest(args, kind));
  return totals;
}

async function runVitest(args: readonly string[], { slow, chain }: Kind): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const command = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...reporters];
    // A narrow fast run that matches nothing is a typing mistake; a part without slow tests is none.
    const settings = slow ? ['--passWithNoTests', ...args] : args;
    const code = await run([process.execPath, ...command, ...settings], {
      SLOW: slow ? '1' : '0',
      CHAIN: chain ? '1' : '0',
      // Each Vitest builds the bridge for itself, so that none reads what another is writing.
      TEST_BRIDGE_FOLDER: join('build', `bridge-${basename(folder)}`),
    });
    return countTests(report, { code, name: args.join(' ') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(root, 'build', `bridge-${basename(folder)}`), { recursive: true, force: true });
  }
}

/** The part of Vitest's JSON report that is counted. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function countTests(
  path: string,
  { code, name }: { readonly code: number; readonly name: string },
): Totals {
  const { testResults } = readReport(path);
  const passed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'passed'),
  ).length;
  const failures = testResults.flatMap(failuresOf);
  // An error outside any test, such as an unhandled rejection, is told by the exit code alone.
  const isUntold = failures.length === 0 && code !== 0;
  return { passed, failures: isUntold ? [`vitest ${name} exited with ${code}`] : failures };
}

function failuresOf(file: Report['testResults'][number]): readonly string[] {
  const path = relative(root, file.name);
  const failed = file.assertionResults.filter(({ status }) => status === 'failed');
  // A file that does not even load has no test to fail, and counts as one.
  if (failed.length === 0) return file.status === 'failed' ? [path] : [];
  return failed.map(({ fullName }) => `${path}: ${fullName}`);
}

function readReport(path: string): Report {
  try {
    // Written by the pinned Vitest a moment ago.
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return { testResults: [] };
  }
}

function stop(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.on('disconnect', () => stop('SIGTERM'));

const KINDS = ['--slow', '--chain'];
const kind = { slow: process.argv.includes('--slow'), chain: process.argv.includes('--chain') };
const narrowed = process.argv.slice(2).filter((argument) => !KINDS.includes(argument));
const steps = kind.slow || kind.chain || narrowed.length > 0 ? [] : CHECKS;
const totals: Totals[] = [];
for (const step of steps) totals.push(await check(step));
totals.push(...(await runTests(narrowed, kind)));
const passed = totals.reduce((sum, part) => sum + part.passed, 0);
const failures = totals.flatMap((part) => part.failures);
const named = failures.map((name) => `FAILED  ${name.replaceAll('\n', ' ')}\n`).join('');
const told = `${named}${passed} passed, ${failures.length} failed\n`;
if (process.env.TOTALS_FILE !== undefined) appendFileSync(process.env.TOTALS_FILE, told);
process.stdout.write(told);
process.exit(failures.length === 0 ? 0 : 1);
