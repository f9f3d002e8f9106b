/** Every example function on the metered runtime, with the params and the outcome that its example.json states. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../../../cli/src/functions/fixtures.ts';
import {
  type Example,
  type ExampleCase,
  listExamples,
  readExample,
} from '../../../examples/functions/deploy-and-try.ts';
import { countCalls } from '../../../worker/core/functions-runtime/call-kinds.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import {
  ACTION_MODULES,
  DEFAULT_PERMISSIONS,
  type Permissions,
} from '../../../worker/core/functions-runtime/permissions.ts';
import { type RunOptions, run, runAndReplay } from '../functions-runtime/harness.ts';
import { runtime } from '../functions-runtime/node-runtime.ts';

const SECRET_BYTES = 'canary-of-the-example-0123456789';

function optionsOf(example: Example, { params, fixtures, chainFixtures }: ExampleCase): RunOptions {
  return {
    // From a JSON file.
    params: params as JsonValue,
    secrets: Object.entries(example.secrets ?? {}).map(([name, value]) => ({
      name,
      value,
      versionId: `${name}@1`,
    })),
    permissions: permissionsOf(example),
    host: fixtureHost({ http: fixtures, chain: chainFixtures }),
  };
}

const permissionsOf = ({ permissions }: Example): Permissions => ({
  modules: permissions.modules ?? DEFAULT_PERMISSIONS.modules,
  httpHosts: permissions.httpHosts ?? [],
});

const examples = await Promise.all((await listExamples()).map(readExample));

describe.each(examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
  it.each(example.cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const { first, again } = await runAndReplay(runtime, example.source, optionsOf(example, one));
    if (one.error === undefined) expect(first).toMatchObject({ status: 'succeeded' });
    const outcome = first.status === 'succeeded' ? first.output : first.error.message;
    expect(outcome).toEqual(one.error ?? one.output);
    expect(first.actions.map(({ type, params }) => ({ type, params }))).toEqual(one.actions ?? []);
    expect(again).toMatchObject({ ok: true, value: { fuelUsed: first.fuelUsed } });
  });

  it('asks for exactly the permissions that it needs', async () => {
    const [first] = example.cases;
    if (first === undefined) throw new Error(`${example.name} has no case`);
    const used = new Set<string>();
    let httpCalls = 0;
    for (const one of example.cases) {
      const result = await run(runtime, example.source, optionsOf(example, one));
      const calls = countCalls(result.journal);
      httpCalls += calls.httpCalls;
      if (calls.chainReads > 0) used.add('chain');
      for (const { type } of result.actions) used.add(ACTION_MODULES[type]);
    }
    expect([...used].toSorted()).toEqual([...permissionsOf(example).modules].toSorted());
    expect(httpCalls > 0).toBe(permissionsOf(example).httpHosts.length > 0);
  });
});

describe('price-alert', () => {
  it('shows its API key to the price service and to nobody else', async () => {
    const example = await readExample('price-alert');
    const [one] = example.cases;
    if (one === undefined) throw new Error('there is no case');
    const options = optionsOf({ ...example, secrets: { PRICE_API_KEY: SECRET_BYTES } }, one);
    const sent: string[] = [];
    const result = await run(runtime, example.source, {
      ...options,
      host: (call) => {
        sent.push(JSON.stringify(call.request));
        return fixtureHost({ http: one.fixtures, chain: null })(call);
      },
    });
    expect(sent.join()).toContain(`Bearer ${SECRET_BYTES}`);
    expect(JSON.stringify(result)).not.toContain(SECRET_BYTES);
  });
});

describe('allow-list-root', () => {
  const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const addresses = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `N${String(index + 1).replaceAll('0', 'z')}`).map(
      (start) => start.padEnd(34, 'x'),
    );

  it.each([1, 2, 3, 7, 8, 33])('gives proofs of %d members that verify', async (count) => {
    const { source } = await readExample('allow-list-root');
    const list = addresses(count);
    for (const prove of [list[0], list[count - 1]]) {
      const result = await run(runtime, source, {
        params: { addresses: list, prove: prove ?? '' },
      });
      if (result.status !== 'succeeded') throw new Error(result.error.message);
      const { root, proof } = result.output as unknown as Proven;
      const end = proof.reduce(
        (hash, step) => {
          const beside = Buffer.from(step.hash, 'hex');
          return step.side === 'left' ? sha256('\x01', beside, hash) : sha256('\x01', hash, beside);
        },
        sha256('\x00', prove ?? ''),
      );
      expect(end.toString('hex')).toBe(root);
    }
  });

  it('takes 400 addresses on the default fuel', async () => {
    const { source } = await readExample('allow-list-root');
    const params = { addresses: addresses(400), prove: '' };
    const result = await run(runtime, source, { params });
    expect(result).toMatchObject({ status: 'succeeded', output: { count: 400 } });
  });
});

interface Proven {
  readonly root: string;
  readonly proof: readonly { readonly side: string; readonly hash: string }[];
}

describe('nft-metadata', () => {
  it('does not let a name leave the image it stands in', async () => {
    const { source } = await readExample('nft-metadata');
    const collection = `</title><script>alert(1)</script>"'&\ud800`;
    const params = { collection, tokenId: '00ff' };
    const result = await run(runtime, source, { params });
    if (result.status !== 'succeeded') throw new Error(result.error.message);
    const image = decodeURIComponent(result.output['image'] as string);
    expect(image).not.toContain('<script');
    expect(image.match(/<\w+/g)).toEqual(['<svg', '<title', '<path']);
  });
});
