/**
 * What the errors of nodes mean, against answers captured from a live neo-go 0.122.0. The names of
 * the captured cases carry the code they are about.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAnswer, parseBatchAnswer } from '../../../../worker/core/neo/rpc/answer.ts';
import {
  isSuspect,
  nextStepAfter,
  parseRpcError,
  type RpcError,
  type RpcMeaning,
} from '../../../../worker/core/neo/rpc/errors.ts';

interface Sample {
  readonly request: { readonly method?: string };
  readonly response: { readonly error?: { readonly code: number; readonly data?: string } };
}
const place = join(
  import.meta.dirname,
  '../../../../../shared/vectors/neo/rpc-samples/live-neo-go-0.122.json',
);
// The file's own form; a wrong one fails the tests that read it.
const samples = existsSync(place)
  ? (JSON.parse(readFileSync(place, 'utf8')) as Readonly<Record<string, Sample>>)
  : undefined;
if (!samples) console.info('The captured answers of neo-go are absent: those tests are skipped.');

const errorOf = (code: number, data?: string): RpcError => {
  const error = parseRpcError({ code, message: 'words', ...(data !== undefined && { data }) });
  if (error === null) throw new Error('an error object was refused');
  return error;
};

describe('the meaning of an error', () => {
  it.each<[number, RpcMeaning]>([
    [-500, 'badTransaction'],
    [-501, 'alreadyOnChain'],
    [-502, 'mempoolFull'],
    [-503, 'alreadyKnown'],
    [-504, 'networkFeeTooLow'],
    [-505, 'policyFail'],
    [-506, 'badScript'],
    [-507, 'badAttribute'],
    [-508, 'badSignature'],
    [-509, 'badSize'],
    [-510, 'lookUpThenRebuild'],
    [-511, 'insufficientFunds'],
    [-512, 'badVerification'],
    [-103, 'unknownTransaction'],
    [-32_601, 'unknownMethod'],
    [-32_602, 'badParams'],
    [-600, 'accessDenied'],
    [-777, 'unrecognised'],
  ])('%i is %s', (code, meaning) => {
    expect(errorOf(code).meaning).toBe(meaning);
  });

  it('tells conflicts from other refusals of a transaction by what neo-go says in data', () => {
    expect(errorOf(-500, 'mempool: has conflicts: not signed').meaning).toBe('conflicts');
    expect(errorOf(-500, 'blockchain: has conflicts').meaning).toBe('conflicts');
    expect(errorOf(-500, 'witness #0: GAS limit exceeded').meaning).toBe('badTransaction');
    // The text is a hint for -500 alone: elsewhere an attacker could write it into a name.
    expect(errorOf(-32_603, 'x: has conflicts').meaning).toBe('internal');
  });

  it('oz-681: does not suspect an endpoint for what a transaction caused', () => {
    for (let code = -512; code <= -500; code += 1)
      expect(isSuspect(errorOf(code).meaning)).toBe(false);
    expect(isSuspect('conflicts')).toBe(false);
    expect(isSuspect('badParams')).toBe(false);
  });

  it('M4: no next step ends a transaction', () => {
    const steps = new Set(
      Array.from({ length: 700 }, (_, index) => nextStepAfter(errorOf(-index).meaning)),
    );
    expect([...steps].sort()).toEqual(['another', 'later', 'look up', 'nothing']);
    for (const code of [-501, -503, -510])
      expect(nextStepAfter(errorOf(code).meaning)).toBe('look up');
    expect(nextStepAfter('conflicts')).toBe('look up');
  });

  it('keeps the words of a node short and harmless', () => {
    const error = errorOf(-500, `\u001b[2Jline\nline ${'x'.repeat(10_000)}`);
    expect(error.reason?.length).toBe(512);
    expect(error.reason).not.toMatch(/\p{Cc}/u);
  });

  it.each([[null], ['text'], [{}], [{ code: 'x' }], [{ code: 1.5 }]])(
    'does not take %j',
    (value) => {
      expect(parseRpcError(value)).toBeNull();
    },
  );

  it.skipIf(!samples)('reads every captured error, each under its own code', () => {
    let seen = 0;
    for (const [name, sample] of Object.entries(samples ?? {})) {
      const code = /^(?:variant-)?err-(\d+)-/.exec(name)?.[1];
      if (code === undefined || sample.response?.error === undefined) continue;
      const error = parseRpcError(sample.response.error);
      expect(error?.code, name).toBe(-Number(code));
      expect(error?.meaning, name).not.toBe('unrecognised');
      seen += 1;
    }
    expect(seen).toBeGreaterThan(80);
  });
});

describe('the envelope of an answer', () => {
  const answer = (fields: object) => parseAnswer({ jsonrpc: '2.0', id: 7, ...fields }, 7);

  it('gives the result or the error, and tells them apart', () => {
    expect(answer({ result: null })).toEqual({ kind: 'result', result: null });
    expect(answer({ error: { code: -101, message: 'm' } })).toMatchObject({ kind: 'error' });
    // A node that could not read the request does not know whom it answers.
    expect(answer({ id: null, error: { code: -32_700, message: 'm' } })).toMatchObject({
      kind: 'error',
    });
  });

  it.each([
    ['an answer to another request', { id: 8, result: 1 }],
    ['a result without a name', { id: null, result: 1 }],
    ['neither result nor error', {}],
    ['both', { result: 1, error: { code: 1, message: '' } }],
    ['another protocol', { jsonrpc: '1.0', result: 1 }],
    ['an error that is none', { error: 'broken' }],
  ])('does not take %s', (_what, fields) => {
    expect(answer(fields)).toBeNull();
  });
});

describe('the envelope of a batch', () => {
  const item = (id: unknown) => ({ jsonrpc: '2.0', id, result: id });
  const results = (body: unknown, count: number) => {
    const batch = parseBatchAnswer(body, count);
    return batch?.kind === 'answers' ? batch.answers : batch;
  };

  it('puts answers into the order of the calls', () => {
    expect(results([item(1), item(0)], 2)).toEqual([
      { kind: 'result', result: 0 },
      { kind: 'result', result: 1 },
    ]);
  });

  it.each([
    ['one answer too few', [item(0)]],
    ['an answer given twice', [item(0), item(0)]],
    ['an answer nobody asked for', [item(0), item(5)]],
    ['one answer too many', [item(0), item(1), item(2)]],
    ['an item that is none', [item(0), 7]],
    ['a result for all', item(0)],
  ])('does not take %s', (_what, body) => {
    expect(parseBatchAnswer(body, 2)).toBeNull();
  });

  it.skipIf(!samples)('knows the one error that refuses a whole batch', () => {
    for (const name of ['http-batch-102', 'http-batch-empty', 'http-body-over-1MiB'])
      expect(parseBatchAnswer(samples?.[name]?.response, 2), name).toMatchObject({
        kind: 'refused',
        error: { code: -32_700 },
      });
  });
});
