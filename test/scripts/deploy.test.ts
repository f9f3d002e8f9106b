/** The real configuration in a copied tree; Wrangler is a stand-in that notes its calls. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploy, type WranglerRun } from '../../scripts/serve/deployment.ts';
import { UserError } from '../../scripts/serve/user-error.ts';

const REAL_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const PLACEHOLDER_ID = '00000000-0000-0000-0000-000000000000';
const NO_HOSTS = 'OWN_HOSTS = ""';
const API_SECRETS = '[{"name":"API_TOKENS"}]';
const BRIDGE_SECRETS = '[{"name":"SECRET_ENCRYPTION_KEY"},{"name":"SIGNING_KEY"}]';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'deploy-'));
  mkdirSync(join(root, 'enclave-bridge'));
  cpSync('enclave-bridge/wrangler.toml', join(root, 'enclave-bridge/wrangler.toml'));
  const toml = readFileSync('wrangler.toml', 'utf8').replaceAll(PLACEHOLDER_ID, REAL_ID);
  configure(toml.replaceAll(NO_HOSTS, 'OWN_HOSTS = "api.example.com"'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function configure(toml: string): void {
  writeFileSync(join(root, 'wrangler.toml'), toml);
}

interface Stand {
  readonly api?: string;
  readonly bridge?: string;
  /** Calls that contain this text fail with `message`. */
  readonly failsAt?: string;
  readonly message?: string;
  readonly dryRun?: boolean;
}

async function deployTo(environment: string, stand: Stand = {}) {
  const { api = API_SECRETS, bridge = BRIDGE_SECRETS, failsAt, message = '' } = stand;
  const calls: string[] = [];
  const wrangler: WranglerRun = (args) => {
    const call = args.join(' ');
    calls.push(call);
    if (failsAt !== undefined && call.includes(failsAt)) {
      return Promise.resolve({ code: 1, output: '', errors: message });
    }
    const output = call.startsWith('secret list -c enclave-bridge') ? bridge : api;
    return Promise.resolve({ code: 0, output, errors: '' });
  };
  const { dryRun = false } = stand;
  const outcome = deploy({ root, environment, dryRun, wrangler, print: () => undefined });
  const refusal = await outcome.then(
    () => undefined,
    (error: unknown) => {
      expect(error).toBeInstanceOf(UserError);
      return String(error);
    },
  );
  return { refusal, calls };
}

/** The calls that change something outside. */
const changing = (calls: readonly string[]) =>
  calls.filter((call) => !call.startsWith('secret list') && !call.includes('--dry-run'));

