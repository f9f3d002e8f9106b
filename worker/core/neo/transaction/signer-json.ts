/**
 * Signers in the nodes' JSON: as `getrawtransaction` shows them and `invokescript` and
 * `invokefunction` take them. Stricter than a node in one point: a list whose scope is not named is
 * refused, where a node drops it without a word, since whoever sent it meant something by it.
 */
import { assertNever } from '../../assert.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { type PublicKey, parsePublicKey } from '../public-key.ts';
import { parseScriptHash, type ScriptHash } from '../script-hash.ts';
import { LIMITS } from './limits.ts';
import type { Signer } from './signer.ts';
import { CONDITION_TYPES, type WitnessCondition, type WitnessRule } from './witness-rule.ts';
import { namesOfScopes, type WitnessScopes } from './witness-scope.ts';

/** Key for key what nodes call it. Conditions and rules are the same in our types. */
export interface SignerJson {
  readonly account: string;
  readonly scopes: string;
  readonly allowedcontracts?: readonly string[];
  readonly allowedgroups?: readonly string[];
  readonly rules?: readonly WitnessRule[];
}

const ITEMS_MAX = LIMITS.scopeItemsMax.value;
const SCOPES_CHARACTERS_MAX = 128;
const SCOPE_NAMES: ReadonlySet<string> = new Set([
  'None',
  'CalledByEntry',
  'CustomContracts',
  'CustomGroups',
  'WitnessRules',
  'Global',
]);

export const parseSigner = (json: unknown): Parsed<Signer> => parseWhole(json, readSignerJson);

export function formatSigner({ account, scopes }: Signer): SignerJson {
  if (scopes === 'Global') return { account, scopes: 'Global' };
  const { contracts, groups, rules } = scopes;
  return {
    account,
    scopes: namesOfScopes(scopes).join(', ') || 'None',
    ...(contracts && { allowedcontracts: contracts }),
    ...(groups && { allowedgroups: groups }),
    ...(rules && { rules }),
  };
}

export const readSignerJson = (reader: JsonReader): Signer => ({
  account: readScriptHash(reader.field('account')),
  scopes: readScopes(reader),
});

function readScopes(reader: JsonReader): WitnessScopes {
  const names = readScopeNames(reader.field('scopes'));
  const contracts = readItems(reader.optional('allowedcontracts'), readScriptHash);
  const groups = readItems(reader.optional('allowedgroups'), readPublicKey);
  const rules = readItems(reader.optional('rules'), readRule);
  if (contracts.length > 0 && !names.has('CustomContracts'))
    reader.refuse('allowedcontracts without the scope CustomContracts');
  if (groups.length > 0 && !names.has('CustomGroups'))
    reader.refuse('allowedgroups without the scope CustomGroups');
  if (rules.length > 0 && !names.has('WitnessRules'))
    reader.refuse('rules without the scope WitnessRules');
  if (names.has('Global')) return 'Global';
  return {
    calledByEntry: names.has('CalledByEntry'),
    ...(names.has('CustomContracts') && { contracts }),
    ...(names.has('CustomGroups') && { groups }),
    ...(names.has('WitnessRules') && { rules }),
  };
}

/** Comma-separated; nodes write a space after the comma and take it or leave it. */
function readScopeNames(reader: JsonReader): ReadonlySet<string> {
  const text = reader.text(SCOPES_CHARACTERS_MAX);
  const names = new Set(text.split(',').map((name) => name.trim()));
  for (const name of names) if (!SCOPE_NAMES.has(name)) reader.refuse('an unknown witness scope');
  if (names.has('Global') && names.size > 1) reader.refuse('the scope Global beside another');
  return names;
}

const readItems = <Item>(reader: JsonReader | null, read: (item: JsonReader) => Item): Item[] =>
  reader === null || reader.isNull ? [] : reader.list(ITEMS_MAX, read);

const readRule = (reader: JsonReader): WitnessRule => ({
  action: reader.field('action').choice(['Allow', 'Deny']),
  condition: readCondition(reader.field('condition'), LIMITS.conditionLevelsMax.value),
});

/** The levels are counted down, so that a deep document meets the bound and not the stack. */
function readCondition(reader: JsonReader, levels: number): WitnessCondition {
  if (levels === 0) reader.refuse('a witness condition of more than three levels');
  const type = reader.field('type').choice(CONDITION_TYPES);
  switch (type) {
    case 'Boolean':
      return { type, expression: reader.field('expression').boolean() };
    case 'Not':
      return { type, expression: readCondition(reader.field('expression'), levels - 1) };
    case 'And':
    case 'Or': {
      const expressions = reader
        .field('expressions')
        .list(ITEMS_MAX, (part) => readCondition(part, levels - 1));
      if (expressions.length === 0) reader.refuse(`an empty ${type} of witness conditions`);
      return { type, expressions };
    }
    case 'ScriptHash':
    case 'CalledByContract':
      return { type, hash: readScriptHash(reader.field('hash')) };
    case 'Group':
    case 'CalledByGroup':
      return { type, group: readPublicKey(reader.field('group')) };
    case 'CalledByEntry':
      return { type };
    default:
      return assertNever(type);
  }
}

const readScriptHash = (reader: JsonReader): ScriptHash =>
  reader.parsed(parseScriptHash, 'a script hash');
const readPublicKey = (reader: JsonReader): PublicKey =>
  reader.parsed(parsePublicKey, 'a public key');
