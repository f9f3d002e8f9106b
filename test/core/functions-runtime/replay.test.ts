/** A run can be had again from its journal alone: same outcome, same fuel, no I/O; and nothing else passes for it. */
import { describe, expect, it } from 'vitest';
import { execute, replay } from '../../../worker/core/functions-runtime/execute.ts';
import type { CallEntry, Journal } from '../../../worker/core/functions-runtime/journal.ts';
import { HTTP_ALLOWED, httpAnswer, runAndReplay, scriptedHost, toInput } from './harness.ts';
import { runtime } from './node-runtime.ts';

const fetchThree = `async (params, secrets) => {
  const seen = [];
  await Promise.all([0, 1, 2].map(async (index) => {
    const headers = { authorization: secrets.token };
    const response = await Devpack.http.fetch('https://api.example.com/' + index, { headers });
    seen.push(index, await response.json(), Math.random());
    console.log('done', index);
  }));
  Devpack.random.generate({ length: seen.length });
  return { seen };
}`;
const secrets = [{ name: 'token', value: 'a-long-secret-value', versionId: 'sv_1' }];
const options = (order: readonly number[]) => ({
  permissions: HTTP_ALLOWED,
  secrets,
  host: scriptedHost([httpAnswer('zero'), httpAnswer('one'), httpAnswer('two')], order),
});

describe('replay', () => {
  it('gives the same outcome, logs, actions, fuel and journal for every order of completion', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const { first, again } = await runAndReplay(runtime, fetchThree, options(order));
      expect(first.status).toBe('succeeded');
      expect(again).toEqual({ ok: true, value: first });
      const calls = first.journal.slice(1) as readonly CallEntry[];
      expect(calls.map(({ index }) => index)).toEqual(order);
    }
  });

  it('replays runs that failed, starved, hung or were stopped', async () => {
    const sources = [
      '() => { throw new Error("x") }',
      '() => { for (;;); }',
      '() => new Promise(() => {})',
      '() => { const a = []; for (;;) a.push("x".repeat(1e5) + a.length) }',
      'async () => { await Devpack.http.fetch("https://api.example.com/"); for (;;); }',
    ];
    for (const source of sources) {
      const limits = { fuel: 200_000_000, memoryBytes: 8 * 1_048_576 };
      const { first, again } = await runAndReplay(runtime, source, { ...options([0]), limits });
      expect(first.status).not.toBe('succeeded');
      expect(again).toEqual({ ok: true, value: first });
    }
    const controller = new AbortController();
    const host = () => {
      controller.abort('cancelled');
      return new Promise<never>(() => undefined);
    };
    const { first, again } = await runAndReplay(runtime, fetchThree, {
      ...options([]),
      host,
      signal: controller.signal,
    });
    expect(first.status).toBe('cancelled');
    expect(again).toEqual({ ok: true, value: first });
  });

  it('keeps secret values out of the journal and names their versions', async () => {
    const { first } = await runAndReplay(runtime, fetchThree, options([0, 1, 2]));
    expect(JSON.stringify(first.journal)).not.toContain('a-long-secret-value');
    expect(first.journal[0].secretVersionIds).toEqual(['sv_1']);
    expect(first.journal[1]).toMatchObject({
      request: { headers: { authorization: '[secret:token]' } },
    });
  });

  it('replays answers whose keys a store has put into another order', async () => {
    const source =
      'async () => Object.keys((await Devpack.http.fetch("https://api.example.com/")).headers)';
    const answer = {
      ok: true,
      value: { status: 200, headers: { z: '1', a: '2' }, body: '' },
    } as const;
    const input = toInput(runtime, source, {
      permissions: HTTP_ALLOWED,
      host: scriptedHost([answer]),
    });
    const first = await execute(input);
    const [start, call] = first.journal;
    const sorted = {
      ok: true,
      value: { body: '', headers: { a: '2', z: '1' }, status: 200 },
    } as const;
    const journal: Journal = [start, { ...(call as CallEntry), answer: sorted }];
    const again = await replay({ runtime, source, params: null, secrets: [], journal });
    expect(again).toMatchObject({ ok: true, value: { fuelUsed: first.fuelUsed } });
    expect(again.ok && again.value.status === 'succeeded' && again.value.output).toEqual({
      result: ['a', 'z'],
    });
  });

  describe('is refused', () => {
    const changed = async (change: (journal: Journal) => Journal, source = fetchThree) => {
      const first = await execute(toInput(runtime, fetchThree, options([1, 0, 2])));
      const again = await replay({
        runtime,
        source,
        params: null,
        secrets,
        journal: change(first.journal),
      });
      if (!again.ok) return again.failure.code;
      return again.value.fuelUsed === first.fuelUsed ? 'equal' : 'different';
    };

    it('when the source asks for something else', async () => {
      const other = fetchThree.replace(
        "'https://api.example.com/' +",
        "'https://api.example.com/x' +",
      );
      expect(await changed((journal) => journal, other)).toBe('functions.replay_diverged');
    });

    it('when a call is missing, added or changed', async () => {
      const diverged = 'functions.replay_diverged';
      expect(await changed(([start, , ...rest]) => [start, ...rest])).toBe(diverged);
      expect(
        await changed(([start, first, ...rest]) => {
          const extra: CallEntry = { ...(first as CallEntry), index: 3 };
          return [start, ...(first === undefined ? [] : [first]), ...rest, extra];
        }),
      ).toBe(diverged);
      expect(
        await changed(([start, first, ...rest]) => {
          const call: CallEntry = {
            ...(first as CallEntry),
            request: { url: 'https://api.example.com/9' },
          };
          return [start, call, ...rest];
        }),
      ).toBe(diverged);
    });

    it('when the runtime is another', async () => {
      expect(
        await changed(([start, ...rest]) => [
          { ...start, runtimeVersion: 'f'.repeat(64) },
          ...rest,
        ]),
      ).toBe('functions.runtime_retired');
    });
  });

  it('shows a changed answer or order in output or fuel', async () => {
    const first = await execute(toInput(runtime, fetchThree, options([1, 0, 2])));
    const [start, one, two, three] = first.journal as [Journal[0], CallEntry, CallEntry, CallEntry];
    const tampered: readonly Journal[] = [
      [start, two, one, three],
      [start, { ...one, answer: httpAnswer('ONE') }, two, three],
    ];
    for (const journal of tampered) {
      const again = await replay({ runtime, source: fetchThree, params: null, secrets, journal });
      expect(again.ok && again.value.status === 'succeeded' && again.value.output).not.toEqual(
        first.status === 'succeeded' && first.output,
      );
    }
  });
});
