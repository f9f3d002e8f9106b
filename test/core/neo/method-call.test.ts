/** Arguments held against a manifest: what a stranger declares, and what a caller gives. */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { type Manifest, parseManifest } from '../../../worker/core/neo/contract/manifest.ts';
import {
  type MethodRequest,
  parseMethodCall,
  toContractCall,
} from '../../../worker/core/neo/contract/method-call.ts';
import { buildUpdateCall } from '../../../worker/core/neo/contract/update-call.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { HOSTILE, HOSTILE_NAMES, WORKSHOP_MANIFEST } from '../../support/small-contracts.ts';

function manifestOf(json: object): Manifest {
  const parsed = parseManifest(json);
  if (!parsed.ok) throw new Error(`${parsed.misshapen.pointer}: ${parsed.misshapen.reason}`);
  return parsed.value;
}

const { abi } = manifestOf(WORKSHOP_MANIFEST);
const call = (method: string, ...args: readonly object[]) => parseMethodCall(abi, { method, args });
const NULL = { type: 'Any', value: null };
const ACCOUNT = { type: 'Hash160', value: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' };

/** One right argument for each parameter of `all`, in its order. */
const RIGHT = [
  { type: 'Boolean', value: true },
  { type: 'Integer', value: '-7' },
  { type: 'ByteArray', value: 'AAE=' },
  { type: 'String', value: 'text' },
  ACCOUNT,
  { type: 'Hash256', value: `0x${'1f'.repeat(32)}` },
  {
    type: 'PublicKey',
    value: `02a7834be9b32e2981d157cb5bbd3acb42cfd11ea5c3b10224d7a44e98c5910f1b`,
  },
  { type: 'Signature', value: `${'A'.repeat(86)}==` },
  { type: 'Array', value: [] },
  { type: 'Map', value: [] },
  { type: 'Integer', value: '1' },
] as const;

const problemsOf = (request: MethodRequest) => {
  const parsed = parseMethodCall(abi, request);
  return parsed.ok ? [] : parsed.failure.fields?.map(({ pointer }) => pointer);
};

describe('a call', () => {
  it('takes the type that each parameter declares', () => {
    expect(call('all', ...RIGHT).ok).toBe(true);
  });

  it.each(RIGHT.slice(0, -1).map((_, index) => index))(
    'refuses another type for parameter %i, and names its place',
    (index) => {
      const wrong = index === 9 ? { type: 'Array', value: [] } : { type: 'Map', value: [] };
      const args = RIGHT.map((right, at) => (at === index ? wrong : right));
      expect(problemsOf({ method: 'all', args })).toEqual([`/args/${index}/type`]);
    },
  );

  it.each([0, 1])('has no null for parameter %i, of which the machine has none', (index) => {
    const args = RIGHT.map((right, at) => (at === index ? NULL : right));
    expect(problemsOf({ method: 'all', args })).toEqual([`/args/${index}/type`]);
  });

  it('takes null where the machine has one, unless the manifest forbids it', () => {
    const args = RIGHT.map((right, at) => (at < 2 ? right : NULL));
    expect(call('all', ...args).ok).toBe(true);
    const parameters = [
      { name: 'to', type: 'Hash160', extendedtype: { type: 'Hash160', forbidnull: true } },
    ];
    const methods = [{ name: 'pay', parameters, returntype: 'Void', offset: 0, safe: false }];
    const strict = manifestOf({ ...WORKSHOP_MANIFEST, abi: { methods, events: [] } });
    expect(parseMethodCall(strict.abi, { method: 'pay', args: [NULL] })).toMatchObject({
      failure: { fields: [{ pointer: '/args/0/type', detail: 'must be one of Hash160' }] },
    });
  });

  it.each(['String', 'Hash160', 'Hash256', 'PublicKey', 'Signature'])(
    'takes %s where bytes are declared, since it is bytes there',
    (type) => {
      const given = RIGHT.find((right) => right.type === type);
      expect(call('find', given ?? NULL).ok).toBe(true);
    },
  );

  it('finds the method of that many parameters, and tells which counts there are', () => {
    const text = { type: 'String', value: 'a' };
    for (const args of [[text], [text, text]])
      expect(call('put', ...args)).toMatchObject({
        value: { method: { parameters: { length: args.length } } },
      });
    expect(call('put')).toMatchObject({
      failure: { fields: [{ pointer: '/args', detail: 'must hold 1 or 2 arguments' }] },
    });
  });

  it.each(['nothing', '', 'toString', '__proto__', '_deploy'])(
    'refuses the method %j, which nobody may call or which is none',
    (method) => {
      expect(problemsOf({ method, args: [NULL, RIGHT[0]] })).toEqual(['/method']);
    },
  );

  it('cannot be given what lives in the running machine alone', () => {
    const args = [{ type: 'Array', value: [] }];
    expect(problemsOf({ method: 'take', args })).toEqual(['/args/0/type']);
  });

  it('refuses an integer beyond 256 bits before its type is looked at', () => {
    for (const value of [String(1n << 255n), '9'.repeat(200), '1e5', 2 ** 53])
      expect(problemsOf({ method: 'echo', args: [{ type: 'Integer', value }] })).toEqual([
        '/args/0/value',
      ]);
    const least = { type: 'Integer', value: String(-(1n << 255n)) };
    expect(call('echo', least).ok).toBe(true);
  });

  it('calls every method that a hostile manifest names, by that very name', () => {
    const hostile = manifestOf(HOSTILE);
    for (const method of HOSTILE_NAMES)
      expect(parseMethodCall(hostile.abi, { method, args: [] })).toMatchObject(
        method.startsWith('_') ? { ok: false } : { ok: true, value: { method: { name: method } } },
      );
  });

  it('gives a safe method no right to write', () => {
    const hash = NATIVE_CONTRACTS.GasToken.hash;
    const flagsOf = (method: string, ...args: readonly object[]) => {
      const parsed = call(method, ...args);
      return parsed.ok && toContractCall(hash, parsed.value, 'kept').flags;
    };
    expect(flagsOf('echo', NULL)).toBe(CALL_FLAGS.ReadOnly);
    expect(flagsOf('fail')).toBe(CALL_FLAGS.All);
  });
});

describe('an update', () => {
  const nef = Uint8Array.of(1);
  const update = { nef, manifestJson: '{}', data: null };
  const withUpdates = (...types: readonly (readonly string[])[]) =>
    manifestOf({
      ...WORKSHOP_MANIFEST,
      abi: {
        methods: types.map((list) => ({
          name: 'update',
          parameters: list.map((type, index) => ({ name: `p${index}`, type })),
          returntype: 'Void',
          offset: 0,
          safe: false,
        })),
        events: [],
      },
    }).abi;

  it('is the method of three, with null for no data', () => {
    expect(buildUpdateCall(abi, update)?.args).toEqual([
      { type: 'ByteArray', value: nef },
      { type: 'String', value: '{}' },
      { type: 'Any', value: null },
    ]);
  });

  it('takes the method of two where there is no data, and only then', () => {
    const both = withUpdates(['ByteArray', 'ByteArray'], ['ByteArray', 'String', 'Any']);
    expect(buildUpdateCall(both, update)?.args).toHaveLength(2);
    const data = { type: 'Integer', value: 1n } as const;
    expect(buildUpdateCall(both, { ...update, data })?.args).toContain(data);
    const short = withUpdates(['ByteArray', 'String']);
    expect(buildUpdateCall(short, { ...update, data })).toBeNull();
  });

  it('keeps what is not given by null', () => {
    const kept = buildUpdateCall(abi, { ...update, manifestJson: null });
    expect(kept?.args[1]).toEqual({ type: 'Any', value: null });
  });

  it.each([[[]], [['ByteArray']], [['Integer', 'String']], [['ByteArray', 'Hash160', 'Any']]])(
    'is none for a method of (%s)',
    (types) => {
      expect(buildUpdateCall(withUpdates(types, ['Any', 'Any', 'Any', 'Any']), update)).toBeNull();
    },
  );
});
