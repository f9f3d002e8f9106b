/** The published Devpack module is the one that runs; its types name exactly what it exports. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { run } from './harness.ts';
import { runtime } from './node-runtime.ts';

describe('the Devpack module', () => {
  it('is the same file for authors and in the runtime', async () => {
    expect(await readFile('sdk/devpack/index.js', 'utf8')).toBe(runtime.devpackModule);
  });

  it('exports exactly what its types declare', async () => {
    const types = await readFile('sdk/devpack/index.d.ts', 'utf8');
    const declared = [...types.matchAll(/^export (?:const|function) (\w+)/gm)].map(
      ([, name]) => name,
    );
    const source =
      "import * as all from '@neo-service-layer/devpack';\nexport default () => Object.keys(all)";
    const result = await run(runtime, source);
    const exported = result.status === 'succeeded' ? result.output['result'] : result.error;
    expect(new Set(declared)).toEqual(new Set(exported as readonly string[]));
  });

  it('throws outside the runtime when it is used, not when it is loaded', async () => {
    const module = (await import('../../../sdk/devpack/index.js')) as {
      readonly ensureGasAccount: () => void;
    };
    expect(() => module.ensureGasAccount()).toThrow('Devpack runtime unavailable');
  });
});
