/**
 * The contracts of the small chain: a token, a contract with a method of every kind, and one whose
 * manifest is an attack. What they answer is a few lines each; real ones are in test/chain.
 */
import { base64 } from '@scure/base';
import { checksumOfNef, encodeNef, NEF_MAGIC } from '../../worker/core/neo/contract/nef.ts';
import type { LiteralCall } from '../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import type { StackLiteral } from '../../worker/core/neo/stack-argument.ts';

const NEF = {
  compiler: 'the tests',
  source: '',
  tokens: [],
  /** RET. */
  script: Uint8Array.of(0x40),
};

type Parameters = readonly (readonly [name: string, type: string])[];

const parametersOf = (parameters: Parameters) => parameters.map(([name, type]) => ({ name, type }));

const method = (name: string, parameters: Parameters, returntype: string, safe = false) => ({
  name,
  parameters: parametersOf(parameters),
  returntype,
  offset: 0,
  safe,
});

const manifestOf = (name: string, abi: object, supportedstandards: readonly string[] = []) => ({
  name,
  groups: [],
  features: {},
  supportedstandards,
  abi: { methods: [], events: [], ...abi },
  permissions: [],
  trusts: [],
  extra: null,
});

const TOKEN = manifestOf(
  'GasToken',
  {
    methods: [
      method('balanceOf', [['account', 'Hash160']], 'Integer', true),
      method('decimals', [], 'Integer', true),
      method('symbol', [], 'String', true),
      method('totalSupply', [], 'Integer', true),
      method(
        'transfer',
        [
          ['from', 'Hash160'],
          ['to', 'Hash160'],
          ['amount', 'Integer'],
          ['data', 'Any'],
        ],
        'Boolean',
      ),
    ],
    events: [
      {
        name: 'Transfer',
        parameters: parametersOf([
          ['from', 'Hash160'],
          ['to', 'Hash160'],
          ['amount', 'Integer'],
        ]),
      },
    ],
  },
  ['NEP-17', 'NEP-27'],
);

/** One method for each type, one in two forms, and the two that the chain alone calls. */
const WORKSHOP = manifestOf('Workshop', {
  methods: [
    method(
      '_deploy',
      [
        ['data', 'Any'],
        ['update', 'Boolean'],
      ],
      'Void',
    ),
    method('echo', [['value', 'Any']], 'Any', true),
    method(
      'all',
      [
        ['truth', 'Boolean'],
        ['number', 'Integer'],
        ['bytes', 'ByteArray'],
        ['text', 'String'],
        ['account', 'Hash160'],
        ['hash', 'Hash256'],
        ['key', 'PublicKey'],
        ['signature', 'Signature'],
        ['list', 'Array'],
        ['map', 'Map'],
        ['any', 'Any'],
      ],
      'Void',
    ),
    method('find', [['prefix', 'ByteArray']], 'InteropInterface', true),
    method('take', [['iterator', 'InteropInterface']], 'Void'),
    method(
      'put',
      [
        ['key', 'ByteArray'],
        ['value', 'ByteArray'],
      ],
      'Boolean',
    ),
    method('put', [['value', 'ByteArray']], 'Void'),
    method('fail', [], 'Void'),
    method(
      'update',
      [
        ['nef', 'ByteArray'],
        ['manifest', 'String'],
        ['data', 'Any'],
      ],
      'Void',
    ),
  ],
});

/** Ends a string, a comment, a template; a line to people; another order; and a prototype. */
export const HOSTILE_NAMES: readonly string[] = [
  "'; globalThis.stolen = true; '",
  '*/ globalThis.stolen = true; /*',
  '`${globalThis.stolen = true}`',
  '"); process.exit(7); ("',
  'line\nglobalThis.stolen = true',
  'separator\u2028globalThis.stolen = true',
  '\u202egnissap',
  '__proto__',
  'constructor',
  'then',
  'await',
  '</script><script>globalThis.stolen = true</script>',
  '\\',
  "\\'",
  '9lives',
  '\u{1f4a9}',
  '$',
  'a-b',
  'a_b',
  'a b',
];

