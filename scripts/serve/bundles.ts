/**
 * Builds both Workers with Wrangler, as a deployment would, into a folder named by the hash of
 * everything that goes in. An unchanged tree is not built twice, and two instances that start
 * together never read each other's half-written files.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from './user-error.ts';
import { wranglerCommand, wranglerEnv } from './wrangler.ts';

export interface BuiltModule {
  readonly type: 'ESModule' | 'CompiledWasm' | 'Text' | 'Data';
  readonly path: string;
  readonly contents: Buffer<ArrayBuffer>;
}

export interface Bundle {
  readonly folder: string;
  /** The entry module stands first. */
  readonly modules: readonly BuiltModule[];
}

export interface Bundles {
  readonly api: Bundle;
  readonly bridge: Bundle;
}

export const WORKERS = {
  api: 'wrangler.toml',
  bridge: 'enclave-bridge/wrangler.toml',
} as const;

/** What a bundle can contain. A folder that is not there counts as empty. */
const SOURCES =
  'worker durable-objects enclave-bridge docs sdk wrangler.toml package-lock.json'.split(' ');
const NO_SOURCE = /^(node_modules|\.wrangler|\.dev\.vars.*)$/;
/** Builds of other trees are dropped after this; nobody is still reading one by then. */
const STALE_AFTER_MS = 3_600_000;
const HASH_CHARACTERS = 20;

export async function buildBundles(root: string): Promise<Bundles> {
  const builds = join(root, 'build', 'served');
  const folder = join(builds, hashSources(root));
  if (!existsSync(folder)) {
    dropStale(builds);
    await build(root, folder);
  }
  return { api: readBundle(join(folder, 'api')), bridge: readBundle(join(folder, 'bridge')) };
}

async function build(root: string, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}.draft`;
  mkdirSync(draft, { recursive: true });
  try {
    await Promise.all(
      Object.entries(WORKERS).map(([name, config]) =>
        runWrangler(root, [
          'deploy',
          '--dry-run',
          '--env=',
          '-c',
          config,
          '--outdir',
          join(draft, name),
        ]),
      ),
    );
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another instance was first with the same content.
    if (!existsSync(folder)) throw error;
  }
}

function runWrangler(root: string, args: readonly string[]): Promise<void> {
  const { command, prefix } = wranglerCommand(root);
  const child = spawn(command, [...prefix, ...args], {
    cwd: root,
    env: wranglerEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new UserError(`The build failed.\n${output}`)),
    );
  });
}

function readBundle(folder: string): Bundle {
  const modules = readdirSync(folder)
    .filter((name) => !name.endsWith('.map') && name !== 'README.md')
    // The runtime takes the first module as the entry.
    .sort((left, right) => Number(right === 'index.js') - Number(left === 'index.js'))
    .map((name) => {
      const path = join(folder, name);
      return { type: moduleType(name), path, contents: readFileSync(path) };
    });
  return { folder, modules };
}

function moduleType(name: string): BuiltModule['type'] {
  if (name.endsWith('.wasm')) return 'CompiledWasm';
  if (/\.m?js$/.test(name)) return 'ESModule';
  return name.endsWith('.bin') ? 'Data' : 'Text';
}

function hashSources(root: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of listFiles(join(root, source))) {
      const contents = readFileSync(path);
      hash.update(`${path.slice(root.length)}\0${contents.length}\0`).update(contents);
    }
  }
  return hash.digest('hex').slice(0, HASH_CHARACTERS);
}

function listFiles(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path)
    .sort()
    .filter((name) => !NO_SOURCE.test(name))
    .flatMap((name) => listFiles(join(path, name)));
}

function dropStale(builds: string): void {
  if (!existsSync(builds)) return;
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > STALE_AFTER_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