describe.each(['staging', 'production'])('a deployment to %s', (environment) => {
  it('builds both, checks secrets, migrates, and puts up the bridge before the API', async () => {
    const { refusal, calls } = await deployTo(environment);
    expect(refusal).toBeUndefined();
    const both = (text: string) => [
      `${text} -c enclave-bridge/wrangler.toml --env ${environment}`,
      `${text} -c wrangler.toml --env ${environment}`,
    ];
    const database = `neo-service-layer-${environment}`;
    expect(calls).toEqual([
      ...both('deploy --dry-run'),
      ...both('secret list').map((call) => `${call} --format json`),
      `d1 migrations apply ${database} --remote -c wrangler.toml --env ${environment}`,
      ...both('deploy'),
    ]);
  });

  it('does not happen while the database id is a placeholder', async () => {
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8');
    configure(toml.replaceAll(REAL_ID, PLACEHOLDER_ID));
    const { refusal, calls } = await deployTo(environment);
    expect(refusal).toContain('d1 create');
    expect(calls).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    ['OWN_HOSTS', NO_HOSTS],
    ['OWN_HOSTS', 'OWN_HOSTS = " , "'],
    ['OWN_HOSTS', 'OWN_HOSTS = "api.example.com/*,*.example.com"'],
    ['EGRESS_ALLOW', 'OWN_HOSTS = "api.example.com"\nEGRESS_ALLOW = "no-port.example.com"'],
    ['LOG_LEVEL', 'OWN_HOSTS = "api.example.com"\nLOG_LEVEL = "loud"'],
  ])('names the setting %s as %j leaves it, and changes nothing', async (name, setting) => {
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8');
    const written = toml.replaceAll('OWN_HOSTS = "api.example.com"', setting);
    // A key stands once in a table.
    configure(
      setting.includes('LOG_LEVEL') ? written.replaceAll('LOG_LEVEL = "info"\n', '') : written,
    );
    const { refusal, calls } = await deployTo('production');
    expect(refusal).toContain(`wrangler.toml: [env.production.vars] ${name}`);
    expect(calls).toEqual([]);
  });

  it.each([
    ['API_TOKENS', { api: '[]' }],
    ['SECRET_ENCRYPTION_KEY', { bridge: '[{"name":"SIGNING_KEY"}]' }],
    ['SIGNING_KEY', { bridge: '[{"name":"SECRET_ENCRYPTION_KEY"}]' }],
  ])('names the missing secret %s and changes nothing', async (name, stand) => {
    const { refusal, calls } = await deployTo('staging', stand);
    expect(refusal).toContain(`wrangler secret put ${name}`);
    expect(changing(calls)).toEqual([]);
  });

  it('takes a Worker that does not exist yet for one without secrets', async () => {
    const message = 'This Worker does not exist on your account. [code: 10007]';
    const { refusal, calls } = await deployTo('production', { failsAt: 'secret list', message });
    for (const name of ['API_TOKENS', 'SECRET_ENCRYPTION_KEY', 'SIGNING_KEY']) {
      expect(refusal).toContain(`secret put ${name}`);
    }
    expect(changing(calls)).toEqual([]);
  });

  it('does not take a failed look for missing secrets', async () => {
    const message = 'Authentication error [code: 10000]';
    const { refusal } = await deployTo('staging', { failsAt: 'secret list', message });
    expect(refusal).toContain('Authentication error');
    expect(refusal).not.toContain('secret put');
  });

  it.each([
    ['another ENVIRONMENT', 'ENVIRONMENT = "staging"', 'ENVIRONMENT = "development"'],
    [
      'the bridge of another environment',
      'service = "neo-service-layer-enclave-bridge-staging"',
      'service = "neo-service-layer-enclave-bridge"',
    ],
  ])('comes for %s in the configuration', async (_title, from, to) => {
    const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8');
    expect(toml).toContain(from);
    configure(toml.replace(from, to));
    const { refusal, calls } = await deployTo('staging');
    expect(refusal).toContain('Nothing was deployed');
    expect(calls).toEqual([]);
  });

  it('comes when a bundle does not build, before any secret or database is touched', async () => {
    const { refusal, calls } = await deployTo('staging', {
      failsAt: 'deploy --dry-run -c wrangler.toml',
    });
    expect(refusal).toBeDefined();
    expect(calls.every((call) => call.includes('--dry-run'))).toBe(true);
  });

  it('of a migration keeps both Workers as they are', async () => {
    const { refusal, calls } = await deployTo('staging', { failsAt: 'd1 migrations' });
    expect(refusal).toBeDefined();
    expect(calls.some((call) => call.startsWith('deploy -c'))).toBe(false);
  });

  it('of the bridge keeps the API Worker as it is', async () => {
    const { refusal, calls } = await deployTo('staging', { failsAt: 'deploy -c enclave-bridge' });
    expect(refusal).toBeDefined();
    expect(calls).not.toContain('deploy -c wrangler.toml --env staging');
  });
});

describe('a dry run', () => {
  it('builds both and asks no network', async () => {
    const { refusal, calls } = await deployTo('staging', { dryRun: true });
    expect(refusal).toBeUndefined();
    expect(calls).toHaveLength(2);
    expect(calls.every((call) => call.startsWith('deploy --dry-run'))).toBe(true);
  });
});

describe('the command', () => {
  function run(...args: readonly string[]) {
    mkdirSync(join(root, 'scripts'));
    mkdirSync(join(root, 'tools'));
    cpSync('scripts/deploy.ts', join(root, 'scripts/deploy.ts'));
    cpSync('scripts/serve', join(root, 'scripts/serve'), { recursive: true });
    cpSync('scripts/devnet/rpc.ts', join(root, 'scripts/devnet/rpc.ts'));
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
    for (const folder of ['node_modules', 'worker'])
      symlinkSync(resolve(folder), join(root, folder));
    const secrets = `case "$*" in *enclave*) echo '${BRIDGE_SECRETS}';; *) echo '${API_SECRETS}';; esac`;
    const executable = `#!/bin/sh\necho "$@" >> calls\n${secrets}\n`;
    writeFileSync(join(root, 'tools/wrangler'), executable, { mode: 0o755 });
    return spawnSync(process.execPath, [join(root, 'scripts/deploy.ts'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(root, 'tools')}:/usr/bin:/bin` },
    });
  }

  it('calls Wrangler in the order of the steps', () => {
    expect(run('--env', 'staging').status).toBe(0);
    const calls = readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');
    expect(calls.map((call) => call.split(' -')[0])).toEqual([
      'deploy',
      'deploy',
      'secret list',
      'secret list',
      'd1 migrations apply neo-service-layer-staging',
      'deploy',
      'deploy',
    ]);
  });

  it.each([[[]], [['--env', 'development']], [['--env', 'staging', '--force']]])(
    'answers %j with the usage and calls nothing',
    (args: readonly string[]) => {
      const { status, stderr } = run(...args);
      expect(status).toBe(1);
      expect(stderr).toContain('usage');
      expect(existsSync(join(root, 'calls'))).toBe(false);
    },
  );
});
