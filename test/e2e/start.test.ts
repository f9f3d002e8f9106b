/** `npm start` as a user meets it: the real bootstrap, the built Workers, real sockets and signals. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Instance {
  readonly address: string;
  readonly token: string;
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  /** The exit code after the signal. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

let state = '';
const instances: Instance[] = [];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'start-'));
});

afterEach(async () => {
  await Promise.all(instances.splice(0).map((instance) => instance.stop()));
  rmSync(state, { recursive: true, force: true });
});

function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn('node', ['scripts/bootstrap.mjs', 'scripts/start.ts', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  // `close` and not `exit`: it waits for everything that holds the pipes, the runtime included.
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, texts, closed };
}

async function start(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Instance> {
  const { child, texts, closed } = launch(['--port', '0', '--state', state, ...args], env);
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', () => {
      if (/^token .+$/m.test(texts.output)) resolve();
    });
  });
  const died = closed.then((code) => {
    throw new Error(`the start ended with ${code}: ${texts.errors}`);
  });
  await Promise.race([ready, died]);
  died.catch(() => undefined);
  const lines = texts.output.split('\n');
  const instance = {
    address: valueOf(lines, 'ready'),
    token: valueOf(lines, 'token'),
    lines,
    process: child,
    stop: (signal: NodeJS.Signals = 'SIGINT') => {
      child.kill(signal);
      return closed;
    },
  };
  instances.push(instance);
  return instance;
}

function valueOf(lines: readonly string[], name: string): string {
  const line = lines.find((text) => text.startsWith(`${name} `)) ?? '';
  return line.slice(name.length).trim();
}

const modeOf = (path: string) => statSync(join(state, path)).mode & 0o777;

/** All databases of an instance, by their bytes' place on disk. */
const storedFiles = () =>
  readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.sqlite'),
  );

describe('npm start', () => {
  it('says where it is, serves, and ends with 0 on Ctrl-C', async () => {
    const instance = await start();
    expect(instance.lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^ready http:\/\/127\.0\.0\.1:\d+$/),
      `docs  ${instance.address}/docs`,
      expect.stringMatching(/^token dev_operator_[0-9A-Za-z]{43}$/),
    ]);
    const health = await fetch(`${instance.address}/healthz`);
    expect(health.status).toBe(200);
    expect(await instance.stop('SIGINT')).toBe(0);
    await expect(fetch(`${instance.address}/healthz`)).rejects.toThrow();
  });

  it('ends with 0 on SIGTERM, and once when the signal comes twice', async () => {
    const instance = await start();
    instance.process.kill('SIGTERM');
    expect(await instance.stop('SIGTERM')).toBe(0);
  });

  it('leaves nothing running when it is killed', async () => {
    const instance = await start();
    // Resolves only after every process that shares the output has gone.
    await instance.stop('SIGKILL');
    await expect(fetch(`${instance.address}/healthz`)).rejects.toThrow();
  });

  it('keeps credentials and data between runs, for the owner alone', async () => {
    const first = await start();
    await first.stop();
    const kept = readFileSync(join(state, 'enclave-bridge/.dev.vars'), 'utf8');
    expect([modeOf('.dev.vars'), modeOf('enclave-bridge/.dev.vars')]).toEqual([0o600, 0o600]);
    const files = storedFiles();
    expect(files.length).toBeGreaterThan(0);
    const second = await start();
    expect(second.token).toBe(first.token);
    expect(readFileSync(join(state, 'enclave-bridge/.dev.vars'), 'utf8')).toBe(kept);
    expect(storedFiles()).toEqual(expect.arrayContaining(files));
  });

  it('keeps no data with --memory', async () => {
    const instance = await start(['--memory']);
    expect((await fetch(`${instance.address}/healthz`)).status).toBe(200);
    await instance.stop();
    expect(storedFiles()).toEqual([]);
  });

  it('takes settings from the environment before its own files', async () => {
    const token = 'a-token-from-the-environment-0123456789';
    const instance = await start([], { API_TOKENS: `ci:${token}` });
    expect(instance.token).toBe(token);
    expect(readFileSync(join(state, '.dev.vars'), 'utf8')).not.toContain(token);
  });
});

describe('a start that cannot be', () => {
  it('names the port that is in use', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { texts, closed } = launch(['--port', port, '--state', state]);
    expect(await closed).toBe(1);
    expect(texts.errors).toContain(`Port ${port}`);
    expect(texts.errors).toContain('--port');
    expect(texts.output).toBe('');
    await new Promise((resolve) => holder.close(resolve));
  });

  it('does not share its data with an instance that runs', async () => {
    await start();
    const { texts, closed } = launch(['--port', '0', '--state', state]);
    expect(await closed).toBe(1);
    expect(texts.errors).toContain('--state');
  });

  it.each([[['--prot', '1']], [['--port', 'x']]])('explains %j', async (args) => {
    const { texts, closed } = launch(args);
    expect(await closed).toBe(1);
    expect(texts.errors).not.toContain('    at ');
  });
});
