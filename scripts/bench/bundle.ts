/** Size and start-up of the API Worker: what a deployment uploads, and what a cold isolate runs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bundle } from '../serve/bundles.ts';
import { UserError } from '../serve/user-error.ts';
import { wranglerCommand, wranglerEnv } from '../serve/wrangler.ts';
import { toSpread } from './statistics.ts';

export interface BundleSize {
  readonly codeBytes: number;
  readonly codeGzipBytes: number;
  readonly wasmBytes: number;
  readonly wasmGzipBytes: number;
}

export function sizeOf({ modules }: Bundle): BundleSize {
  const sum = (isWasm: boolean, size: (contents: Buffer) => number) =>
    modules
      .filter(({ type }) => (type === 'CompiledWasm') === isWasm)
      .reduce((total, { contents }) => total + size(contents), 0);
  const plain = ({ byteLength }: Buffer) => byteLength;
  const gzip = (contents: Buffer) => gzipSync(contents).byteLength;
  return {
    codeBytes: sum(false, plain),
    codeGzipBytes: sum(false, gzip),
    wasmBytes: sum(true, plain),
    wasmGzipBytes: sum(true, gzip),
  };
}

const START_UPS = 3;

/** What `wrangler check startup` calls active, in milliseconds; the median of three isolates. */
export function measureStartUp(root: string): number {
  return toSpread(Array.from({ length: START_UPS }, () => profileStartUp(root))).median;
}

function profileStartUp(root: string): number {
  const folder = mkdtempSync(join(root, 'build', 'startup-'));
  const profile = join(folder, 'startup.cpuprofile');
  try {
    const { command, prefix } = wranglerCommand(root);
    const { status, stdout, stderr } = spawnSync(
      command,
      [...prefix, 'check', 'startup', '-c', join(root, 'wrangler.toml'), '--outfile', profile],
      { cwd: root, env: wranglerEnv(), encoding: 'utf8' },
    );
    if (status !== 0) throw new UserError(`wrangler check startup failed.\n${stdout}${stderr}`);
    return activeMs(JSON.parse(readFileSync(profile, 'utf8')) as CpuProfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The form of V8's profiles, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const IDLE = new Set(['(idle)']);

export function activeMs({ nodes, samples, timeDeltas }: CpuProfile): number {
  const idle = new Set(
    nodes.filter(({ callFrame }) => IDLE.has(callFrame.functionName)).map(({ id }) => id),
  );
  const micros = samples.reduce(
    (total, id, index) => (idle.has(id) ? total : total + Math.max(0, timeDeltas[index] ?? 0)),
    0,
  );
  return micros / 1000;
}
