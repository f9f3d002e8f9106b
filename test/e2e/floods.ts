/**
 * What the tests of floods need: accounts spoken to without the SDK, which would retry; a server
 * that answers when it is told to; and the resident memory of the runtime's process.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServedPlatform } from './served-platform.ts';

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** What the floods read of an execution, a function or a problem. */
interface AnswerBody {
  readonly id: string;
  readonly status: string | number;
  readonly code?: string;
  readonly detail?: string;
  readonly error?: { readonly code: string } | null;
  readonly output?: unknown;
}

export interface FloodedAccount {
  readonly define: (name: string, fields: object) => Promise<string>;
  readonly execute: (functionId: string) => Promise<Answer>;
  /** Without effect, and with the network. */
  readonly tryOut: (functionId: string) => Promise<Answer>;
}

export async function openFloodedAccount(platform: ServedPlatform): Promise<FloodedAccount> {
  const call = async (method: string, path: string, body: object): Promise<Answer> => {
    const response = await fetch(platform.address + path, {
      method,
      headers: { authorization: `Bearer ${platform.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json<AnswerBody>() };
  };
  const { body: account } = await call('POST', '/accounts', { name: 'flooded' });
  const path = `/accounts/${account.id}`;
  await call('PATCH', `${path}/quotas`, { concurrentExecutions: 64 });
  return {
    define: async (name, fields) => {
      const made = await call('POST', `${path}/functions`, { name, ...fields });
      if (made.status !== 201) throw new Error(`${name}: ${made.status} ${made.body.detail}`);
      return made.body.id;
    },
    execute: (functionId) => call('POST', `${path}/functions/${functionId}/executions`, {}),
    tryOut: (functionId) =>
      call('POST', `${path}/functions/${functionId}/test`, { allowNetwork: true }),
  };
}

export interface HoldingServer {
  readonly host: string;
  /** How many requests wait for an answer. */
  readonly held: () => number;
  /** Resolves when as many requests wait. */
  readonly holds: (count: number) => Promise<void>;
  /** Answers what waits and all that comes later. */
  readonly release: () => void;
  readonly stop: () => Promise<void>;
}

export async function startHoldingServer(): Promise<HoldingServer> {
  const held = new Set<ServerResponse>();
  let waiters: { count: number; resolve: () => void }[] = [];
  let isOpen = false;
  const server = createServer((_request, response) => {
    if (isOpen) {
      response.end('late');
      return;
    }
    held.add(response);
    response.once('close', () => held.delete(response));
    for (const { resolve } of waiters.filter(({ count }) => held.size >= count)) resolve();
    waiters = waiters.filter(({ count }) => held.size < count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address object; only pipes have a string.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    held: () => held.size,
    holds: (count) =>
      held.size >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiters.push({ count, resolve })),
    release: () => {
      isOpen = true;
      for (const response of held) response.end('late');
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const statusOf = (processId: string): string => {
  try {
    return readFileSync(`/proc/${processId}/status`, 'utf8');
  } catch {
    // It ended since the folder was listed.
    return '';
  }
};

const field = (status: string, name: string): string =>
  new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';

/** The `workerd` below a process, which two more stand between; undefined where there is no /proc. */
export function findRuntime(below: number): string | undefined {
  let family = new Set([String(below)]);
  const all = listProcesses();
  for (let generation = 0; generation < 4; generation += 1) {
    const children = all.filter(({ parent }) => family.has(parent));
    const found = children.find(({ name }) => name === 'workerd');
    if (found) return found.id;
    family = new Set(children.map(({ id }) => id));
  }
  return undefined;
}

function listProcesses() {
  if (process.platform !== 'linux') return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => {
    const status = statusOf(id);
    return { id, parent: field(status, 'PPid'), name: field(status, 'Name') };
  });
}

export const residentMiB = (processId: string): number =>
  Number(field(statusOf(processId), 'VmRSS')) / 1024;

/** Samples until it is stopped; then tells the most that was seen. */
export function watchResident(processId: string): () => number {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(processId));
  }, 5);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** `count` runs of the functions in turn, so many at a time; how often each status and code was answered. */
export async function flood(
  account: FloodedAccount,
  functionIds: readonly string[],
  { count, atOnce }: { readonly count: number; readonly atOnce: number },
): Promise<Readonly<Record<string, number>>> {
  const answers: Record<string, number> = {};
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const functionId = functionIds[next++ % functionIds.length] ?? '';
      const { status, body } = await account.execute(functionId);
      const answer = `${status} ${body.code ?? body.error?.code ?? body.status}`;
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}

export const MEMORY_BOMBS: Readonly<Record<string, string>> = {
  strings: '() => { const a = []; for (;;) a.push("x".repeat(1e5) + a.length) }',
  buffers: '() => { const a = []; for (;;) a.push(new Uint8Array(1e5).fill(1)) }',
  objects: '() => { const a = []; for (;;) a.push({ a: [1, 2, 3], b: {} }) }',
  maps: '() => { const m = new Map(); for (let i = 0; ; i++) m.set(i, String(i)) }',
  // Ends well, with its memory full to the last page but a few.
  nearly:
    '() => { const a = []; for (let i = 0; i < 130; i++) a.push(new Uint8Array(1e5).fill(1)); return 1 }',
  promises: '() => { const a = []; for (;;) a.push(new Promise(() => {})) }',
};
