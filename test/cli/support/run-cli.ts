/** Runs the program in this process, with its outside replaced by values. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Command } from '../../../cli/src/command-table.ts';
import type { Io } from '../../../cli/src/io.ts';
import { runCli } from '../../../cli/src/main.ts';
import { TABLE } from './operations.ts';
import { type Script, type ScriptedServer, startServer } from './scripted-server.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly addr?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** A person's terminal: what is typed, and its width. */
  readonly typed?: string;
  readonly columns?: number;
  readonly table?: readonly Command[];
  /** Ctrl-C at the n-th wait. */
  readonly waitsMax?: number;
}

const servers: ScriptedServer[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

export async function serve(script: Script): Promise<ScriptedServer> {
  const server = await startServer(script);
  servers.push(server);
  return server;
}

export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slctl-'));
  folders.push(folder);
  return folder;
}

export async function run(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const controller = new AbortController();
  let waits = 0;
  const isTty = options.columns !== undefined;
  const connected: Record<string, string> =
    options.addr === undefined
      ? {}
      : { SERVICE_LAYER_ADDR: options.addr, SERVICE_LAYER_TOKEN: 'token-of-the-test' };
  const io: Io = {
    stdin: {
      isTty: options.typed !== undefined,
      readAll: async () => toBytes(options.stdin ?? ''),
      readHiddenLine: async () => options.typed ?? '',
    },
    stdout: { write: (text) => out.push(text), isTty, columns: options.columns },
    stderr: { write: (text) => err.push(text), isTty, columns: options.columns },
    env: { XDG_CONFIG_HOME: '/nonexistent', ...connected, ...options.env },
    fetch: globalThis.fetch,
    now: () => Date.parse('2026-11-01T09:00:00Z'),
    wait: async () => {
      waits += 1;
      if (waits >= (options.waitsMax ?? 100)) controller.abort();
    },
    signal: controller.signal,
  };
  const code = await runCli(words, io, options.table ?? TABLE);
  return { code, out: out.join(''), err: err.join('') };
}

const toBytes = (input: string | Uint8Array): Uint8Array =>
  typeof input === 'string' ? new TextEncoder().encode(input) : input;
