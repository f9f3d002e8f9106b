/**
 * Requests to the real Worker where one setting or one part of the platform is another one: what a
 * single deployment cannot show. The part is real too, or fails as a real one fails.
 */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { BridgeEnv } from '../../enclave-bridge/env.ts';
import { SoftwareBridge } from '../../enclave-bridge/software-bridge.ts';
import { api } from '../../worker/api.ts';
import type { Env } from '../../worker/env.ts';
import { testOperator } from './bindings.ts';
import { type Called, ORIGIN } from './harness.ts';

export type Alterations = { readonly [Name in keyof Env]?: Env[Name] | undefined };

export interface AlteredCall {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function callAltered(
  alterations: Alterations,
  request: string,
  { token = testOperator.token, body, headers = {} }: AlteredCall = {},
): Promise<Called> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const sent = new Headers({ 'content-type': 'application/json', ...headers });
  if (token !== null) sent.set('authorization', `Bearer ${token}`);
  const context = createExecutionContext();
  const response = await api.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    { ...env, LOG_LEVEL: 'silent', ...alterations },
    context,
  );
  const text = await response.text();
  await waitOnExecutionContext(context);
  const json = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== '' ? JSON.parse(text) : undefined,
  };
}

/**
 * The real software bridge with the tests' own keys, or with what is given instead; undefined takes
 * a key away.
 */
export const bridgeWith = (
  settings: {
    readonly [Name in keyof BridgeEnv]?: string | undefined;
  },
): SoftwareBridge =>
  new SoftwareBridge({
    ENVIRONMENT: 'development',
    LOG_LEVEL: 'silent',
    SECRET_ENCRYPTION_KEY: `hex:${'5e'.repeat(32)}`,
    SIGNING_KEY: `hex:${'17'.repeat(32)}`,
    // A key that is undefined is read as one that is absent.
    ...(settings as BridgeEnv),
  });

/**
 * A part that cannot be reached: whatever is asked of it throws. It stands for any part, hence its
 * type.
 */
export const UNREACHABLE = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('the network connection was lost: canary-9d1e');
    },
  },
) as never;
