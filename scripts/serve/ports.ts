/**
 * Finds out whether a port can be had before the runtime tries, whose own message would name
 * neither port nor remedy.
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { UserError } from './user-error.ts';

/**
 * Below the ports that Linux and macOS give to outgoing connections: one of those can be gone in
 * the second between this look and the runtime's start.
 */
const FREE_PORTS = { from: 15_000, to: 32_000 } as const;
const TRIES = 20;

/** Refuses a port that cannot be had. */
export function checkPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new UserError(describe(host, port, error))),
    );
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** The asked port, or for 0 one that is free now; take it at once. */
export async function choosePort(host: string, port: number): Promise<number> {
  if (port !== 0) return port;
  for (let tried = 1; ; tried += 1) {
    const drawn = randomInt(FREE_PORTS.from, FREE_PORTS.to);
    try {
      await checkPort(host, drawn);
      return drawn;
    } catch (taken) {
      if (tried === TRIES) throw taken;
    }
  }
}

function describe(host: string, port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use. Stop what listens there, or choose another with --port.`;
  }
  if (error.code === 'EACCES') {
    return `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`;
  }
  return `${host}:${port} cannot be listened on: ${error.message}`;
}
