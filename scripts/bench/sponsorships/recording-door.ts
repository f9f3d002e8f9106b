/**
 * An RPC endpoint in front of a real node that hands bytes through and notes when the node was
 * handed which transaction. It stands in the process that asks, so that both ends of a time are of
 * one clock. A transaction that the node refuses is no broadcast: who waits for it is told so.
 */
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import {
  hashTransaction,
  parseBase64Transaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { isObject } from '../../devnet/rpc.ts';
import { parseRequest } from '../../devnet/rpc-outcome.ts';
import { UserError } from '../../serve/user-error.ts';

export interface RecordingDoor {
  readonly url: string;
  /** When the node was handed the transaction, by `performance.now()`; the first time counts. */
  readonly handedAt: (hash: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

const HANDED_WITHIN_MS = 60_000;
const METHOD = 'sendrawtransaction';

export async function openRecordingDoor(target: string): Promise<RecordingDoor> {
  const agent = new Agent({ keepAlive: true });
  const handed = new Map<string, PromiseWithResolvers<number>>();
  const broadcastOf = (hash: string): PromiseWithResolvers<number> => {
    const known = handed.get(hash) ?? Promise.withResolvers<number>();
    // Nobody may be waiting for it yet.
    known.promise.catch(() => undefined);
    handed.set(hash, known);
    return known;
  };
  const server = createServer((request, response) => {
    const passage = { target, agent, request, response };
    pass(passage, broadcastOf).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    handedAt: (hash) => withinTime(hash, broadcastOf(hash).promise),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

interface Passage {
  readonly target: string;
  readonly agent: Agent;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function pass(
  { target, agent, request, response }: Passage,
  broadcastOf: (hash: string) => PromiseWithResolvers<number>,
): Promise<void> {
  const body = await buffer(request);
  const at = performance.now();
  const answer = await ask({ target, agent }, body);
  response.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
  const hash = hashIn(body);
  if (hash === null) {
    answer.pipe(response);
    return;
  }
  const told: unknown = await json(answer);
  const { resolve, reject } = broadcastOf(hash);
  if (isObject(told) && isObject(told.result)) resolve(at);
  else reject(new UserError(`the node refused ${hash}: ${JSON.stringify(told)}`));
  response.end(JSON.stringify(told));
}

function ask(
  { target, agent }: Pick<Passage, 'target' | 'agent'>,
  body: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    httpRequest(target, { method: 'POST', agent, headers }, resolve)
      .once('error', reject)
      .end(body);
  });
}

/** Null for whatever is no broadcast. Nobody sends one in a batch. */
function hashIn(body: Buffer): string | null {
  if (!body.includes(METHOD)) return null;
  const request = parseRequest(JSON.parse(body.toString()));
  const [text] = request?.method === METHOD ? request.params : [];
  const decoded = typeof text === 'string' ? parseBase64Transaction(text) : undefined;
  return decoded?.ok === true ? hashTransaction(decoded.value) : null;
}

async function withinTime(hash: string, broadcast: Promise<number>): Promise<number> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => {
    reject(new UserError(`${hash} was not broadcast in ${HANDED_WITHIN_MS / 1000} s`));
  }, HANDED_WITHIN_MS);
  try {
    return await Promise.race([broadcast, promise]);
  } finally {
    clearTimeout(late);
  }
}