/** As large as the chain takes one, with every hostile name everywhere a name stands. */
export const HOSTILE = manifestOf(
  HOSTILE_NAMES.join(''),
  {
    methods: HOSTILE_NAMES.flatMap((name) => [
      method(
        name,
        HOSTILE_NAMES.map((parameter) => [parameter, 'Any']),
        'Any',
        true,
      ),
      method(name, [], 'Void'),
    ]),
    events: HOSTILE_NAMES.map((name) => ({
      name,
      parameters: parametersOf(HOSTILE_NAMES.map((parameter) => [parameter, 'String'])),
    })),
  },
  ['x'.repeat(5_000), ...Array.from({ length: 100 }, (_, index) => `NEP-${String(index)}`)],
);

export const TOKEN_MANIFEST: object = TOKEN;
export const WORKSHOP_MANIFEST: object = WORKSHOP;

/** Hashes of what lies on the chain; `absent` does not. */
export const SMALL_CONTRACTS = {
  token: NATIVE_CONTRACTS.GasToken.hash,
  workshop: `0x${'5a'.repeat(20)}`,
  hostile: `0x${'66'.repeat(20)}`,
  absent: `0x${'00'.repeat(19)}01`,
} as const;

export const WORKSHOP_CHECKSUM = checksumOfNef(NEF);
/** The file that its author has. */
export const WORKSHOP_NEF = base64.encode(encodeNef(NEF));

const stateOf = (hash: string, manifest: object, updatecounter = 0) => ({
  id: 1,
  updatecounter,
  hash,
  nef: {
    ...NEF,
    magic: NEF_MAGIC,
    script: base64.encode(NEF.script),
    checksum: WORKSHOP_CHECKSUM,
  },
  manifest,
});

/** Contracts like the workshop, as many as a suite registers. */
export const contractAt = (number: number): string =>
  `0x${'c0'.repeat(16)}${number.toString(16).padStart(8, '0')}`;
const SUITE_CONTRACTS = 2_000;

export const CONTRACT_STATES: Readonly<Record<string, object>> = {
  [SMALL_CONTRACTS.token]: stateOf(SMALL_CONTRACTS.token, TOKEN),
  [SMALL_CONTRACTS.workshop]: stateOf(SMALL_CONTRACTS.workshop, WORKSHOP, 3),
  [SMALL_CONTRACTS.hostile]: stateOf(SMALL_CONTRACTS.hostile, HOSTILE),
  ...Object.fromEntries(
    Array.from({ length: SUITE_CONTRACTS }, (_, index) => {
      const hash = contractAt(index);
      return [hash, stateOf(hash, WORKSHOP)];
    }),
  ),
};

const ANSWERS: Readonly<Record<string, object>> = {
  balanceOf: { type: 'Integer', value: '100000000' },
  decimals: { type: 'Integer', value: '8' },
  symbol: { type: 'ByteString', value: base64.encode(new TextEncoder().encode('GAS')) },
  totalSupply: { type: 'Integer', value: '5200000000000000' },
};

/** What the run ends with; undefined for a method that is none of these contracts'. */
export function runMethod({ contract, method: name, args }: LiteralCall): object | undefined {
  if (contract === NATIVE_CONTRACTS.ContractManagement.hash && name === 'deploy')
    return { stack: [] };
  if (contract === SMALL_CONTRACTS.token && ANSWERS[name] !== undefined)
    return { stack: [ANSWERS[name]] };
  if (contract !== SMALL_CONTRACTS.workshop && !contract.startsWith('0xc0c0')) return undefined;
  if (name === 'fail') return { state: 'FAULT', exception: 'failed as asked', stack: [] };
  return { stack: [name === 'echo' && args[0] ? itemOf(args[0]) : { type: 'Any' }] };
}

function itemOf({ type, value }: StackLiteral): object {
  switch (type) {
    case 'ByteString':
      return { type, value: base64.encode(value) };
    case 'Array':
    case 'Struct':
      return { type, value: value.map(itemOf) };
    case 'Integer':
      return { type, value: value.toString() };
    case 'Map':
      return {
        type,
        value: value.map((pair) => ({ key: itemOf(pair.key), value: itemOf(pair.value) })),
      };
    default:
      return value === null ? { type } : { type, value };
  }
}
