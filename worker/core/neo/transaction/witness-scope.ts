/**
 * Where a signer's witness counts. `Global` stands alone by its type, since nodes refuse it beside
 * any other scope; every other set is a record of what it allows, and an empty one is the scope
 * `None`: the signer pays or approves, and no contract may use the witness.
 */
import { assert } from '../../assert.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { encodePublicKey, PUBLIC_KEY_BYTES, type PublicKey } from '../public-key.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  SCRIPT_HASH_BYTES,
  type ScriptHash,
} from '../script-hash.ts';
import { LIMITS } from './limits.ts';
import { sizeOfList } from './var-size.ts';
import {
  readPublicKey,
  readWitnessRule,
  sizeOfWitnessRule,
  type WitnessRule,
  writeWitnessRule,
} from './witness-rule.ts';

/**
 * A list that is absent is a scope not given; an empty one is given and allows nothing, which has
 * other bytes and another hash.
 */
export interface LimitedScopes {
  readonly calledByEntry: boolean;
  /** Scope `CustomContracts`. */
  readonly contracts?: readonly ScriptHash[];
  /** Scope `CustomGroups`. */
  readonly groups?: readonly PublicKey[];
  /** Scope `WitnessRules`. */
  readonly rules?: readonly WitnessRule[];
}

export type WitnessScopes = 'Global' | LimitedScopes;

/** Pays fees and gives contracts no authority: what a sponsor signs with. */
export const NO_SCOPES: LimitedScopes = { calledByEntry: false };
/** Counts in the script of the transaction and in contracts it calls itself. */
export const CALLED_BY_ENTRY: LimitedScopes = { calledByEntry: true };

const FLAGS = {
  CalledByEntry: 0x01,
  CustomContracts: 0x10,
  CustomGroups: 0x20,
  WitnessRules: 0x40,
} as const;
type FlagName = keyof typeof FLAGS;
const GLOBAL = 0x80;
const KNOWN_FLAGS = Object.values(FLAGS).reduce((all, flag) => all | flag, 0);
const ITEMS_MAX = LIMITS.scopeItemsMax.value;

/** The names of the scopes given, in the order of their flags. */
export function namesOfScopes(scopes: LimitedScopes): readonly FlagName[] {
  const names: FlagName[] = [];
  if (scopes.calledByEntry) names.push('CalledByEntry');
  if (scopes.contracts) names.push('CustomContracts');
  if (scopes.groups) names.push('CustomGroups');
  if (scopes.rules) names.push('WitnessRules');
  return names;
}

export function writeWitnessScopes(writer: ByteWriter, scopes: WitnessScopes): void {
  if (scopes === 'Global') {
    writer.u8(GLOBAL);
    return;
  }
  const { contracts, groups, rules } = scopes;
  writer.u8(namesOfScopes(scopes).reduce((flags, name) => flags | FLAGS[name], 0));
  for (const items of [contracts, groups, rules])
    assert((items?.length ?? 0) <= ITEMS_MAX, 'a count of scope items');
  if (contracts) writer.list(contracts, (hash) => writer.bytes(encodeScriptHash(hash)));
  if (groups) writer.list(groups, (key) => writer.bytes(encodePublicKey(key)));
  if (rules) writer.list(rules, (rule) => writeWitnessRule(writer, rule));
}

export function readWitnessScopes(reader: ByteReader): WitnessScopes {
  const flags = reader.u8();
  if (flags === GLOBAL) return 'Global';
  if ((flags & GLOBAL) !== 0) reader.refuse('the scope Global beside another');
  if ((flags & ~KNOWN_FLAGS) !== 0) reader.refuse(`unknown witness scopes ${String(flags)}`);
  // The lists follow in the order of their flags, which is the order they are read in here.
  const contracts = ifGiven(flags, 'CustomContracts', () =>
    reader.list(ITEMS_MAX, 'allowed contracts', () =>
      decodeScriptHash(reader.bytes(SCRIPT_HASH_BYTES)),
    ),
  );
  const groups = ifGiven(flags, 'CustomGroups', () =>
    reader.list(ITEMS_MAX, 'allowed groups', () => readPublicKey(reader)),
  );
  const rules = ifGiven(flags, 'WitnessRules', () =>
    reader.list(ITEMS_MAX, 'witness rules', () => readWitnessRule(reader)),
  );
  return {
    calledByEntry: (flags & FLAGS.CalledByEntry) !== 0,
    ...(contracts && { contracts }),
    ...(groups && { groups }),
    ...(rules && { rules }),
  };
}

export function sizeOfWitnessScopes(scopes: WitnessScopes): number {
  if (scopes === 'Global') return 1;
  const { contracts, groups, rules } = scopes;
  return (
    1 +
    (contracts ? sizeOfList(contracts, () => SCRIPT_HASH_BYTES) : 0) +
    (groups ? sizeOfList(groups, () => PUBLIC_KEY_BYTES) : 0) +
    (rules ? sizeOfList(rules, sizeOfWitnessRule) : 0)
  );
}

const ifGiven = <Items>(flags: number, name: FlagName, read: () => Items): Items | undefined =>
  (flags & FLAGS[name]) === 0 ? undefined : read();
