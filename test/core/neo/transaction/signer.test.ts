/**
 * Signers, scopes, rules and attributes against neon-js, neo-mamba and the C# node, and what none
 * of them may say.
 */
import { describe, expect, it } from 'vitest';
import { type ByteReader, decodeWhole } from '../../../../worker/core/neo/byte-reader.ts';
import { ByteWriter } from '../../../../worker/core/neo/byte-writer.ts';
import { encodeHex, parseHex } from '../../../../worker/core/neo/hex.ts';
import {
  type Attribute,
  readAttribute,
  sizeOfAttribute,
  writeAttribute,
} from '../../../../worker/core/neo/transaction/attribute.ts';
import {
  readSigner,
  sizeOfSigner,
  writeSigner,
} from '../../../../worker/core/neo/transaction/signer.ts';
import { formatSigner, parseSigner } from '../../../../worker/core/neo/transaction/signer-json.ts';
import {
  readWitnessCondition,
  readWitnessRule,
  type WitnessCondition,
  writeWitnessCondition,
  writeWitnessRule,
} from '../../../../worker/core/neo/transaction/witness-rule.ts';
import { readNeoVectors } from '../../../support/neo-vectors.ts';

interface Form {
  readonly json: unknown;
  readonly hex: string;
}
interface Vectors {
  readonly signers: readonly (Form & { readonly name: string })[];
  readonly witness_conditions: readonly Form[];
  readonly rule: Form;
  readonly invalid_signers: readonly { readonly why: string; readonly signer_hex: string }[];
  readonly attributes: readonly Form[];
}
const vectors = readNeoVectors('signers-rules-attributes.json') as Vectors | undefined;

const bytesOf = (hex: string): Uint8Array => parseHex(hex) ?? new Uint8Array();

function read<Value>(hex: string, reading: (reader: ByteReader) => Value): Value {
  const decoded = decodeWhole(bytesOf(hex), reading);
  if (!decoded.ok) throw new Error(`${hex}: ${decoded.malformed.reason}`);
  return decoded.value;
}

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter();
  write(writer);
  return encodeHex(writer.toBytes());
}

describe('signers of others', () => {
  it.skipIf(!vectors)('have the same bytes and the same JSON here', () => {
    for (const { hex, json, name } of vectors?.signers ?? []) {
      const signer = read(hex, readSigner);
      expect(formatSigner(signer), name).toEqual(json);
      expect(parseSigner(json), name).toEqual({ ok: true, value: signer });
      expect(written((writer) => writeSigner(writer, signer))).toBe(hex);
      expect(2 * sizeOfSigner(signer)).toBe(hex.length);
    }
  });

  it.skipIf(!vectors)('that are invalid are refused', () => {
    for (const { signer_hex, why } of vectors?.invalid_signers ?? [])
      expect(decodeWhole(bytesOf(signer_hex), readSigner).ok, why).toBe(false);
  });

  it.skipIf(!vectors)('have rules and conditions of the same bytes', () => {
    for (const { hex, json } of vectors?.witness_conditions ?? []) {
      const condition = read(hex, readWitnessCondition);
      expect(condition).toEqual(json);
      expect(written((writer) => writeWitnessCondition(writer, condition))).toBe(hex);
    }
    const rule = read(vectors?.rule.hex ?? '', readWitnessRule);
    expect(rule).toEqual(vectors?.rule.json);
    expect(written((writer) => writeWitnessRule(writer, rule))).toBe(vectors?.rule.hex);
  });
});

describe('attributes of others', () => {
  it.skipIf(!vectors)('have the same bytes here', () => {
    const expected: readonly Attribute[] = [
      { type: 'HighPriority' },
      { type: 'OracleResponse', id: 123n, code: 'Success', result: Uint8Array.of(1, 2, 3) },
      { type: 'NotValidBefore', height: 123_456 },
    ];
    for (const [index, { hex }] of (vectors?.attributes ?? []).entries()) {
      const attribute = read(hex, readAttribute);
      expect(attribute).toEqual(expected[index]);
      expect(written((writer) => writeAttribute(writer, attribute))).toBe(hex);
      expect(2 * sizeOfAttribute(attribute)).toBe(hex.length);
    }
  });

  it.each(['00', '02', '10', '23', 'e0', 'ff', `11${'00'.repeat(8)}0100`])(
    'of no known type or code are refused: %s',
    (hex) => {
      expect(decodeWhole(bytesOf(hex), readAttribute)).toMatchObject({ ok: false });
    },
  );
});

