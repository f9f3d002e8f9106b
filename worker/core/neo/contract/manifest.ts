/**
 * Contract manifests (NEP-15): name, groups, standards, ABI, permissions and trusts, checked as the
 * chain checks them at deployment and refused with the place. What a manifest says of itself proves
 * nothing but its groups (`isGroupSigned`): a `supportedstandards` entry is a claim. To deploy, send
 * the author's own bytes; `formatManifest` is for reading, since a field that no one reads is gone.
 */
import { base64 } from '@scure/base';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { type PublicKey, parsePublicKey } from '../public-key.ts';
import { encodeScriptHash, parseScriptHash, type ScriptHash } from '../script-hash.ts';
import { SIGNATURE_BYTES, verifySignature } from '../signature.ts';
import { type Abi, formatAbi, readAbi } from './abi.ts';
import { LIMITS } from './limits.ts';
import { readName, refuseRepeated } from './parameter-type.ts';

export interface Group {
  readonly publicKey: PublicKey;
  /** Over the contract's hash; see `isGroupSigned`. */
  readonly signature: Uint8Array;
}

/** Contracts a permission or a trust is for. */
export type ContractTarget =
  | { readonly kind: 'any' }
  | { readonly kind: 'contract'; readonly hash: ScriptHash }
  | { readonly kind: 'group'; readonly publicKey: PublicKey };

export interface Permission {
  readonly contract: ContractTarget;
  readonly methods: '*' | readonly string[];
}

export interface Manifest {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly supportedStandards: readonly string[];
  readonly abi: Abi;
  readonly permissions: readonly Permission[];
  readonly trusts: '*' | readonly ContractTarget[];
  /** Whatever the author wrote, as JSON; not interpreted. */
  readonly extra: unknown;
}

/** From a file or from the argument of a deployment. */
export function decodeManifest(bytes: Uint8Array): Parsed<Manifest> {
  if (bytes.length > LIMITS.manifestBytesMax.value)
    return refuseWhole(`longer than ${String(LIMITS.manifestBytesMax.value)} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return parseManifest(JSON.parse(text));
  } catch {
    // Both the decoder and the JSON parser throw for what the author wrote, and nothing else.
    return refuseWhole('not JSON in UTF-8');
  }
}

const refuseWhole = (reason: string) =>
  ({ ok: false, misshapen: { pointer: '', reason } }) as const;

export const parseManifest = (json: unknown): Parsed<Manifest> => parseWhole(json, readManifest);

export function readManifest(reader: JsonReader): Manifest {
  const features = reader.optional('features');
  // Reserved: no feature has a meaning yet, and the chain refuses all.
  if (features && features.entries(1).length > 0) features.refuse('no feature is known');
  return {
    name: readName(reader.field('name')),
    groups: readGroups(reader.field('groups')),
    supportedStandards: readNames(reader.field('supportedstandards')),
    abi: readAbi(reader.field('abi')),
    permissions: readPermissions(reader.field('permissions')),
    trusts: readTrusts(reader.field('trusts')),
    extra: reader.optional('extra')?.raw ?? null,
  };
}

function readGroups(reader: JsonReader): readonly Group[] {
  const groups = reader.list(LIMITS.manifestListMax.value, (item) => {
    const signature = item.field('signature').bytes(SIGNATURE_BYTES);
    if (signature.length !== SIGNATURE_BYTES) item.field('signature').refuse('not 64 bytes');
    return { publicKey: item.field('pubkey').parsed(parsePublicKey, 'a public key'), signature };
  });
  refuseRepeated(
    reader,
    groups.map(({ publicKey }) => publicKey),
  );
  return groups;
}

function readNames(reader: JsonReader): readonly string[] {
  const names = reader.list(LIMITS.manifestListMax.value, readName);
  refuseRepeated(reader, names);
  return names;
}

function readPermissions(reader: JsonReader): readonly Permission[] {
  const permissions = reader.list(LIMITS.manifestListMax.value, (item) => {
    const methods = item.field('methods');
    return {
      contract: readTarget(item.field('contract')),
      methods: methods.raw === '*' ? ('*' as const) : readNames(methods),
    };
  });
  refuseRepeated(
    reader,
    permissions.map(({ contract }) => formatTarget(contract)),
  );
  return permissions;
}

function readTrusts(reader: JsonReader): '*' | readonly ContractTarget[] {
  if (reader.raw === '*') return '*';
  const targets = reader.list(LIMITS.manifestListMax.value, readTarget);
  refuseRepeated(reader, targets.map(formatTarget));
  return targets;
}

function readTarget(reader: JsonReader): ContractTarget {
  if (reader.raw === '*') return { kind: 'any' };
  return reader.parsed(parseTarget, 'a script hash, a public key or *');
}

function parseTarget(text: string): ContractTarget | null {
  const hash = parseScriptHash(text);
  if (hash !== null) return { kind: 'contract', hash };
  const publicKey = parsePublicKey(text);
  return publicKey && { kind: 'group', publicKey };
}

function formatTarget(target: ContractTarget): string {
  if (target.kind === 'any') return '*';
  return target.kind === 'contract' ? target.hash : target.publicKey;
}

/** The fields in the order of neo-go and the C# node. */
export const formatManifest = (manifest: Manifest): object => ({
  name: manifest.name,
  groups: manifest.groups.map(({ publicKey, signature }) => ({
    pubkey: publicKey,
    signature: base64.encode(signature),
  })),
  features: {},
  supportedstandards: manifest.supportedStandards,
  abi: formatAbi(manifest.abi),
  permissions: manifest.permissions.map(({ contract, methods }) => ({
    contract: formatTarget(contract),
    methods,
  })),
  trusts: manifest.trusts === '*' ? '*' : manifest.trusts.map(formatTarget),
  extra: manifest.extra,
});

/** Whether the group's key holder took this contract in: the key signs the hash in wire order. */
export const isGroupSigned = ({ publicKey, signature }: Group, contract: ScriptHash): boolean =>
  verifySignature({ message: encodeScriptHash(contract), signature, publicKey });
