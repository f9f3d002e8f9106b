/**
 * One WebSocket of a client, handed through to the node byte by byte; no frame is read. When one
 * side ends, so does the other.
 */
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface WebSocketPair {
  readonly client: Socket;
  readonly node: Socket;
}

interface Upgrade {
  readonly target: string;
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

export function relayWebSocket({ target, request, socket, head }: Upgrade): WebSocketPair {
  const { hostname, port, host } = new URL(target);
  const node = connect(Number(port), hostname);
  const { method = 'GET', url = '/ws', rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/1.1`, ...headerLines(rawHeaders, host)];
  node.write(`${lines.join('\r\n')}\r\n\r\n`);
  node.write(head);
  socket.pipe(node);
  node.pipe(socket);
  socket.on('error', () => node.destroy()).on('close', () => node.destroy());
  node.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  return { client: socket, node };
}

function headerLines(raw: readonly string[], host: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    lines.push(`${name}: ${name.toLowerCase() === 'host' ? host : (raw[at + 1] ?? '')}`);
  }
  return lines;
}
