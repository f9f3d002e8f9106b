/** Reads of a chain at the door: what passes, what is refused, what the journal keeps, and what a replay needs. */
import { describe, expect, it } from 'vitest';
import type { HostCall } from '../../../worker/core/functions-runtime/host-calls.ts';
import type { CallEntry, HostAnswer } from '../../../worker/core/functions-runtime/journal.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { HTTP_ALLOWED, httpAnswer, type RunOptions, run, runAndReplay } from './harness.ts';
import { runtime } from './node-runtime.ts';

const answering = (value: JsonValue) => (): Promise<HostAnswer> =>
  Promise.resolve({ ok: true, value });
const reading = (body: string) => `async () => { ${body} }`;

async function codeOf(call: string, options: RunOptions = {}): Promise<string> {
  const result = await run(runtime, `() => ${call}`, { host: answering(1), ...options });
  return result.status === 'succeeded' ? 'succeeded' : result.error.code;
}

describe('a read', () => {
  it('leaves as it was asked for, and answers what the host said', async () => {
    const seen: unknown[] = [];
    const source = reading(`return [
      await Devpack.chain.call({ contract: 'c', method: 'm', args: [{ type: 'Integer', value: 1n }] }),
      await Devpack.chain.balance({ address: 'a', token: 'GAS', network: null }),
      await Devpack.chain.transaction({ network: 'neo3:x', hash: 'h' }),
      await Devpack.chain.height(),
    ]`);
    const { first, again } = await runAndReplay(runtime, source, {
      host: ({ kind, request, index }: HostCall) => {
        seen.push([kind, request]);
        return Promise.resolve({ ok: true, value: { index } });
      },
    });
    expect(seen).toEqual([
      ['chain.call', { contract: 'c', method: 'm', args: [{ type: 'Integer', value: '1' }] }],
      ['chain.balance', { address: 'a', token: 'GAS', network: null }],
      ['chain.transaction', { network: 'neo3:x', hash: 'h' }],
      ['chain.height', {}],
    ]);
    expect(first).toMatchObject({
      output: { result: [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }] },
    });
    expect(again).toEqual({ ok: true, value: first });
  });

  it('does not round an integer of 256 bits on its way out or in', async () => {
    const digits = (2n ** 255n - 1n).toString();
    const source = reading(`const big = 2n ** 255n - 1n;
      const { stack } = await Devpack.chain.call({ args: [{ type: 'Integer', value: big }] });
      return { same: BigInt(stack[0].value) === big }`);
    const sent: JsonValue[] = [];
    const { first } = await runAndReplay(runtime, source, {
      host: ({ request }: HostCall) => {
        sent.push(request);
        return Promise.resolve({
          ok: true,
          value: { stack: [{ type: 'Integer', value: digits }] },
        });
      },
    });
    expect(sent).toEqual([{ args: [{ type: 'Integer', value: digits }] }]);
    expect(first).toMatchObject({ output: { same: true } });
  });

  it('rejects with the code and the message of its failure', async () => {
    const source = reading(`try { await Devpack.chain.call({}) } catch (error) {
      return [error.code, error.message] }`);
    const failure = { ok: false, code: 'chain.call_faulted', message: 'ABORT' } as const;
    const { first, again } = await runAndReplay(runtime, source, {
      host: () => Promise.resolve(failure),
    });
    expect(first).toMatchObject({ output: { result: ['chain.call_faulted', 'ABORT'] } });
    expect(again).toEqual({ ok: true, value: first });
  });

  it('is refused where the permissions leave the module out, and is not journaled', async () => {
    const permissions = { modules: ['random'], httpHosts: [] } as const;
    for (const method of ['call', 'balance', 'transaction', 'height'])
      expect(await codeOf(`Devpack.chain.${method}({})`, { permissions })).toBe(
        'functions.permission_denied',
      );
    const caught = reading('try { await Devpack.chain.height() } catch { return 1 }');
    const { journal } = await run(runtime, caught, { permissions });
    expect(journal).toHaveLength(1);
  });

  it('is refused when it asks with anything but an object of JSON', async () => {
    expect(await codeOf('Devpack.chain.call([1])')).toBe('functions.call_invalid');
    expect(await codeOf('Devpack.chain.call({ args: ["\\ud800"] })')).toBe(
      'functions.call_invalid',
    );
    const deep = 'JSON.parse("[".repeat(500) + "]".repeat(500))';
    expect(await codeOf(`Devpack.chain.call({ args: ${deep} })`)).toBe('functions.call_invalid');
    expect(await codeOf('Devpack.chain.call({ toJSON() { return undefined } })')).toBe(
      'functions.call_invalid',
    );
    for (const nothing of ['', 'undefined', 'null', '5'])
      expect(await codeOf(`Devpack.chain.height(${nothing})`)).toBe('succeeded');
  });

  it('has a bound of its own, which HTTP calls do not use up', async () => {
    const max = LIMITS.chainReadsMax.value;
    const source = reading(`
      for (let i = 0; i < ${LIMITS.httpCallsMax.value}; i++)
        await Devpack.http.fetch('https://api.example.com/');
      const all = await Promise.allSettled(
        Array.from({ length: ${max + 1} }, () => Devpack.chain.height()));
      return all.map((one) => one.reason?.code ?? one.status)`);
    const host = ({ kind }: HostCall) =>
      kind === 'http.fetch' ? Promise.resolve(httpAnswer(1)) : answering(7)();
    const { first, again } = await runAndReplay(runtime, source, {
      permissions: HTTP_ALLOWED,
      host,
    });
    expect(first).toMatchObject({
      output: { result: [...Array(max).fill('fulfilled'), 'functions.call_limit'] },
    });
    expect(again).toEqual({ ok: true, value: first });
  });
});

