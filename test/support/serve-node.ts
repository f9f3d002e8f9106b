/** Scripted Neo nodes over real HTTP, for what is started as a process of its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedNode {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** `answer` is the node: a request's body in, the body of its answer out. */
export async function serveNode(answer: (body: string) => Promise<string>): Promise<ServedNode> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void answer(Buffer.concat(parts).toString()).then((text) => response.end(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has such an address.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => close(server) };
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
