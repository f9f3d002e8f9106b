/** The Worker with other settings or instrumented bindings: the same code, objects and database, another environment. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import worker from '../../worker/index.ts';
import { testOperator } from './bindings.ts';
import { ORIGIN } from './harness.ts';

export type Overrides = Readonly<Record<string, unknown>>;

export interface OwnCall {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface OwnAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
  readonly body: any;
}

/** A caller of the Worker under these settings; each call waits for the work that was deferred. */
export function workerWith(overrides: Overrides) {
  // Made once: settings are parsed once an environment, as in an isolate.
  const ownEnv = { ...env, ...overrides };
  return async (request: string, options: OwnCall = {}): Promise<OwnAnswer> => {
    const [method = 'GET', path = '/'] = request.split(' ');
    const headers = new Headers(options.headers);
    const token = options.token === undefined ? testOperator.token : options.token;
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    const context = createExecutionContext();
    const response = await worker.fetch(
      new Request(`${ORIGIN}${path}`, {
        method,
        headers,
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      }),
      ownEnv,
      context,
    );
    const text = await response.text();
    await waitOnExecutionContext(context);
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json ? JSON.parse(text) : undefined,
    };
  };
}
