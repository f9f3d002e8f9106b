/**
 * The README's tour, followed literally: its `sh` blocks run one after the other in one bash against a started
 * platform, and what each prints must be what the block below it shows. The two variables the README names are the only
 * thing that is set from outside. `…` in the README stands for one or more characters of a line.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** About twenty starts of `slctl`, each of which two busy cores may take seconds for. */
const TOUR_MS = 300_000;

interface Step {
  readonly script: string;
  /** What the README shows below the block; empty when it shows nothing. */
  readonly shown: string;
}

function readSteps(readme: string): readonly Step[] {
  const [, tour = ''] = /^## A five-minute tour\n([\s\S]*?)^## /m.exec(readme) ?? [];
  const steps: Step[] = [];
  for (const [, language, text = ''] of tour.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    const last = steps.at(-1);
    if (language === 'sh') steps.push({ script: text, shown: '' });
    else if (last && /^(text|json)$/.test(language ?? ''))
      steps.splice(-1, 1, { ...last, shown: last.shown + text });
  }
  return steps;
}

/** Line by line, so that a difference is told by its line. */
function assertPrinted(printed: string, shown: string): void {
  const lines = (text: string): readonly string[] =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.trimEnd());
  const [actual, expected] = [lines(printed), lines(shown)];
  for (const [index, line] of expected.entries())
    expect(actual[index] ?? '(nothing)').toMatch(toPattern(line));
  expect(actual).toHaveLength(expected.length);
}

const toPattern = (line: string): RegExp =>
  new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+')}$`);

let folder = '';
let platform: ChildProcess | undefined;
let place = { address: '', token: '' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tour-'));
  const args = ['--port', '0', '--state', join(folder, 'state')];
  const child = spawn('node', ['scripts/bootstrap.mjs', 'scripts/start.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  platform = child;
  let output = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(text);
    const token = /^token (.+)$/m.exec(output)?.[1];
    if (token === undefined) continue;
    place = { address: /^ready (.+)$/m.exec(output)?.[1] ?? '', token };
    break;
  }
  child.stdout.resume();
});

afterAll(async () => {
  const child = platform;
  if (child && child.exitCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

it('prints at every step of the tour what the README shows', { timeout: TOUR_MS }, async () => {
  const steps = readSteps(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  expect(steps.length).toBeGreaterThan(8);
  const border = '--- the next step ---';
  const script = steps.map((step) => step.script).join(`echo '${border}'\n`);
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    cwd: ROOT,
    env: {
      ...process.env,
      SERVICE_LAYER_ADDR: place.address,
      SERVICE_LAYER_TOKEN: place.token,
      // The profiles of whoever runs the tests have no part in it.
      XDG_CONFIG_HOME: folder,
      TMPDIR: folder,
    },
    timeout: TOUR_MS,
  });
  const printed = stdout.split(`${border}\n`);
  for (const [index, { shown }] of steps.entries()) assertPrinted(printed[index] ?? '', shown);
});