it('a failed oracle response has no result', () => {
  const failed = `11${'00'.repeat(8)}16`;
  expect(decodeWhole(bytesOf(`${failed}00`), readAttribute).ok).toBe(true);
  expect(decodeWhole(bytesOf(`${failed}0107`), readAttribute).ok).toBe(false);
});

const ACCOUNT = '00'.repeat(20);
const ZERO = `0x${ACCOUNT}`;

describe('bytes of a signer', () => {
  it.each([
    ['Global beside another scope', '81'],
    ['an unknown scope', '02'],
    ['an unknown scope beside a known one', '09'],
    ['17 contracts', `1011${ACCOUNT.repeat(17)}`],
    ['a group that is no point', `200102${'ff'.repeat(32)}`],
    ['a group that is not compressed', `200104${'11'.repeat(64)}`],
    ['the point at infinity', '200100'],
    ['an unknown action', '4001020001'],
    ['an unknown condition', '4001010400'],
    ['a boolean of 2', '4001010002'],
    ['an empty And', '4001010200'],
    ['an Or of 17', `4001010311${'20'.repeat(17)}`],
    ['a condition of four levels', '40010101010120'],
  ])('are refused for %s', (_, hex) => {
    expect(decodeWhole(bytesOf(ACCOUNT + hex), readSigner)).toMatchObject({ ok: false });
  });

  it('keep an empty list apart from none: they have different hashes', () => {
    const { scopes } = read(`${ACCOUNT}1000`, readSigner);
    expect(scopes).toEqual({ calledByEntry: false, contracts: [] });
    expect(read(`${ACCOUNT}00`, readSigner).scopes).toEqual({ calledByEntry: false });
  });
});

const nested = (levels: number): WitnessCondition =>
  levels === 1 ? { type: 'CalledByEntry' } : { type: 'Not', expression: nested(levels - 1) };
const ruled = (condition: unknown) => ({
  account: ZERO,
  scopes: 'WitnessRules',
  rules: [{ action: 'Allow', condition }],
});

describe('JSON of a signer', () => {
  it('takes scopes with and without a space after the comma', () => {
    for (const scopes of ['CalledByEntry,CustomContracts', 'CalledByEntry, CustomContracts'])
      expect(parseSigner({ account: ZERO, scopes, allowedcontracts: [ZERO] })).toEqual({
        ok: true,
        value: { account: ZERO, scopes: { calledByEntry: true, contracts: [ZERO] } },
      });
  });

  it.each([
    ['Global beside another scope', { account: ZERO, scopes: 'Global, CalledByEntry' }],
    ['an unknown scope', { account: ZERO, scopes: 'Everything' }],
    ['no scope', { account: ZERO, scopes: '' }],
    ['a scope in another case', { account: ZERO, scopes: 'global' }],
    [
      'contracts whose scope is not named',
      {
        account: ZERO,
        scopes: 'CalledByEntry',
        allowedcontracts: [ZERO],
      },
    ],
    [
      '17 contracts',
      {
        account: ZERO,
        scopes: 'CustomContracts',
        allowedcontracts: Array.from({ length: 17 }, () => ZERO),
      },
    ],
    [
      'a group that is no point',
      {
        account: ZERO,
        scopes: 'CustomGroups',
        allowedgroups: [`02${'ff'.repeat(32)}`],
      },
    ],
    ['a condition of four levels', ruled(nested(4))],
    ['an empty Or', ruled({ type: 'Or', expressions: [] })],
    ['an unknown condition', ruled({ type: 'Sometimes' })],
    ['a condition that is none', ruled(null)],
    ['a name of the prototype', ruled({ type: 'constructor' })],
  ])('is refused for %s', (_, json) => {
    expect(parseSigner(json)).toMatchObject({ ok: false });
  });

  it('meets the bound of levels and not the stack when it is a hundred thousand deep', () => {
    const open = '{"type":"Not","expression":';
    const text = `${open.repeat(100_000)}{"type":"CalledByEntry"}${'}'.repeat(100_000)}`;
    expect(parseSigner(ruled(JSON.parse(text)))).toMatchObject({
      misshapen: { reason: 'a witness condition of more than three levels' },
    });
  });

  it('of three levels is taken, and written as it came', () => {
    const json = ruled(nested(3));
    const parsed = parseSigner(json);
    expect(parsed.ok && formatSigner(parsed.value)).toEqual(json);
  });

  it('of four levels is a bug when written', () => {
    expect(() => written((writer) => writeWitnessCondition(writer, nested(4)))).toThrow();
  });
});
