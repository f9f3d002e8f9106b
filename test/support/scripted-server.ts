/**
 * A real HTTP server on this machine that gives the answers it was told, in order, and remembers
 * what it was asked. The outside of the SDK, so that its behaviour is tested over a socket and the
 * platform's own `fetch`.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Script = (response: ServerResponse, asked: Asked) => void;

export interface ScriptedServer {
  readonly baseUrl: string;
  readonly asked: readonly Asked[];
  /** The last script answers all further requests. */
  readonly answer: (...scripts: readonly Script[]) => void;
  readonly stop: () => Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  let scripts: readonly Script[] = [];
  let next = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    asked.push(one);
    const script = scripts[Math.min(next, scripts.length - 1)];
    next += 1;
    script?.(response, one);
  };
  const server = createServer((request, response) => {
    // A caller that went away while sending is part of some scripts.
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server has an address object; only pipes have a string.
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    asked,
    answer: (...given) => {
      scripts = given;
      next = 0;
      asked.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Script =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

export const problem = (
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Script =>
  json(
    status,
    { code, detail: `detail of ${code}`, requestId: 'req_1' },
    {
      'content-type': 'application/problem+json',
      ...headers,
    },
  );

export const dropped: Script = (response) => {
  response.destroy();
};

/** Takes the request and never answers; the caller must give up. */
export const silent: Script = () => undefined;
