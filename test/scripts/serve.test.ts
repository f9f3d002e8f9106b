/** The parts of `npm start` that need no runtime. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseBridgeEnv } from '../../enclave-bridge/env.ts';
import { firstOperatorToken, loadCredentials } from '../../scripts/serve/credentials.ts';
import { driveCrons } from '../../scripts/serve/cron.ts';
import { parseStartOptions } from '../../scripts/serve/options.ts';
import { checkPort, choosePort } from '../../scripts/serve/ports.ts';
import { pickSettings, SETTING_NAMES } from '../../scripts/serve/settings.ts';
import { claimStateFolder } from '../../scripts/serve/state-folder.ts';
import { UserError } from '../../scripts/serve/user-error.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serve-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(join(folder, path)).mode & 0o777;

describe('credentials', () => {
  it('are made once, marked as development values, in files of their owner alone', () => {
    const made = loadCredentials(folder);
    expect(made.api.API_TOKENS).toMatch(/^operator:dev_operator_[0-9A-Za-z]{43}$/);
    expect(made.bridge.SECRET_ENCRYPTION_KEY).toMatch(/^dev:hex:[0-9a-f]{64}$/);
    expect(made.bridge.SIGNING_KEY).toMatch(/^dev:hex:[0-9a-f]{64}$/);
    expect(made.bridge.SIGNING_KEY).not.toBe(made.bridge.SECRET_ENCRYPTION_KEY);
    expect([modeOf('.dev.vars'), modeOf('enclave-bridge/.dev.vars')]).toEqual([0o600, 0o600]);
    expect(loadCredentials(folder)).toEqual(made);
  });

  it('are accepted by the bridge in development and refused in production', () => {
    const { bridge } = loadCredentials(folder);
    expect(parseBridgeEnv({ ...bridge, ENVIRONMENT: 'development' }).problems).toEqual([]);
    expect(parseBridgeEnv({ ...bridge, ENVIRONMENT: 'production' }).problems).toHaveLength(2);
  });

  it('do not reach the Worker they are not for', () => {
    const { api, bridge } = loadCredentials(folder);
    expect(Object.keys(api)).toEqual(['API_TOKENS']);
    expect(Object.keys(bridge).sort()).toEqual(['SECRET_ENCRYPTION_KEY', 'SIGNING_KEY']);
  });

  it('keep what an operator wrote, add what is missing, and close a file that was open', () => {
    const path = join(folder, '.dev.vars');
    writeFileSync(path, '# mine\nLOG_LEVEL="debug"\nAPI_TOKENS=me:chosen-by-me', { mode: 0o644 });
    mkdirSync(join(folder, 'enclave-bridge'));
    writeFileSync(join(folder, 'enclave-bridge/.dev.vars'), 'SIGNING_KEY=hex:11', { mode: 0o644 });
    const { api, bridge } = loadCredentials(folder);
    expect(api).toEqual({ LOG_LEVEL: 'debug', API_TOKENS: 'me:chosen-by-me' });
    expect(bridge.SIGNING_KEY).toBe('hex:11');
    expect(bridge.SECRET_ENCRYPTION_KEY).toMatch(/^dev:hex:/);
    expect(readFileSync(path, 'utf8')).toContain('# mine');
    expect([modeOf('.dev.vars'), modeOf('enclave-bridge/.dev.vars')]).toEqual([0o600, 0o600]);
  });

  it('name the token that is printed', () => {
    expect(firstOperatorToken('a:one, b:two')).toBe('one');
    expect(firstOperatorToken('')).toBeUndefined();
    expect(firstOperatorToken('malformed')).toBeUndefined();
  });
});

describe('settings', () => {
  it('take declared names alone from the environment, and an empty value for none', () => {
    const env = { LOG_LEVEL: 'debug', API_TOKENS: '', HOME: '/root', SIGNING_KEY: 'secret' };
    expect(pickSettings(SETTING_NAMES.api, env)).toEqual({ LOG_LEVEL: 'debug' });
    expect(pickSettings(SETTING_NAMES.bridge, env)).toEqual({
      LOG_LEVEL: 'debug',
      SIGNING_KEY: 'secret',
    });
  });
});

describe('options', () => {
  const parse = (args: readonly string[], env: Record<string, string> = {}) =>
    parseStartOptions(args, { root: '/project', env });

  it('default to a laptop', () => {
    expect(parse([])).toEqual({
      host: '127.0.0.1',
      port: 8787,
      stateFolder: '/project/.state',
      credentialsFolder: '/project',
      fresh: false,
      memory: false,
    });
  });

  it('come from arguments before the environment', () => {
    const env = { PORT: '9000', STATE: '/data', HOST: '0.0.0.0' };
    expect(parse([], env)).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
      stateFolder: '/data',
      credentialsFolder: '/data',
    });
    expect(parse(['--port', '9001', '--state=/other'], env)).toMatchObject({
      port: 9001,
      stateFolder: '/other',
    });
  });

  it.each([
    [['--port', 'x']],
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port']],
    [['--prot', '1']],
    [['extra']],
    [['--fresh', '--memory']],
    [['--state', '']],
  ])('refuse %j', (args) => {
    expect(() => parse(args)).toThrow(UserError);
  });

  it('ask for the usage', () => {
    expect(parse(['--help'])).toBeUndefined();
  });
});

describe('the state folder', () => {
  it('does not serve two instances at once', () => {
    const first = claimStateFolder(folder, { fresh: false });
    // The lock of a living process that is not this one.
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    expect(() => claimStateFolder(folder, { fresh: false })).toThrow(UserError);
    first.release();
    expect(() => claimStateFolder(folder, { fresh: false })).not.toThrow();
  });

  it.each(['999999999', '', 'garbage', '0', '-1'])(
    'is taken over when the lock says %j, which is no living process',
    (holder) => {
      writeFileSync(join(folder, 'lock'), holder);
      claimStateFolder(folder, { fresh: false });
      expect(readFileSync(join(folder, 'lock'), 'utf8').trim()).toBe(String(process.pid));
    },
  );

  it('loses its storage and nothing else when a fresh start is asked for', () => {
    mkdirSync(join(folder, 'storage'));
    writeFileSync(join(folder, 'storage/data'), 'x');
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    const claimed = claimStateFolder(folder, { fresh: true });
    claimed.release();
    expect(() => statSync(claimed.storage)).toThrow();
    expect(readFileSync(join(folder, 'thesis.txt'), 'utf8')).toBe('mine');
  });
});

describe('choosePort', () => {
  it('finds a free port for 0, and takes the one it is given', async () => {
    const port = await choosePort('127.0.0.1', 0);
    expect(await choosePort('127.0.0.1', port)).toBe(port);
    await expect(checkPort('127.0.0.1', port)).resolves.toBeUndefined();
  });

  it('leaves alone the ports that outgoing connections are given', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => choosePort('127.0.0.1', 0)));
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(Math.min(...ports)).toBeGreaterThan(1023);
  });
});

describe('checkPort', () => {
  it('tells a taken port with its remedy', async () => {
    const holder = createServer();
    const port = await choosePort('127.0.0.1', 0);
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    await expect(checkPort('127.0.0.1', port)).rejects.toThrow(/--port/);
    await new Promise((resolve) => holder.close(resolve));
  });
});

describe('the cron driver', () => {
  /** A worker whose runs end when the test says so. */
  function stage() {
    const started: string[] = [];
    const ends: ((error?: Error) => void)[] = [];
    let onStart: () => void = () => undefined;
    const worker = {
      scheduled: ({ cron }: { readonly cron: string }) =>
        new Promise<void>((resolve, reject) => {
          started.push(cron);
          ends.push((error) => (error === undefined ? resolve() : reject(error)));
          onStart();
        }),
    };
    const nextStart = () => new Promise<void>((resolve) => (onStart = resolve));
    return { worker, started, ends, nextStart };
  }

  it('reports a failed run and waits for a running one when it stops', async () => {
    const { worker, ends, nextStart } = stage();
    const failures: string[] = [];
    const first = nextStart();
    const driver = driveCrons(['* * * * * *'], worker, (pattern, error) =>
      failures.push(`${pattern}: ${String(error)}`),
    );
    await first;
    const second = nextStart();
    ends[0]?.(new Error('broken'));
    await second;
    expect(failures).toEqual(['* * * * * *: Error: broken']);
    let stopped = false;
    const stopping = driver.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect(stopped).toBe(false);
    ends[1]?.();
    await stopping;
  });

  it('does not start a run while the one before is still going', async () => {
    const busy = stage();
    const other = stage();
    const busyStarts = busy.nextStart();
    const drivers = [
      driveCrons(['* * * * * *'], busy.worker, () => undefined),
      driveCrons(['* * * * * *'], other.worker, () => undefined),
    ];
    await busyStarts;
    // The other driver's turns show that time went on for two more seconds.
    for (let turn = 0; turn < 2; turn += 1) {
      const next = other.nextStart();
      for (const end of other.ends) end();
      await next;
    }
    expect(busy.started).toHaveLength(1);
    for (const end of [...busy.ends, ...other.ends]) end();
    await Promise.all(drivers.map((driver) => driver.stop()));
  });
});
