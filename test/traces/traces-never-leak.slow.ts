/**
 * What the platform itself traces of us: every call of an object, an entrypoint or the bridge, with
 * spans, statements, logs and exceptions, as an operator's tail Worker and observability see it. The
 * canaries of test/contract/secrets-never-leak.test.ts are in none of it, and it is shown that it was collected.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found, KNOWN, runEveryOperation } from '../contract/canaries.ts';
import { testOperator } from '../support/bindings.ts';
import { call, type Tenant } from '../support/harness.ts';

const collector = (method: string) => env.TRACES.fetch('http://traces.test/', { method });
const readTraces = async () => (await collector('GET')).text();

beforeAll(async () => {
  await collector('POST');
});
afterAll(async () => {
  await collector('DELETE');
});

/** What of the traces is used here; the rest is searched as text. */
interface Trace {
  readonly kind: 'tail' | 'stream';
  readonly traced: {
    readonly entrypoint?: string;
    readonly event?:
      | { readonly type: 'attributes'; readonly info: readonly Attribute[] }
      | { readonly type: 'onset'; readonly info: { readonly type: string } }
      | { readonly type?: never; readonly rpcMethod?: string };
  };
}
interface Attribute {
  readonly name: string;
  readonly value: unknown;
}

const parseTraces = (traces: string): readonly Trace[] =>
  traces.split('\n').map((line) => JSON.parse(line) as Trace);

/** The RPC calls that were traced, as `tail AccountJournal.startExecution` or `stream startExecution`. */
function callsIn(traces: string): ReadonlySet<string> {
  const names = parseTraces(traces).flatMap(({ traced: { entrypoint, event } }) => {
    if (event?.type === undefined)
      return event?.rpcMethod ? [`tail ${entrypoint}.${event.rpcMethod}`] : [];
    if (event.type !== 'attributes') return [];
    const method = event.info.find(({ name }) => name === 'jsrpc.method');
    return method ? [`stream ${String(method.value)}`] : [];
  });
  return new Set(names);
}

/**
 * All but the request as its client sent it: a stream begins with its address and headers, credential
 * and all, before any code of ours runs (docs/operations.md). In the other kind of trace the platform
 * blackens both, and there nothing is left out.
 */
const ownParts = (traces: string): string =>
  parseTraces(traces)
    .filter(({ traced: { event } }) => !(event?.type === 'onset' && event.info.type === 'fetch'))
    .map((trace) => JSON.stringify(trace))
    .join('\n');

/** One of each kind of door, inward and outward. */
const CALLS = [
  ['AccountJournal', 'startExecution'],
  ['AccountJournal', 'finishExecution'],
  ['AccountJournal', 'appendOutbox'],
  ['AccountScheduler', 'enqueue'],
  ['RateLimiter', 'leaseTokens'],
  ['MetricsHub', 'flush'],
  ['WorkRunner', 'run'],
  ['SignerPort', 'sign'],
  ['EnclaveBridge', 'createDataKey'],
  ['EnclaveBridge', 'seal'],
  ['EnclaveBridge', 'open'],
  ['EnclaveBridge', 'sealAndSign'],
  ['EnclaveBridge', 'sign'],
] as const;
const EXPECTED = CALLS.flatMap(([entrypoint, method]) => [
  `tail ${entrypoint}.${method}`,
  `stream ${method}`,
]);

/** A checkpoint is due after a hundred entries: the journal's alarm has it signed through the ports. */
async function haveCheckpointSigned({ accountId }: Tenant): Promise<void> {
  const journal = env.ACCOUNT_JOURNAL.getByName(accountId);
  for (let entry = 0; entry < 100; entry += 1) await journal.appendAudit({ entry });
  await runDurableObjectAlarm(journal);
}

describe('a trace of the platform', () => {
  it('holds no secret after every operation has run, though every RPC call is in it', {
    timeout: 300_000,
  }, async () => {
    const { tenant, canaries } = await runEveryOperation({
      ask: call,
      operator: testOperator.token,
    });
    await haveCheckpointSigned(tenant);
    // In a statement on an object's storage: the search must find what is there.
    await runInDurableObject(env.ACCOUNT_JOURNAL.getByName(tenant.accountId), (_, { storage }) =>
      storage.sql.exec(`SELECT '${KNOWN}'`).toArray(),
    );
    const missing = async () => {
      const calls = callsIn(await readTraces());
      return EXPECTED.filter((name) => !calls.has(name));
    };
    await expect.poll(missing, { timeout: 20_000, interval: 500 }).toEqual([]);
    const traces = await readTraces();
    expect(traces, 'the search reads the traces').toContain(KNOWN);
    expect(found(ownParts(traces), canaries)).toEqual([]);
    expect(found(traces, canaries), 'what is left out is where it is').toContain(
      testOperator.token.slice(0, 24),
    );
  });
});