describe('an answer that a hostile contract chose', () => {
  const nested = (levels: number): JsonValue =>
    JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`) as JsonValue;
  const depthOf = reading(`let at = await Devpack.chain.call({}), depth = 0;
    while (Array.isArray(at)) { at = at[0]; depth++ } return { depth }`);

  it('reaches the code as deep as JSON may be, and is refused one level deeper', async () => {
    // The answer itself is one level around the value.
    const levels = LIMITS.jsonDepthMax.value - 1;
    const { first, again } = await runAndReplay(runtime, depthOf, {
      host: answering(nested(levels)),
    });
    expect(first).toMatchObject({ status: 'succeeded', output: { depth: levels } });
    expect(again).toEqual({ ok: true, value: first });
    const deeper = await runAndReplay(runtime, depthOf, { host: answering(nested(levels + 1)) });
    expect(deeper.first).toMatchObject({ error: { code: 'functions.call_limit' } });
    expect(JSON.stringify(deeper.first.journal).length).toBeLessThan(2_000);
    expect(deeper.again).toEqual({ ok: true, value: deeper.first });
  });

  it('counts in the bytes of the run, and the one that passes them is not kept', async () => {
    const long = 'x'.repeat(1_500_000);
    const source = reading(`const all = await Promise.allSettled(
      [1, 2, 3].map(() => Devpack.chain.call({}))); return all.map((one) => one.status)`);
    const { first, again } = await runAndReplay(runtime, source, { host: answering(long) });
    expect(first).toMatchObject({ output: { result: ['fulfilled', 'fulfilled', 'rejected'] } });
    expect((first.journal[3] as CallEntry).answer).toMatchObject({ code: 'functions.call_limit' });
    expect(again).toEqual({ ok: true, value: first });
  });

  it('cannot reach the prototypes of the guest', async () => {
    const value = JSON.parse('{"__proto__":{"then":1},"constructor":2}') as JsonValue;
    const source = reading(`const got = await Devpack.chain.call({});
      return { clean: {}.then === undefined, own: Object.keys(got).sort() }`);
    const result = await run(runtime, source, { host: answering(value) });
    expect(result).toMatchObject({ output: { clean: true, own: ['__proto__', 'constructor'] } });
  });
});

it('keeps a secret that was put into the arguments out of the journal, and replays', async () => {
  const secrets = [{ name: 'token', value: 'a-long-secret-value', versionId: 'sv_1' }];
  const source = `async (_, secrets) => (await Devpack.chain.call({ contract: '0x', method: 'm',
    args: [{ type: 'String', value: secrets.token }] })).stack`;
  const { first, again } = await runAndReplay(runtime, source, {
    secrets,
    host: answering({ stack: [] }),
  });
  expect(first.journal[1]).toMatchObject({
    kind: 'chain.call',
    request: { args: [{ type: 'String', value: '[secret:token]' }] },
  });
  expect(again).toEqual({ ok: true, value: first });
});

describe('submitTransaction', () => {
  it('queues its params exactly, and one more than a run may queue is refused', async () => {
    const source = `() => Devpack.chain.submitTransaction({ walletId: 'w', systemFeeMax: 2n ** 40n,
      calls: [{ args: [{ type: 'Integer', value: -(2n ** 255n) }] }], note: null })`;
    const { actions, ...result } = await run(runtime, source);
    expect(result).toMatchObject({ output: { type: 'transaction.submit', id: 'action_1' } });
    expect(actions[0]?.params).toEqual({
      walletId: 'w',
      systemFeeMax: '1099511627776',
      calls: [{ args: [{ type: 'Integer', value: (-(2n ** 255n)).toString() }] }],
    });
    const many = '() => { for (let i = 0; i < 101; i++) Devpack.chain.submitTransaction({ i }) }';
    expect(await run(runtime, many)).toMatchObject({
      status: 'failed',
      error: { code: 'functions.action_limit' },
      actions: [],
    });
  });

  it('is refused where the permissions leave the module out', async () => {
    const permissions = { modules: ['gasBank'], httpHosts: [] } as const;
    expect(await codeOf('Devpack.chain.submitTransaction({})', { permissions })).toBe(
      'functions.permission_denied',
    );
  });
});
