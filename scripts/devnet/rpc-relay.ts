/**
 * The server half of the fault proxy: takes requests, asks the node, and answers as the switches
 * want it. It guarantees that a request is always counted, that it is passed on unread while no
 * switch wants its content, and that `cut` ends every connection.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { answerUnder, type Faults, NO_FAULTS } from './faults.ts';
import { isObject } from './rpc.ts';
import { type Outcome, parseRequest } from './rpc-outcome.ts';
import { relayWebSocket, type WebSocketPair } from './web-socket-relay.ts';

const TOO_MANY_REQUESTS = 429;

export class RpcRelay {
  readonly server = createServer();
  readonly #target: string;
  readonly #webSockets = new Set<WebSocketPair>();
  readonly #counts = new Map<string, number>();
  #faults = NO_FAULTS;

  constructor(target: string) {
    this.#target = target;
    this.server.on('request', (request, response) => {
      // The client left, or the node is away: the client sees a connection that ends.
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (isBroken(this.#faults) || this.#faults.status !== null) {
        socket.destroy();
        return;
      }
      const pair = relayWebSocket({ target: this.#target, request, socket, head });
      this.#webSockets.add(pair);
      pair.client.once('close', () => this.#webSockets.delete(pair));
    });
  }

  get faults(): Faults {
    return this.#faults;
  }

  set(faults: Faults): void {
    this.#faults = faults;
    for (const pair of this.#webSockets) applyToWebSocket(faults, pair);
  }

  countOf(method: string): number {
    return this.#counts.get(method) ?? 0;
  }

  cut(): void {
    for (const { client, node } of this.#webSockets) {
      client.destroy();
      node.destroy();
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const faults = this.#faults;
    this.#count(body);
    if (faults.lagMs > 0) await delay(faults.lagMs, undefined, { ref: false });
    if (faults.connection === 'silent') return;
    if (faults.connection === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (faults.status !== null) {
      const wait = faults.status === TOO_MANY_REQUESTS ? { 'retry-after': '1' } : {};
      response.writeHead(faults.status, { 'content-type': 'text/plain', ...wait }).end('refused\n');
      return;
    }
    const answer = changesAnswers(faults)
      ? Buffer.from(await this.#answerChanged(faults, body))
      : await this.#pass(body);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': answer.length,
    });
    if (faults.connection === 'half-closed') endHalfway(response, answer);
    else response.end(answer);
  }

  #count(body: Buffer): void {
    for (const { method } of [parseJson(body)].flat().flatMap((one) => parseRequest(one) ?? [])) {
      this.#counts.set(method, this.countOf(method) + 1);
    }
  }

  async #pass(body: string | Buffer<ArrayBuffer>): Promise<Buffer> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#target, { method: 'POST', headers, body });
    return Buffer.from(await response.arrayBuffer());
  }

  async #answerChanged(faults: Faults, body: Buffer): Promise<string> {
    const parsed = parseJson(body);
    const answerOne = async (value: unknown): Promise<unknown> => {
      const request = parseRequest(value);
      if (request === undefined) return parseJson(await this.#pass(encode(value)));
      const outcome = await answerUnder(faults, request, (method, params) =>
        this.#ask(method, params),
      );
      return { jsonrpc: '2.0', id: request.id ?? null, ...outcome };
    };
    if (!Array.isArray(parsed)) return JSON.stringify(await answerOne(parsed));
    return JSON.stringify(await Promise.all(parsed.map(answerOne)));
  }

  async #ask(method: string, params: readonly unknown[]): Promise<Outcome> {
    const answer = parseJson(await this.#pass(encode({ jsonrpc: '2.0', id: 1, method, params })));
    if (!isObject(answer)) throw new Error('the node did not answer with an object');
    if (!isObject(answer.error)) return { result: answer.result };
    // Handed on as the node gave it, its own further fields included.
    return {
      error: {
        ...answer.error,
        code: Number(answer.error.code),
        message: String(answer.error.message),
      },
    };
  }
}

const isBroken = ({ connection }: Faults): boolean => connection !== 'open';

function changesAnswers({ results, errors, frozenHeight, swallowTransactions }: Faults): boolean {
  const told = Object.keys(results).length + Object.keys(errors).length;
  return told > 0 || frozenHeight !== null || swallowTransactions;
}

/** The client keeps a connection on which nothing will come any more. */
function endHalfway(response: ServerResponse, answer: Buffer): void {
  response.write(answer.subarray(0, answer.length >> 1), () => response.socket?.end());
}

function applyToWebSocket(faults: Faults, { client, node }: WebSocketPair): void {
  if (faults.connection === 'reset') client.resetAndDestroy();
  else if (faults.connection === 'half-closed') client.end();
  // What the node sends meanwhile waits, and comes when the switch is off again.
  else if (faults.connection === 'silent' || faults.frozenHeight !== null) node.unpipe(client);
  else node.pipe(client);
}

const encode = (value: unknown) => JSON.stringify(value);

/** Undefined for what is no JSON, which the node itself has to refuse. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
