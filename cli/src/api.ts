/**
 * * The CLI's client: the SDK's transport (retries, keys, time limits, refusal of redirects) driven
 * by the command table, and its errors as failures with exit codes.
 */
import type { CallOptions } from '../../sdk/src/call-options.ts';
import { ServiceLayerError } from '../../sdk/src/errors.ts';
import type { Place } from '../../sdk/src/request.ts';
import { createTransport } from '../../sdk/src/transport.ts';
import type { Answer, Api, Call } from './call.ts';
import type { Command } from './command-table.ts';
import type { Connection } from './connection.ts';
import { CliFailure, EXIT, type ExitCode, exitCodeOf } from './failure.ts';
import type { Io } from './io.ts';

const USER_AGENT = 'slctl';

export function connectApi(io: Io, connection: Connection, timeoutMs: number | undefined): Api {
  const send = createTransport({
    baseUrl: connection.addr,
    token: connection.token,
    allowPlainHttp: connection.allowPlainHttp,
    signingKey: connection.signingKey,
    userAgent: USER_AGENT,
    fetch: io.fetch,
    sleep: io.wait,
    ...(timeoutMs === undefined ? {} : { timeoutMs, attemptTimeoutMs: timeoutMs }),
  });
  return { send: (call) => sendCall(io, call, send) };
}

async function sendCall(
  io: Io,
  call: Call,
  send: ReturnType<typeof createTransport>,
): Promise<Answer> {
  const { ifMatch, idempotencyKey } = call;
  const options: CallOptions = { signal: io.signal, ifMatch, idempotencyKey };
  const input = { ...call.params, ...call.query, ...('body' in call ? { body: call.body } : {}) };
  try {
    return await send(toPlace(call.command), input, options);
  } catch (error) {
    throw error instanceof ServiceLayerError ? toFailure(error) : error;
  }
}

const METHODS: Readonly<Record<Command['method'], Place['row']['method']>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

const toPlace = (command: Command): Place => ({
  id: command.id,
  row: {
    method: METHODS[command.method],
    path: command.path,
    params: command.params.map(({ field }) => field),
    query: command.query.map(({ field }) => field),
    body: command.body === undefined ? 'none' : 'whole',
    answer: command.answer,
    idempotent: command.idempotent,
    ifMatch: command.ifMatch,
    ...(command.signed === undefined ? {} : { signed: command.signed }),
  },
});

function toFailure(error: ServiceLayerError): CliFailure {
  const { code, detail, status, requestId, limit, observed, retryAfterSeconds, fields } = error;
  return new CliFailure(
    {
      exitCode: toExitCode(error),
      code,
      detail,
      ...(status === undefined ? {} : { status }),
      ...(fields.length === 0 ? {} : { fields }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(limit === undefined ? {} : { limit }),
      ...(observed === undefined ? {} : { observed }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
    { cause: error },
  );
}

/** An answer that is not the platform's own tells nothing about the thing that was asked for. */
function toExitCode({ code, status }: ServiceLayerError): ExitCode {
  if (code === 'client.input_invalid') return EXIT.usage;
  if (code === 'client.aborted') return EXIT.interrupted;
  if (code.startsWith('client.') || status === undefined) return EXIT.unavailable;
  return exitCodeOf(status, code);
}
