/**
 * NEF files round-trip, one flipped bit is noticed, and neither files nor manifests of any content
 * do more than be refused. SEED repeats a run.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContractState } from '../../worker/core/neo/contract/contract-state.ts';
import {
  decodeManifest,
  formatManifest,
  parseManifest,
} from '../../worker/core/neo/contract/manifest.ts';
import { decodeNef, encodeNef, faultOfNef, type Nef } from '../../worker/core/neo/contract/nef.ts';
import { decodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import { runsOf } from '../support/runs.ts';

const { seed, numRuns } = runsOf('neo-nef', { usual: 1_500, slow: 10_000 });

const hash = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(decodeScriptHash);
const textOf = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const token = fc.record({
  contract: hash,
  method: textOf(8).filter((text) => !text.startsWith('_')),
  parameterCount: fc.nat(65_535),
  hasReturnValue: fc.boolean(),
  callFlags: fc.nat(15),
});
const nef: fc.Arbitrary<Nef> = fc.record({
  compiler: textOf(16).filter((text) => !text.includes('\0')),
  source: textOf(60),
  tokens: fc.array(token, { maxLength: 6 }),
  script: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});

describe('a NEF file', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(nef, (given) => {
        expect(faultOfNef(given)).toBeNull();
        expect(decodeNef(encodeNef(given))).toEqual({ ok: true, value: given });
      }),
      { seed, numRuns },
    );
  });

  it('is refused when any one bit of it is another', () => {
    fc.assert(
      fc.property(nef, fc.nat(), fc.nat(7), (given, at, bit) => {
        const bytes = encodeNef(given);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(decodeNef(bytes).ok).toBe(false);
      }),
      { seed, numRuns },
    );
  });

  it('is refused by name, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const headed = Uint8Array.from([0x4e, 0x45, 0x46, 0x33, ...bytes]);
        expect(decodeNef(bytes).ok).toBe(false);
        expect(decodeNef(headed).ok).toBe(false);
      }),
      { seed, numRuns },
    );
  });
});

const VALUE_TYPES = ['Any', 'Integer', 'String', 'Hash160', 'Array', 'Map', 'ByteArray'] as const;
const name = fc.stringMatching(/^[a-z]{1,4}$/);
const parameters = fc.uniqueArray(fc.record({ name, type: fc.constantFrom(...VALUE_TYPES) }), {
  maxLength: 3,
  selector: (parameter) => parameter.name,
});
const method = fc.record({
  name,
  parameters,
  returntype: fc.constantFrom(...VALUE_TYPES, 'Void'),
  offset: fc.nat(),
  safe: fc.boolean(),
});
const target = fc.oneof(fc.constant('*'), hash);
const manifest = fc.record({
  name,
  groups: fc.constant([]),
  features: fc.constant({}),
  supportedstandards: fc.uniqueArray(name, { maxLength: 3 }),
  abi: fc.record({
    methods: fc.uniqueArray(method, {
      minLength: 1,
      maxLength: 4,
      selector: (each) => `${each.name}/${String(each.parameters.length)}`,
    }),
    events: fc.uniqueArray(fc.record({ name, parameters }), {
      maxLength: 3,
      selector: (event) => event.name,
    }),
  }),
  permissions: fc.uniqueArray(
    fc.record({
      contract: target,
      methods: fc.oneof(fc.constant('*'), fc.uniqueArray(name, { maxLength: 3 })),
    }),
    { maxLength: 3, selector: ({ contract }) => contract },
  ),
  trusts: fc.oneof(fc.constant('*'), fc.uniqueArray(target, { maxLength: 3 })),
  extra: fc.jsonValue(),
});

describe('a manifest', () => {
  it('is read and written again as it was', () => {
    fc.assert(
      fc.property(manifest, (given) => {
        const json: unknown = JSON.parse(JSON.stringify(given));
        const read = parseManifest(json);
        if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
        expect(formatManifest(read.value)).toEqual(json);
      }),
      { seed, numRuns },
    );
  });

  it('is read or refused by name when any value in it is replaced', () => {
    fc.assert(
      fc.property(manifest, fc.nat(), fc.jsonValue(), (given, at, odd) => {
        let count = 0;
        const total = JSON.stringify(given).length;
        const json: unknown = JSON.parse(JSON.stringify(given), (_, value: unknown) => {
          count += 1;
          return count === 1 + (at % total) ? odd : value;
        });
        expect(typeof parseManifest(json).ok).toBe('boolean');
        expect(parseContractState({ id: 1, hash: odd, nef: odd, manifest: json }).ok).toBe(false);
      }),
      { seed, numRuns },
    );
  });

  it('is refused by name, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => Buffer.from(text)),
          fc.uint8Array(),
        ),
        (bytes) => {
          expect(decodeManifest(bytes).ok).toBe(false);
        },
      ),
      { seed, numRuns },
    );
  });
});
