/**
 * Witness rules of a signer (scope `WitnessRules`): each allows or denies the use of the witness
 * where its condition holds; the first rule whose condition holds decides, and none means no. The
 * types are the JSON forms of the nodes, key for key. Conditions nest at most three levels with the
 * innermost counted, so the depth of what is read is bounded by its form and not by the stack.
 */
import { assert, assertNever } from '../../assert.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import {
  decodePublicKey,
  encodePublicKey,
  PUBLIC_KEY_BYTES,
  type PublicKey,
} from '../public-key.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  SCRIPT_HASH_BYTES,
  type ScriptHash,
} from '../script-hash.ts';
import { LIMITS } from './limits.ts';
import { sizeOfList } from './var-size.ts';

export type WitnessCondition =
  | { readonly type: 'Boolean'; readonly expression: boolean }
  | { readonly type: 'Not'; readonly expression: WitnessCondition }
  | { readonly type: 'And' | 'Or'; readonly expressions: readonly WitnessCondition[] }
  /** The executing contract, or the one that called it. */
  | { readonly type: 'ScriptHash' | 'CalledByContract'; readonly hash: ScriptHash }
  /** A group of the executing contract, or of the one that called it. */
  | { readonly type: 'Group' | 'CalledByGroup'; readonly group: PublicKey }
  | { readonly type: 'CalledByEntry' };

export interface WitnessRule {
  readonly action: 'Allow' | 'Deny';
  readonly condition: WitnessCondition;
}

const CONDITION_CODE = {
  Boolean: 0x00,
  Not: 0x01,
  And: 0x02,
  Or: 0x03,
  ScriptHash: 0x18,
  Group: 0x19,
  CalledByEntry: 0x20,
  CalledByContract: 0x28,
  CalledByGroup: 0x29,
} as const satisfies Record<WitnessCondition['type'], number>;

// The keys of the table are the types; `keys` widens them to text.
export const CONDITION_TYPES = Object.keys(CONDITION_CODE) as readonly WitnessCondition['type'][];
const CONDITION_OF_CODE = new Map<number, WitnessCondition['type']>(
  CONDITION_TYPES.map((type) => [CONDITION_CODE[type], type]),
);

const ITEMS_MAX = LIMITS.scopeItemsMax.value;
const LEVELS_MAX = LIMITS.conditionLevelsMax.value;
const DENY = 0;
const ALLOW = 1;

export function writeWitnessRule(writer: ByteWriter, rule: WitnessRule): void {
  writer.u8(rule.action === 'Allow' ? ALLOW : DENY);
  writeWitnessCondition(writer, rule.condition);
}

export function readWitnessRule(reader: ByteReader): WitnessRule {
  const action = reader.u8();
  if (action > ALLOW) reader.refuse(`unknown action ${String(action)} of a witness rule`);
  return {
    action: action === ALLOW ? 'Allow' : 'Deny',
    condition: readWitnessCondition(reader),
  };
}

export const sizeOfWitnessRule = (rule: WitnessRule): number => 1 + sizeOfCondition(rule.condition);

export function writeWitnessCondition(writer: ByteWriter, condition: WitnessCondition): void {
  writeLevels(writer, condition, LEVELS_MAX);
}

export const readWitnessCondition = (reader: ByteReader): WitnessCondition =>
  readLevels(reader, LEVELS_MAX);

function writeLevels(writer: ByteWriter, condition: WitnessCondition, levels: number): void {
  assert(levels > 0, 'a witness condition of at most three levels');
  writer.u8(CONDITION_CODE[condition.type]);
  switch (condition.type) {
    case 'Boolean':
      writer.u8(condition.expression ? 1 : 0);
      return;
    case 'Not':
      writeLevels(writer, condition.expression, levels - 1);
      return;
    case 'And':
    case 'Or': {
      const { expressions } = condition;
      assert(expressions.length > 0 && expressions.length <= ITEMS_MAX, 'a count of conditions');
      writer.list(expressions, (part) => writeLevels(writer, part, levels - 1));
      return;
    }
    case 'ScriptHash':
    case 'CalledByContract':
      writer.bytes(encodeScriptHash(condition.hash));
      return;
    case 'Group':
    case 'CalledByGroup':
      writer.bytes(encodePublicKey(condition.group));
      return;
    case 'CalledByEntry':
      return;
    default:
      assertNever(condition);
  }
}

function readLevels(reader: ByteReader, levels: number): WitnessCondition {
  if (levels === 0) reader.refuse('a witness condition of more than three levels');
  const code = reader.u8();
  const type = CONDITION_OF_CODE.get(code);
  switch (type) {
    case undefined:
      return reader.refuse(`unknown witness condition ${String(code)}`);
    case 'Boolean':
      return { type, expression: readBoolean(reader) };
    case 'Not':
      return { type, expression: readLevels(reader, levels - 1) };
    case 'And':
    case 'Or': {
      const expressions = reader.list(ITEMS_MAX, 'conditions', () =>
        readLevels(reader, levels - 1),
      );
      if (expressions.length === 0) reader.refuse(`an empty ${type} of witness conditions`);
      return { type, expressions };
    }
    case 'ScriptHash':
    case 'CalledByContract':
      return { type, hash: decodeScriptHash(reader.bytes(SCRIPT_HASH_BYTES)) };
    case 'Group':
    case 'CalledByGroup':
      return { type, group: readPublicKey(reader) };
    case 'CalledByEntry':
      return { type };
    default:
      return assertNever(type);
  }
}

/** Only 0 and 1: a second form of true would be a second hash of the same transaction. */
function readBoolean(reader: ByteReader): boolean {
  const byte = reader.u8();
  if (byte > 1) reader.refuse('a boolean that is neither 0 nor 1');
  return byte === 1;
}

export function readPublicKey(reader: ByteReader): PublicKey {
  const key = decodePublicKey(reader.bytes(PUBLIC_KEY_BYTES));
  return key ?? reader.refuse('a public key that is no point of the curve');
}

function sizeOfCondition(condition: WitnessCondition): number {
  switch (condition.type) {
    case 'Boolean':
      return 2;
    case 'Not':
      return 1 + sizeOfCondition(condition.expression);
    case 'And':
    case 'Or':
      return 1 + sizeOfList(condition.expressions, sizeOfCondition);
    case 'ScriptHash':
    case 'CalledByContract':
      return 1 + SCRIPT_HASH_BYTES;
    case 'Group':
    case 'CalledByGroup':
      return 1 + PUBLIC_KEY_BYTES;
    case 'CalledByEntry':
      return 1;
    default:
      return assertNever(condition);
  }
}
