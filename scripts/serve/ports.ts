/**
 * Finds out whether a port can be had before the runtime tries, whose own message would name
 * neither port nor remedy.
 */
import { createServer } from 'node:net';
import { UserError } from './user-error.ts';

/** Answers the port to use: the asked one, or for 0 one that is free now. */
export function checkPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new UserError(describe(host, port, error))),
    );
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      const actual = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(actual));
    });
  });
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
