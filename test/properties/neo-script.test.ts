/**
 * Scripts of Neo: what is written is read back, bytes of anybody end in a value or a refusal, and
 * what is read is what a machine would call. SEED repeats a run.
 */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWhole } from '../../worker/core/neo/byte-reader.ts';
import {
  decodeCalls,
  encodeCalls,
  type LiteralCall,
} from '../../worker/core/neo/contract-calls.ts';
import {
  parseContractParameters,
  toContractParameterJson,
} from '../../worker/core/neo/contract-parameter.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import { decodeScriptHash, encodeScriptHash } from '../../worker/core/neo/script-hash.ts';
import { checkScript, integerOf, readInstruction } from '../../worker/core/neo/script-reader.ts';
import type { StackLiteral } from '../../worker/core/neo/stack-argument.ts';
import {
  decodeMultisigScript,
  decodeSignatureScript,
} from '../../worker/core/neo/verification-script.ts';
import { isAnswered, type ModelValue, runModel } from '../support/neo-script-model.ts';
import { runsOf } from '../support/runs.ts';

const { seed, numRuns } = runsOf('neo-script', { usual: 2_000, slow: 20_000 });
/** Cheap, and most of them are refused. */
const PIECED_RUNS = 20_000;

const integers = fc.oneof(
  fc.bigInt({ min: -40n, max: 40n }),
  fc.bigInt({ min: -(1n << 255n), max: (1n << 255n) - 1n }),
  fc.tuple(fc.nat(255), fc.bigInt({ min: -2n, max: 1n })).map(([bits, near]) => {
    const edge = 1n << BigInt(bits);
    return BigInt.asIntN(256, edge + near);
  }),
);
/** Objects as the parser makes them, so that they are compared strictly. */
const PLAIN = { noNullPrototype: true } as const;
const lengths = { maxLength: 70 };
const scalars: fc.Arbitrary<StackLiteral> = fc.oneof(
  fc.constant({ type: 'Any' as const, value: null }),
  fc.boolean().map((value) => ({ type: 'Boolean' as const, value })),
  integers.map((value) => ({ type: 'Integer' as const, value })),
  fc.uint8Array(lengths).map((value) => ({ type: 'ByteString' as const, value })),
  fc.integer({ min: 250, max: 260 }).map((length) => ({
    type: 'ByteString' as const,
    value: new Uint8Array(length).fill(length),
  })),
);
const mapKeys: fc.Arbitrary<StackLiteral> = fc.oneof(
  integers.map((value) => ({ type: 'Integer' as const, value })),
  fc.uint8Array({ maxLength: 64 }).map((value) => ({ type: 'ByteString' as const, value })),
);
const { literal: literals } = fc.letrec<{ literal: StackLiteral }>((tie) => ({
  literal: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: scalars },
    {
      weight: 1,
      arbitrary: fc
        .array(tie('literal'), { maxLength: 20 })
        .map((value) => ({ type: 'Array' as const, value })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(tie('literal'), { maxLength: 4 })
        .map((value) => ({ type: 'Struct' as const, value })),
    },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(fc.record({ key: mapKeys, value: tie('literal') }, PLAIN), {
          maxLength: 4,
          selector: ({ key }) => encodeHex(new ScriptBuilder().push(key).toBytes()),
        })
        .map((value) => ({ type: 'Map' as const, value })),
    },
  ),
}));
const contracts = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(decodeScriptHash);
const calls: fc.Arbitrary<LiteralCall> = fc.record(
  {
    contract: contracts,
    method: fc.string({ unit: 'grapheme', maxLength: 20 }),
    args: fc.oneof(
      { weight: 9, arbitrary: fc.array(literals, { maxLength: 5 }) },
      { weight: 1, arbitrary: fc.array(scalars, { minLength: 15, maxLength: 18 }) },
    ),
    flags: fc.nat(15),
    result: fc.constantFrom('kept', 'asserted', 'dropped'),
  },
  PLAIN,
);
const scripts = fc.array(calls, { minLength: 1, maxLength: 3 });

function check<Value>(
  values: fc.Arbitrary<Value>,
  holds: (value: Value) => void,
  times = numRuns,
): void {
  fc.assert(fc.property(values, holds), { seed, numRuns: times });
}

describe('scripts of calls', () => {
  it('are read back as they were written, and a node takes them', () => {
    check(scripts, (value) => {
      const script = encodeCalls(value);
      expect(checkScript(script)).toBeNull();
      const decoded = decodeCalls(script);
      expect(decoded.ok && isDeepStrictEqual(decoded.value, value)).toBe(true);
    });
  });

  it('are refused or written again byte for byte, whatever byte of them is changed', () => {
    const changes = fc.tuple(scripts, fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'add'));
    check(changes, ([value, place, byte, how]) => {
      const script = encodeCalls(value);
      const at = place % script.length;
      if (how === 'set') script[at] = byte;
      const changed =
        how === 'cut'
          ? script.slice(0, at)
          : how === 'add'
            ? Uint8Array.of(...script, byte)
            : script;
      const decoded = decodeCalls(changed);
      if (decoded.ok) expect(Buffer.compare(encodeCalls(decoded.value), changed)).toBe(0);
      else expect(decoded.malformed.reason).not.toBe('');
    });
  });
});

