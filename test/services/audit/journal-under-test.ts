/** What the tests of audit and events need beside the API: the catalogue's rows and a Worker with other bindings. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { api } from '../../../worker/api.ts';
import type { Env } from '../../../worker/env.ts';
import { ORIGIN } from '../../support/harness.ts';

export const bindings = env as unknown as Env;

export const run = (sql: string, ...values: readonly unknown[]) =>
  bindings.DB.prepare(sql)
    .bind(...values)
    .run();

export async function rows(sql: string): Promise<unknown[]> {
  return (await bindings.DB.prepare(sql).all()).results;
}

/** A request to the real Worker where a part of the platform is another one. */
export async function callWith(
  parts: Partial<Env>,
  request: string,
  { token, body }: { readonly token: string; readonly body: unknown },
): Promise<number> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const context = createExecutionContext();
  const response = await api.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    { ...bindings, ...parts },
    context,
  );
  await response.text();
  await waitOnExecutionContext(context);
  return response.status;
}
