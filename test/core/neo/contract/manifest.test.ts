/** Manifests of NEP-15 with the types of NEP-25: taken whole, or refused with the place. */
import { describe, expect, it } from 'vitest';
import { findEvent, findMethod } from '../../../../worker/core/neo/contract/abi.ts';
import { parseContractState } from '../../../../worker/core/neo/contract/contract-state.ts';
import {
  decodeManifest,
  formatManifest,
  isGroupSigned,
  parseManifest,
} from '../../../../worker/core/neo/contract/manifest.ts';
import {
  decodePrivateKey,
  publicKeyOf,
  signMessage,
} from '../../../../worker/core/neo/private-key.ts';
import { encodeScriptHash, parseScriptHash } from '../../../../worker/core/neo/script-hash.ts';
import { documentedResults } from '../vm/vectors.ts';

const HASH = '0xfffdc93764dbaddd97c48f252a53ea4643faa3fd';
const KEY = '02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e';
const SIGNATURE = Buffer.alloc(64, 1).toString('base64');

const method = {
  name: 'transfer',
  parameters: [{ name: 'to', type: 'Hash160' }],
  returntype: 'Boolean',
  offset: 0,
  safe: false,
};
const manifest = {
  name: 'Vault',
  groups: [{ pubkey: KEY, signature: SIGNATURE }],
  features: {},
  supportedstandards: ['NEP-17'],
  abi: { methods: [method], events: [{ name: 'Transfer', parameters: [] }] },
  permissions: [
    { contract: '*', methods: '*' },
    { contract: HASH, methods: ['update'] },
    { contract: KEY, methods: [] },
  ],
  trusts: [HASH, KEY],
  extra: { Author: 'somebody', deep: [1, { x: null }] },
};
const withAbi = (abi: object) => ({ ...manifest, abi: { ...manifest.abi, ...abi } });
const withMethod = (changes: object) => withAbi({ methods: [{ ...method, ...changes }] });
const withType = (type: string, extendedtype: object, namedtypes?: object) =>
  withAbi({
    methods: [{ ...method, parameters: [{ name: 'p', type, extendedtype }] }],
    ...(namedtypes && { namedtypes }),
  });

/** The example of NEP-25, with the fields a manifest needs around it. */
const NEP_25 = withAbi({
  methods: [
    {
      name: 'm',
      offset: 0,
      safe: true,
      parameters: [
        {
          name: 'structParam',
          type: 'Array',
          extendedtype: { type: 'Array', namedtype: 'local.Structure' },
        },
        {
          name: 'arrayOfHash160',
          type: 'Array',
          extendedtype: { type: 'Array', value: { type: 'Hash160' } },
        },
        {
          name: 'mapParam',
          type: 'Map',
          extendedtype: { type: 'Map', key: 'Hash160', value: { type: 'Integer' } },
        },
      ],
      returntype: 'InteropInterface',
      extendedreturntype: {
        type: 'InteropInterface',
        forbidnull: true,
        interface: 'IIterator',
        value: { type: 'Array', namedtype: 'package.Structure' },
      },
    },
  ],
  namedtypes: {
    'local.Structure': {
      type: 'Array',
      fields: [
        { name: 'IntField', type: 'Integer' },
        {
          name: 'Bits',
          type: 'Array',
          extendedtype: { type: 'Array', value: { type: 'Boolean' } },
        },
      ],
    },
    'package.Structure': {
      type: 'Array',
      fields: [{ name: 'Name', type: 'String', extendedtype: { type: 'String', length: 32 } }],
    },
  },
});