/** Every piece is whole instructions, so that most sequences of them run. */
const HASH = `0c14${'01'.repeat(20)}`;
const CALL = '41627d5b52';
const CALLED = `1f0c0161${HASH}${CALL}`;
const RARE_PIECES = [
  HASH,
  CALL,
  '12110c01611312be',
  '121112be',
  '0d010061',
  ...'c5 c8 09 0f 13 14 1f 0011 0010 0c00 39 45 c0 bf be 4a 50 21 53'.split(' '),
];
const pieces = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      `c2${CALLED}`,
      `${CALLED}39`,
      `11c0${CALLED}39`,
      `1112c0${CALLED}45`,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('10', '11', '12', '0b', '08', '0c0161', '11c0', '12c0', 'c2'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...RARE_PIECES),
  },
);

const modelOf = (literal: StackLiteral): ModelValue => {
  switch (literal.type) {
    case 'Any':
      return 'PUSHNULL';
    case 'Boolean':
      return literal.value ? 'PUSHT' : 'PUSHF';
    case 'Integer':
      return `i${String(literal.value)}`;
    case 'ByteString':
      return `b${encodeHex(literal.value)}`;
    case 'Map':
      return [
        'PACKMAP',
        ...literal.value.flatMap(({ key, value }) => [modelOf(key), modelOf(value)]),
      ];
    default:
      return [literal.type === 'Array' ? 'PACK' : 'PACKSTRUCT', ...literal.value.map(modelOf)];
  }
};

describe('M21: scripts of random pieces', () => {
  it('are never read as other calls than a machine makes, and never with an answer in one', () => {
    let accepted = 0;
    check(
      fc.array(pieces, { minLength: 1, maxLength: 8 }),
      (hex) => {
        const script = Uint8Array.from(Buffer.from(hex.join(''), 'hex'));
        const decoded = decodeCalls(script);
        if (!decoded.ok) return;
        accepted += 1;
        const ran = runModel(script);
        const read = decoded.value.map(({ contract, method, flags, args }) => ({
          contract: `b${encodeHex(encodeScriptHash(contract))}`,
          method: `b${Buffer.from(method).toString('hex')}`,
          flags: `i${String(flags)}`,
          args: ['PACK', ...args.map(modelOf)],
        }));
        expect(ran).toEqual(read);
        for (const call of ran ?? []) expect(Object.values(call).some(isAnswered)).toBe(false);
      },
      PIECED_RUNS,
    );
    expect(accepted).toBeGreaterThan(PIECED_RUNS / 100);
  });
});

describe('bytes of anybody', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .array(fc.constantFrom(0x0c, 0x21, 0x11, 0x12, 0x41, 0xc0, 0xbe, 0x22, 0x3b, 0x0e), {
        maxLength: 60,
      })
      .map((list) => Uint8Array.from(list)),
  );

  it('end in a value or a refusal, and never in an error', () => {
    check(hostile, (bytes) => {
      for (const outcome of [
        decodeCalls(bytes).ok,
        checkScript(bytes),
        decodeMultisigScript(bytes),
        decodeSignatureScript(bytes),
      ])
        expect(outcome).not.toBeUndefined();
    });
  });
});

describe('integers', () => {
  it('are pushed in the narrowest form and read back from it', () => {
    check(integers, (value) => {
      const script = new ScriptBuilder().pushInteger(value).toBytes();
      const read = decodeWhole(script, readInstruction);
      expect(read.ok && integerOf(read.value)).toBe(value);
      const half = BigInt(4 * (script.length - 1));
      if (script.length > 2) expect(BigInt.asIntN(Number(half), value)).not.toBe(value);
    });
  });
});

describe('contract parameters', () => {
  it('of any JSON end in parameters that can be pushed, or in places', () => {
    const words = fc.constantFrom(
      'Any',
      'Integer',
      'Boolean',
      'Map',
      'Array',
      'String',
      'Hash160',
      'ByteArray',
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        { weight: 2, arbitrary: fc.record({ type: words, value: fc.jsonValue({ maxDepth: 1 }) }) },
        {
          weight: 2,
          arbitrary: fc.record({ type: words, value: fc.array(tie('json'), { maxLength: 3 }) }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            type: fc.constant('Map'),
            value: fc.array(fc.record({ key: tie('json'), value: tie('json') }), { maxLength: 3 }),
          }),
        },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      ),
    }));
    check(fc.array(json, { maxLength: 4 }), (value) => {
      const parsed = parseContractParameters(value, '/args');
      if (!parsed.ok) {
        expect(parsed.failure.fields?.length).toBeGreaterThan(0);
        return;
      }
      expect(new ScriptBuilder().pushArray(parsed.value).toBytes().length).toBeGreaterThan(0);
      const again = parseContractParameters(parsed.value.map(toContractParameterJson), '/args');
      expect(again).toEqual(parsed);
    });
  });
});
