#!/usr/bin/env node
/**
 * Runs a script of this project from a fresh clone: installs the packages when they are missing or
 * not those of the lock file, then starts the script under the pinned Node of node_modules, with
 * node_modules/.bin first on the PATH. It has no dependency and runs on Node 20, so that `npm
 * start` and `npm test` need nothing installed beforehand.
 *
 *   node scripts/bootstrap.mjs scripts/start.ts --port 8787
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
/**
 * The first Node that runs TypeScript without a flag; used where no pinned Node exists (macOS,
 * musl).
 */
const TYPE_STRIPPING_FROM = { major: 22, minor: 18 };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binFolder = join(root, 'node_modules', '.bin');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function isAtLeast(version, { major, minor }) {
  const [ownMajor = 0, ownMinor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * npm writes node_modules/.package-lock.json as the last step of an install, so it is absent after
 * a broken one and says exactly what is there. Comparing it with the lock file needs no stamp of
 * our own and accepts a hand-run install.
 */
function isInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined) return fail('package-lock.json is missing or broken.');
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    // Packages for other platforms are optional and absent.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function install() {
  process.stderr.write('Installing the packages of package-lock.json (needed once) ...\n');
  // Under `npm start` this is the npm that is running; it need not be on the PATH under that name.
  const cli = process.env.npm_execpath;
  const ownNpm = cli !== undefined && /npm-cli\.c?js$/.test(cli) && existsSync(cli);
  const [command, args] = ownNpm ? [process.execPath, [cli, 'ci']] : ['npm', ['ci']];
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    // Standard output belongs to the script that follows.
    stdio: ['ignore', 2, 2],
    shell: !ownNpm && process.platform === 'win32',
  });
  if (error === undefined && status === 0) return;
  const cause = error === undefined ? `npm ci ended with ${status}` : `npm: ${error.message}`;
  fail(
    `The packages could not be installed (${cause}).\n` +
      'The first run needs the npm registry; later runs need no network. Check the connection or the proxy\n' +
      'settings of npm (`npm ping`), or copy node_modules from a machine with the same lock file.',
  );
}

/** The pinned Node, else the running one when it is new enough. */
function findNode() {
  const pinned = join(binFolder, process.platform === 'win32' ? 'node.exe' : 'node');
  // It is asked and not only looked for: a glibc build is present and does not run on a musl
  // system.
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (isAtLeast(process.version, TYPE_STRIPPING_FROM)) return process.execPath;
  return fail(
    `There is no pinned Node for ${process.platform}-${process.arch} and the running one is ${process.version}.\n` +
      'Install Node 24 (https://nodejs.org) and run the command again.',
  );
}

function run(script, args) {
  const child = spawn(findNode(), [join(root, script), ...args], {
    // The channel closes when this process dies, even by SIGKILL, so that the script can end as
    // well.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [binFolder, process.env.PATH].filter(Boolean).join(delimiter) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${script} did not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    // As a shell reports it: 128 and the number of the signal.
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

if (!isAtLeast(process.version, { major: NODE_MAJOR_MIN, minor: 0 })) {
  fail(`Node ${NODE_MAJOR_MIN} or newer is needed; this is ${process.version}.`);
}
const [script, ...args] = process.argv.slice(2);
if (script === undefined || !existsSync(join(root, script))) {
  fail('usage: node scripts/bootstrap.mjs <script> [arguments]');
}
if (!isInstalled()) install();
run(script, args);