describe('a manifest', () => {
  it.each([
    ['with everything', manifest],
    ['with the types of NEP-25', NEP_25],
    ['that trusts everybody', { ...manifest, trusts: '*' }],
    ['without extra', { ...manifest, extra: null }],
  ])('is read and written again as it was: %s', (_, given) => {
    const read = parseManifest(given);
    if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
    expect(formatManifest(read.value)).toEqual(given);
    expect(decodeManifest(Buffer.from(JSON.stringify(given)))).toEqual(read);
  });

  it('of a documented contract of the C# node is read and written again', () => {
    for (const result of documentedResults('getcontractstate')) {
      const json = Reflect.get(Object(result), 'manifest') as object;
      const read = parseManifest(json);
      if (!read.ok) throw new Error(JSON.stringify(read.misshapen));
      expect(formatManifest(read.value)).toEqual(json);
    }
  });

  it('gives methods by name and count, and events by name', () => {
    const read = parseManifest(manifest);
    if (!read.ok) throw new Error('refused');
    expect(findMethod(read.value.abi, 'transfer', 1)).toMatchObject({ returnType: 'Boolean' });
    expect(findMethod(read.value.abi, 'transfer', 2)).toBeNull();
    expect(findEvent(read.value.abi, 'Transfer')).not.toBeNull();
    expect(findEvent(read.value.abi, 'transfer')).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ['not an object', [], ''],
    ['no name', { ...manifest, name: '' }, '/name'],
    ['half a character', { ...manifest, name: '\ud800' }, '/name'],
    ['a feature', { ...manifest, features: { payable: true } }, '/features'],
    ['a standard twice', { ...manifest, supportedstandards: ['a', 'a'] }, '/supportedstandards'],
    ['an empty standard', { ...manifest, supportedstandards: [''] }, '/supportedstandards/0'],
    ['null for groups', { ...manifest, groups: null }, '/groups'],
    [
      'a group that is no point of the curve',
      { ...manifest, groups: [{ pubkey: `02${'ff'.repeat(32)}`, signature: SIGNATURE }] },
      '/groups/0/pubkey',
    ],
    [
      'a short signature',
      { ...manifest, groups: [{ pubkey: KEY, signature: 'AAAA' }] },
      '/groups/0/signature',
    ],
    ['a group twice', { ...manifest, groups: [manifest.groups[0], manifest.groups[0]] }, '/groups'],
    ['no methods', withAbi({ methods: [] }), '/abi/methods'],
    ['a method twice', withAbi({ methods: [method, method] }), '/abi/methods'],
    ['a method without a name', withMethod({ name: '' }), '/abi/methods/0/name'],
    ['an offset below zero', withMethod({ offset: -1 }), '/abi/methods/0/offset'],
    ['an offset with a fraction', withMethod({ offset: 0.5 }), '/abi/methods/0/offset'],
    ['safe in words', withMethod({ safe: 'true' }), '/abi/methods/0/safe'],
    ['an unknown type', withMethod({ returntype: 'boolean' }), '/abi/methods/0/returntype'],
    [
      'a parameter of no type',
      withMethod({ parameters: [{ name: 'x', type: 'Void' }] }),
      '/abi/methods/0/parameters/0/type',
    ],
    [
      'a parameter twice',
      withMethod({ parameters: [method.parameters[0], method.parameters[0]] }),
      '/abi/methods/0/parameters',
    ],
    [
      'an event twice',
      withAbi({ events: [manifest.abi.events[0], manifest.abi.events[0]] }),
      '/abi/events',
    ],
    [
      'a permission for nobody known',
      { ...manifest, permissions: [{ contract: HASH.slice(2), methods: '*' }] },
      '/permissions/0/contract',
    ],
    [
      'two permissions for one contract',
      { ...manifest, permissions: [manifest.permissions[1], manifest.permissions[1]] },
      '/permissions',
    ],
    [
      'a permission for a method without a name',
      { ...manifest, permissions: [{ contract: '*', methods: [''] }] },
      '/permissions/0/methods/0',
    ],
    ['null for trusts', { ...manifest, trusts: null }, '/trusts'],
    ['a trust twice', { ...manifest, trusts: [HASH, HASH] }, '/trusts'],
  ])('is refused with the place: %s', (_, given, pointer) => {
    expect(parseManifest(given)).toMatchObject({ ok: false, misshapen: { pointer } });
  });

  it.each<[string, unknown, string]>([
    ['another base type', withType('Integer', { type: 'String' }), '/type'],
    ['a key of an array', withType('Array', { type: 'Array', key: 'Integer' }), '/key'],
    ['a key that is no primitive', withType('Map', { type: 'Map', key: 'Array' }), '/key'],
    ['a length of a hash', withType('Hash160', { type: 'Hash160', length: 20 }), '/length'],
    ['a length below zero', withType('String', { type: 'String', length: -1 }), '/length'],
    [
      'forbidnull of an integer',
      withType('Integer', { type: 'Integer', forbidnull: true }),
      '/forbidnull',
    ],
    [
      'an iterator without its values',
      withType('InteropInterface', { type: 'InteropInterface', interface: 'IIterator' }),
      '',
    ],
    [
      'another interface',
      withType('InteropInterface', { type: 'InteropInterface', interface: 'IStorage' }),
      '/interface',
    ],
    ['fields outside namedtypes', withType('Array', { type: 'Array', fields: [] }), '/fields'],
    [
      'a named type with a length',
      withType('Array', { type: 'Array', namedtype: 'A', length: 1 }, { A: { type: 'Array' } }),
      '/namedtype',
    ],
    ['a name of no form', withType('Array', { type: 'Array', namedtype: '1' }), '/namedtype'],
  ])('is refused for a type of NEP-25: %s', (_, given, pointer) => {
    const place = `/abi/methods/0/parameters/0/extendedtype${pointer}`;
    expect(parseManifest(given)).toMatchObject({ ok: false, misshapen: { pointer: place } });
  });

  it('is refused when a named type is not defined, or defined under no name', () => {
    const used = { type: 'Array', namedtype: 'A' };
    expect(parseManifest(withType('Array', used))).toMatchObject({
      misshapen: { pointer: '/abi', reason: 'the type A is not among namedtypes' },
    });
    expect(parseManifest(withType('Array', used, { A: { type: 'Array' } }))).toMatchObject({
      ok: true,
    });
    // A name that every object answers to is defined only by itself.
    const inherited = { type: 'Array', namedtype: 'constructor' };
    expect(parseManifest(withType('Array', inherited))).toMatchObject({ ok: false });
    expect(parseManifest(withType('Array', used, { __proto__x: {} }))).toMatchObject({ ok: false });
  });

  it('is refused when its types nest without end', () => {
    let type: object = { type: 'Array' };
    for (let level = 0; level < 10_000; level += 1) type = { type: 'Array', value: type };
    expect(parseManifest(withType('Array', type))).toMatchObject({ ok: false });
  });

  it('is refused beyond the length of the chain, as other text, and as no text', () => {
    const long = { ...manifest, extra: 'x'.repeat(65_535) };
    const bytes = (text: string) => Buffer.from(text);
    expect(decodeManifest(bytes(JSON.stringify(long)))).toMatchObject({ ok: false });
    expect(decodeManifest(bytes('{"name":'))).toMatchObject({ ok: false });
    expect(decodeManifest(bytes(`\ufeff${JSON.stringify(manifest)}`))).toMatchObject({ ok: false });
    expect(decodeManifest(Uint8Array.of(0xff))).toMatchObject({ ok: false });
  });
});

