/**
 * The switches of a fault proxy over HTTP: PUT replaces them all, GET tells them, DELETE clears
 * them. Only for the machine itself: a page of another origin cannot send a PUT without a preflight,
 * which is never granted, and a name that was rebound to loopback is refused by its Host.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Faults, faultsSchema, NO_FAULTS } from './faults.ts';

export interface FaultControls {
  readonly faults: Faults;
  set(faults: Faults): void;
}

const OWN_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

export function serveFaultControl(controls: FaultControls): Server {
  return createServer((request, response) => {
    control(controls, request, response).catch(() => response.destroy());
  });
}

async function control(
  controls: FaultControls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const tell = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(value)}\n`);
  };
  if (!OWN_HOST.test(request.headers.host ?? '')) return tell(403, { error: 'not this machine' });
  if (request.url !== '/faults') return tell(404, { error: 'only /faults' });
  if (request.method === 'PUT') {
    const asked = faultsSchema.safeParse(parseJson(await text(request)));
    if (!asked.success) return tell(400, { error: asked.error.issues });
    controls.set(asked.data);
  } else if (request.method === 'DELETE') {
    controls.set(NO_FAULTS);
  } else if (request.method !== 'GET') {
    return tell(405, { error: 'GET, PUT or DELETE' });
  }
  return tell(200, controls.faults);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The schema refuses undefined with the one message for every malformed body.
    return undefined;
  }
}
