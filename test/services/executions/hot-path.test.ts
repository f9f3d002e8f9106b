/** What a run without secrets, host calls and actions costs in calls, once its isolate is warm. */
import { expect, it } from 'vitest';
import { connect } from '../../../worker/db/connect.ts';
import type { Env } from '../../../worker/env.ts';
import { bindings, contextOf, executeIn, openWith, ran, read } from './runs-under-test.ts';

/** The same binding, whose calls are written down. */
const counted = <Binding extends object>(binding: Binding, calls: string[]): Binding =>
  new Proxy(binding, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => {
        calls.push(String(name));
        return Reflect.apply(method, target, values);
      };
    },
  });

it('asks D1 once, the journal twice and the bridge once, and answers what a read answers', async () => {
  const { tenant, functionId } = await openWith('() => null');
  await ran(tenant, functionId);
  const catalogue: string[] = [];
  const journal: string[] = [];
  const bridge: string[] = [];
  const { ACCOUNT_JOURNAL } = bindings;
  const env: Env = {
    ...bindings,
    BRIDGE: counted(bindings.BRIDGE, bridge),
    ACCOUNT_JOURNAL: {
      getByName: (name: string) => counted(ACCOUNT_JOURNAL.getByName(name), journal),
    } as unknown as Env['ACCOUNT_JOURNAL'],
  };
  const db = connect(counted(bindings.DB, catalogue));
  const answer = await executeIn(contextOf({ env, db }), tenant, functionId);
  expect({ catalogue, journal, bridge }).toEqual({
    catalogue: ['prepare'],
    journal: ['startExecution', 'finishExecution'],
    bridge: ['sealAndSign'],
  });
  const body = answer.ok ? answer.value.body : undefined;
  expect(body).toMatchObject({ status: 'succeeded' });
  expect(await read(tenant, body?.id ?? '')).toEqual(body);
});