describe('a group', () => {
  const key = decodePrivateKey(new Uint8Array(32).fill(7));
  const [contract, other] = [parseScriptHash(HASH), parseScriptHash(`0x${'11'.repeat(20)}`)];
  if (!key || !contract || !other) throw new Error('a key and hashes');
  const signature = signMessage(encodeScriptHash(contract), key);

  it('has a contract in it when its key signed the hash in wire order', () => {
    const group = { publicKey: publicKeyOf(key), signature };
    expect(isGroupSigned(group, contract)).toBe(true);
    expect(isGroupSigned(group, other)).toBe(false);
    const reversed = signMessage(encodeScriptHash(contract).toReversed(), key);
    expect(isGroupSigned({ ...group, signature: reversed }, contract)).toBe(false);
  });
});

describe('a contract as a node shows it', () => {
  it.each([
    [{ nef: { magic: 1 } }, '/nef/magic'],
    [{ id: 1.5 }, '/id'],
    [{ hash: HASH.slice(2) }, '/hash'],
  ])('is refused with the place: %j', (changes, pointer) => {
    const nef = { magic: 860_243_278, compiler: 'c', source: '', tokens: [], script: 'EUA=' };
    const state = { id: 1, updatecounter: 0, hash: HASH, nef: { ...nef, checksum: 0 }, manifest };
    const given = { ...state, ...changes };
    const read = parseContractState(
      'nef' in changes ? { ...given, nef: { ...state.nef, ...changes.nef } } : given,
    );
    expect(read).toMatchObject({ ok: false });
    expect(!read.ok && read.misshapen.pointer).toMatch(
      pointer === '/nef/magic' ? /^\/nef/ : new RegExp(`^${pointer}$`),
    );
  });
});
