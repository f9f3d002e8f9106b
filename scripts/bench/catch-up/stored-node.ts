/**
 * A node that only repeats: a process of its own, which answers JSON-RPC over HTTP out of memory and
 * computes nothing. No real node is as fast, so what a follower adds shows the most here. It tells
 * its parent the port and the checkpoint, and ends with it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { makeStoredChain, nameOf } from './stored-chain.ts';

interface Question {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

const { checkpoint, answers } = makeStoredChain(Date.now());

function answer({ id, method, params }: Question): string {
  const result = answers.get(nameOf(method, params[0]));
  if (result === undefined) throw new Error(`nothing is stored for ${method}`);
  return `{"jsonrpc":"2.0","id":${String(id)},"result":${result}}`;
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    // Written by our own client.
    const asked = JSON.parse(body) as Question | readonly Question[];
    const told = Array.isArray(asked) ? `[${asked.map(answer).join()}]` : answer(asked as Question);
    response.setHeader('content-type', 'application/json').end(told);
  });
});
server.listen(0, '127.0.0.1', () => {
  // A TCP server that listens has an address with a port.
  process.send?.({ port: (server.address() as AddressInfo).port, checkpoint });
});
process.on('disconnect', () => process.exit());
