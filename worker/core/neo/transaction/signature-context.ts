/**
 * A collection of signatures as a file that wallets pass around: ContractParametersContext of
 * neo-cli and neo-go (pkg/smartcontract/context). Whatever comes in is judged as if each signature
 * had just been given: another network, another hash, a script of another account, a signature that
 * does not verify are refused. Two habits of the format: parameters stand in reverse order of the
 * keys, and have values only once an account is complete; the one signature of a single key stands
 * in its parameter alone.
 */
import { base64 } from '@scure/base';
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { type PublicKey, parsePublicKey } from '../public-key.ts';
import { parseScriptHash, type ScriptHash, scriptHashOf } from '../script-hash.ts';
import { SIGNATURE_BYTES } from '../signature.ts';
import { LIMITS } from './limits.ts';
import { decodeAccountKeys } from './signature-witness.ts';
import {
  addContract,
  addSignature,
  addVerification,
  type Collected,
  type CollectedAccount,
  orderedSignatures,
  type SignatureCollection,
  startCollection,
} from './signatures.ts';
import { decodeUnsigned, encodeUnsigned, hashTransaction } from './transaction.ts';

const TRANSACTION_TYPE = 'Neo.Network.P2P.Payloads.Transaction';
const U32_MAX = 0xffff_ffff;
const SCRIPT_BYTES_MAX = LIMITS.witnessScriptBytesMax.value;
const TYPE_CHARACTERS_MAX = 64;
/** A verification script of 1024 bytes has no room for more keys of 35 bytes. */
const KEYS_MAX = Math.floor(SCRIPT_BYTES_MAX / 35);

export interface SignatureContextJson {
  readonly type: typeof TRANSACTION_TYPE;
  readonly hash: string;
  /** Of the unsigned transaction. */
  readonly data: string;
  readonly items: Readonly<Record<string, ContextItemJson>>;
  readonly network: number;
}

export interface ContextItemJson {
  readonly script: string | null;
  readonly parameters: readonly { readonly type: 'Signature'; readonly value?: string }[];
  readonly signatures: Readonly<Record<string, string>>;
}

export function formatSignatureContext(collection: SignatureCollection): SignatureContextJson {
  const { transaction, accounts, networkMagic } = collection;
  const items = Array.from(accounts, ([account, collected]) => [account, formatItem(collected)]);
  return {
    type: TRANSACTION_TYPE,
    hash: hashTransaction(transaction),
    data: base64.encode(encodeUnsigned(transaction)),
    items: Object.fromEntries(items),
    network: networkMagic,
  };
}

function formatItem(collected: CollectedAccount): ContextItemJson {
  if (collected.kind === 'contract') return { script: null, parameters: [], signatures: {} };
  const { verification, signatures } = collected;
  const keys = decodeAccountKeys(verification);
  const ordered = keys && orderedSignatures(keys, signatures);
  const texts = Array.from(signatures, ([key, signature]) => [key, base64.encode(signature)]);
  return {
    script: base64.encode(verification),
    parameters: Array.from({ length: keys?.threshold ?? 0 }, (_, index) => {
      const signature = ordered?.at(-1 - index);
      return { type: 'Signature', ...(signature && { value: base64.encode(signature) }) };
    }),
    signatures: keys?.isMultisig ? Object.fromEntries(texts) : {},
  };
}

/** `networkMagic` is the network the caller is on; a file of another one is refused. */
export const parseSignatureContext = (
  json: unknown,
  networkMagic: number,
): Parsed<SignatureCollection> =>
  parseWhole(json, (reader) => {
    if (reader.field('type').text(TYPE_CHARACTERS_MAX) !== TRANSACTION_TYPE)
      reader.field('type').refuse('not a transaction');
    if (reader.field('network').integer(0, U32_MAX) !== networkMagic)
      reader.field('network').refuse('another network');
    const decoded = decodeUnsigned(reader.field('data').bytes(LIMITS.transactionBytesMax.value));
    if (!decoded.ok) return reader.field('data').refuse(decoded.malformed.reason);
    checkHash(reader, hashTransaction(decoded.value));
    let collection = startCollection(decoded.value, networkMagic);
    for (const [name, item] of reader.field('items').entries(LIMITS.signersMax.value)) {
      const account = parseScriptHash(name) ?? item.refuse('not under a script hash');
      collection = addItem(collection, account, item);
    }
    return collection;
  });

/** Some writers leave the hash out. */
function checkHash(reader: JsonReader, hash: Hash256): void {
  const given = reader.optional('hash');
  if (given !== null && given.parsed(parseHash256, 'a hash') !== hash)
    given.refuse('not the hash of this transaction');
}

function addItem(
  collection: SignatureCollection,
  account: ScriptHash,
  item: JsonReader,
): SignatureCollection {
  const script = item.optional('script');
  if (script === null || script.isNull) return unwrap(item, addContract(collection, account));
  const verification = script.bytes(SCRIPT_BYTES_MAX);
  if (scriptHashOf(verification) !== account) script.refuse('the script of another account');
  let added = unwrap(script, addVerification(collection, verification));
  const keys = decodeAccountKeys(verification);
  for (const [publicKey, reader] of readSignatures(item, keys?.publicKeys ?? [])) {
    // neo-go keeps more than are needed; those the account does not need are not looked at.
    if (isComplete(added, account, keys?.threshold ?? 0)) break;
    const signature = reader.bytes(SIGNATURE_BYTES);
    added = unwrap(reader, addSignature(added, { account, publicKey, signature }));
  }
  return added;
}

function readSignatures(
  item: JsonReader,
  publicKeys: readonly PublicKey[],
): readonly (readonly [PublicKey, JsonReader])[] {
  const signatures = item.optional('signatures');
  const named = signatures === null || signatures.isNull ? [] : signatures.entries(KEYS_MAX);
  if (named.length > 0)
    return named.map(([name, reader]) => [
      parsePublicKey(name) ?? reader.refuse('not under a public key'),
      reader,
    ]);
  const [onlyKey, ...others] = publicKeys;
  if (onlyKey === undefined || others.length > 0) return [];
  const [value] = item.field('parameters').list(1, (parameter) => parameter.optional('value'));
  return !value || value.isNull ? [] : [[onlyKey, value]];
}

function isComplete(
  { accounts }: SignatureCollection,
  account: ScriptHash,
  threshold: number,
): boolean {
  const collected = accounts.get(account);
  return collected?.kind === 'keys' && collected.signatures.size >= threshold;
}

function unwrap(reader: JsonReader, collected: Collected): SignatureCollection {
  return collected.ok ? collected.collection : reader.refuse(collected.refusal);
}
