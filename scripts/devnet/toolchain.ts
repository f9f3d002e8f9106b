/**
 * The pinned neo-go program: node, contract compiler and chain tool in one. The version and every
 * checksum stand in `go/go.mod` and `go/go.sum`; the program is built once into the user's cache,
 * beside the tree and not in it. Two processes may build at once: each builds under its own name
 * and renames, so nobody ever runs a half-written program. It installs nothing: without Go it says
 * what to install.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '../serve/user-error.ts';

const MODULE_FOLDER = join(import.meta.dirname, 'go');
const NODE_PACKAGE = 'github.com/nspcc-dev/neo-go';
/** Where Go's own installer puts it; a shell that was open before does not have it on its PATH. */
const GO_FOLDER_OF_INSTALLER = '/usr/local/go/bin';
const OLDEST_GO_MINOR = 21;

export interface NeoGo {
  readonly program: string;
  readonly version: string;
}

export interface Versions {
  readonly go: string;
  readonly neoGo: string;
}

/** What `go.mod` pins. */
export function parseVersions(goMod: string): Versions {
  const go = /^go (\S+)$/m.exec(goMod)?.[1];
  const neoGo = new RegExp(`${NODE_PACKAGE} v(\\S+)`).exec(goMod)?.[1];
  if (go === undefined || neoGo === undefined) throw new Error('go.mod pins no version of neo-go');
  return { go, neoGo };
}

/** A folder of the user's cache; `XDG_CACHE_HOME` moves it. */
export function cacheFolder(...names: readonly string[]): string {
  const { XDG_CACHE_HOME: root = '' } = process.env;
  // The XDG specification: a relative path is to be ignored.
  const cache = root.startsWith('/') ? root : join(homedir(), '.cache');
  return join(cache, 'neo-service-layer', ...names);
}

let asked: Promise<NeoGo> | undefined;

/** The program, built when the cache does not have it; a first build takes a minute or two. */
export function ensureNeoGo(): Promise<NeoGo> {
  asked ??= findOrBuild();
  return asked;
}

async function findOrBuild(): Promise<NeoGo> {
  const goMod = readFileSync(join(MODULE_FOLDER, 'go.mod'), 'utf8');
  const { neoGo: version } = parseVersions(goMod);
  const pins = createHash('sha256')
    .update(goMod)
    .update(readFileSync(join(MODULE_FOLDER, 'go.sum')))
    .digest('hex');
  const folder = cacheFolder(`neo-go-${version}-${pins.slice(0, 12)}`);
  const program = join(folder, 'neo-go');
  if (existsSync(program)) return { program, version };
  refuseOldGo();
  process.stderr.write(`Building neo-go ${version} (needed once, one or two minutes) ...\n`);
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `draft-${randomBytes(6).toString('hex')}`);
  try {
    await runGo(['build', ...buildFlags(version), '-o', draft, `${NODE_PACKAGE}/cli`]);
    renameSync(draft, program);
  } finally {
    rmSync(draft, { force: true });
  }
  return { program, version };
}

/**
 * The version is stamped in, since it goes into the user agent and into the compiler field of every
 * NEF, and with that into a contract's hash. Flags said here go before those of GOFLAGS.
 */
function buildFlags(version: string): readonly string[] {
  const stamp = `-X ${NODE_PACKAGE}/pkg/config.Version=${version}`;
  return ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', `-s -w ${stamp}`];
}

/** The environment in which `go` is found, for what calls it by itself (the contract compiler). */
export function goEnvironment(): NodeJS.ProcessEnv {
  const PATH = [process.env.PATH, GO_FOLDER_OF_INSTALLER].filter(Boolean).join(delimiter);
  // Without a C compiler too, and the same bytes with and without one.
  return { ...process.env, PATH, CGO_ENABLED: '0', GOWORK: 'off' };
}

/**
 * Before 1.21 it cannot even read the version that `go.mod` asks for, and says so in words that
 * help nobody; from 1.21 on it fetches a newer one by itself.
 */
function refuseOldGo(): void {
  // Outside the module: there it would already be the fetched one that answers.
  const run = spawnSync('go', ['version'], {
    cwd: tmpdir(),
    env: goEnvironment(),
    encoding: 'utf8',
  });
  const found = /go(\d+)\.(\d+)/.exec(run.stdout ?? '');
  const isOld = found !== null && Number(found[1]) === 1 && Number(found[2]) < OLDEST_GO_MINOR;
  if (run.error !== undefined)
    throw new UserError(describeNeededGo('there is no `go` on the PATH'));
  if (isOld) throw new UserError(describeNeededGo(`the one on the PATH is ${found[0]}`));
}

/** In the module that pins neo-go. */
export async function runGo(args: readonly string[]): Promise<void> {
  const { code, errors } = await spawnGo(args);
  if (code !== 0) throw new UserError(`go ${args[0] ?? ''} failed:\n${errors.trim()}`);
}

function spawnGo(args: readonly string[]): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd: MODULE_FOLDER,
      env: goEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, errors }));
  });
}

/** The version is the one `go.mod` asks for. */
function describeNeededGo(found: string): string {
  const { go } = parseVersions(readFileSync(join(MODULE_FOLDER, 'go.mod'), 'utf8'));
  return `The private network needs Go ${go} or newer, and ${found}. Install it:
  macOS              brew install go
  Debian and Ubuntu  sudo apt-get install golang-go (good when it is 1.21 or newer)
  elsewhere          unpack the archive of https://go.dev/dl into /usr/local
Then run the command again. \`npm start\` and \`npm test\` do not need it.`;
}
