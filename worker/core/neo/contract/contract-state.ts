/**
 * `getcontractstate` and the entries of `getnativecontracts`: what one node says is deployed under
 * a hash. The NEF is put together again and must have the checksum that is given with it; that the
 * hash belongs to it can be checked only with the deployer (contract-hash.ts).
 */
import { parseCallFlags } from '../call-flags.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { parseScriptHash, type ScriptHash } from '../script-hash.ts';
import { LIMITS } from './limits.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { checksumOfNef, faultOfNef, type MethodToken, NEF_MAGIC, type Nef } from './nef.ts';

export interface ContractState {
  /** Negative for native contracts; a key of storage, the same after an update. */
  readonly id: number;
  readonly updateCounter: number;
  readonly hash: ScriptHash;
  readonly nef: Nef;
  readonly manifest: Manifest;
}

const [I32_MIN, I32_MAX, U32_MAX] = [-0x8000_0000, 0x7fff_ffff, 0xffff_ffff];

export const parseContractState = (json: unknown): Parsed<ContractState> =>
  parseWhole(json, readContractState);

export const parseContractStates = (json: unknown): Parsed<readonly ContractState[]> =>
  parseWhole(json, (reader) => reader.list(LIMITS.manifestListMax.value, readContractState));

const readContractState = (reader: JsonReader): ContractState => ({
  id: reader.field('id').integer(I32_MIN, I32_MAX),
  updateCounter: reader.optional('updatecounter')?.integer(0, 0xffff) ?? 0,
  hash: reader.field('hash').parsed(parseScriptHash, 'a script hash'),
  nef: readNef(reader.field('nef')),
  manifest: readManifest(reader.field('manifest')),
});

function readNef(reader: JsonReader): Nef {
  if (reader.field('magic').integer(0, U32_MAX) !== NEF_MAGIC) reader.refuse('not a NEF file');
  const nef = {
    compiler: reader.field('compiler').text(LIMITS.nefCompilerBytes.value),
    source: reader.optional('source')?.text(LIMITS.nefSourceBytesMax.value) ?? '',
    tokens: reader.field('tokens').list(LIMITS.nefTokensMax.value, readToken),
    script: reader.field('script').bytes(LIMITS.nefBytesMax.value),
  };
  const fault = faultOfNef(nef);
  if (fault !== null) reader.refuse(fault);
  const checksum = reader.field('checksum');
  if (checksum.integer(0, U32_MAX) !== checksumOfNef(nef)) checksum.refuse('another checksum');
  return nef;
}

const readToken = (reader: JsonReader): MethodToken => ({
  contract: reader.field('hash').parsed(parseScriptHash, 'a script hash'),
  method: reader.field('method').text(LIMITS.nefTokenMethodBytesMax.value),
  parameterCount: reader.field('paramcount').integer(0, 0xffff),
  hasReturnValue: reader.field('hasreturnvalue').boolean(),
  callFlags: reader.field('callflags').parsed(parseCallFlags, 'call flags'),
});
