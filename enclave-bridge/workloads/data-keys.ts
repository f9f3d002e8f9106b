/**
 * The account data keys: made at random, wrapped under a key derived from the master key, bound to
 * the account id. An unwrapped key lives only in this isolate's memory, as a non-extractable
 * CryptoKey in a bounded cache. Runs the same in software mode and inside a TEE: nothing here knows
 * of Workers.
 */
import { base64urlnopad } from '@scure/base';
import { assert } from '../../worker/core/assert.ts';
import {
  dataKeyId,
  deriveWrappingKey,
  KEY_BYTES,
  masterKeyId,
} from '../../worker/core/crypto/derived-keys.ts';
import {
  dataKeyAssociatedData,
  decodeEnvelope,
  encodeEnvelope,
  NONCE_BYTES,
} from '../../worker/core/crypto/envelope.ts';
import { decodeBase64Url } from '../../worker/core/crypto/es256.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { decryptAes, encryptAes, importAesKey } from '../aes-gcm.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type {
  AccountKeyRequest,
  AccountRequest,
  RewrappedDataKey,
  WrappedDataKey,
} from '../contract.ts';
import type { MasterKeys } from '../env.ts';
import type { Log } from '../log.ts';

/** About 1 KiB each: what one isolate serves within minutes, without weight in its 128 MB. */
const DATA_KEYS_CACHED_MAX = 1000;

export interface DataKey {
  readonly id: string;
  readonly key: CryptoKey;
}

export interface Vault {
  readonly currentKeyId: string;
  /** By master key id: the current one and, while rotating, the previous one. */
  readonly wrappingKeys: ReadonlyMap<string, CryptoKey>;
  readonly dataKeys: BoundedCache<DataKey>;
  readonly log: Log;
}

export async function createVault(keys: MasterKeys, log: Log): Promise<Vault> {
  const wrappingKeys = new Map<string, CryptoKey>();
  for (const key of [keys.current, ...(keys.previous ? [keys.previous] : [])])
    wrappingKeys.set(masterKeyId(key), await importAesKey(deriveWrappingKey(key)));
  const dataKeys = new BoundedCache<DataKey>(DATA_KEYS_CACHED_MAX);
  return { currentKeyId: masterKeyId(keys.current), wrappingKeys, dataKeys, log };
}

export const createDataKey = (vault: Vault, request: AccountRequest): Promise<WrappedDataKey> =>
  wrap(vault, request.accountId, crypto.getRandomValues(new Uint8Array(KEY_BYTES)));

export async function rewrapDataKey(
  vault: Vault,
  request: AccountKeyRequest,
): Promise<Result<RewrappedDataKey, 'secrets.undecryptable'>> {
  const unwrapped = await unwrap(vault, request);
  if (!unwrapped.ok) return unwrapped;
  if (unwrapped.value.masterKeyId === vault.currentKeyId) {
    const { wrappedKey } = request;
    return ok({ wrappedKey, masterKeyId: vault.currentKeyId, changed: false });
  }
  const rewrapped = await wrap(vault, request.accountId, unwrapped.value.bytes);
  return ok({ ...rewrapped, changed: true });
}

/**
 * The account id is part of the cache key: otherwise a wrapped key opened for its owner would be
 * served from memory to whoever else presents it, past the associated data. Its length in front
 * keeps the border of the two unambiguous.
 */
export async function openDataKey(
  vault: Vault,
  request: AccountKeyRequest,
): Promise<Result<DataKey, 'secrets.undecryptable'>> {
  const cacheKey = `${request.accountId.length}:${request.accountId}${request.wrappedKey}`;
  const cached = vault.dataKeys.get(cacheKey);
  if (cached !== undefined) return ok(cached);
  const unwrapped = await unwrap(vault, request);
  if (!unwrapped.ok) return unwrapped;
  const { bytes } = unwrapped.value;
  const dataKey = { id: dataKeyId(bytes), key: await importAesKey(bytes) };
  vault.dataKeys.set(cacheKey, dataKey);
  return ok(dataKey);
}

async function wrap(vault: Vault, accountId: string, bytes: Uint8Array): Promise<WrappedDataKey> {
  const keyId = vault.currentKeyId;
  const wrappingKey = vault.wrappingKeys.get(keyId);
  assert(wrappingKey !== undefined, 'a vault holds its current key');
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const associatedData = dataKeyAssociatedData(keyId, accountId);
  const ciphertext = await encryptAes(wrappingKey, { nonce, associatedData, text: bytes });
  const wrappedKey = base64urlnopad.encode(encodeEnvelope({ keyId, nonce, ciphertext }));
  return { wrappedKey, masterKeyId: keyId };
}

interface UnwrappedKey {
  readonly bytes: Uint8Array;
  readonly masterKeyId: string;
}

async function unwrap(
  vault: Vault,
  { accountId, wrappedKey }: AccountKeyRequest,
): Promise<Result<UnwrappedKey, 'secrets.undecryptable'>> {
  const refused = { level: 'error', event: 'vault.open_refused', subject: 'data_key' } as const;
  const envelope = decodeEnvelope(decodeBase64Url(wrappedKey) ?? new Uint8Array());
  if (envelope === undefined) {
    vault.log({ ...refused, reason: 'not_an_envelope', accountId });
    return err('secrets.undecryptable');
  }
  const { keyId, nonce, ciphertext } = envelope;
  const wrappingKey = vault.wrappingKeys.get(keyId);
  if (wrappingKey === undefined) {
    vault.log({ ...refused, reason: 'key_unknown', accountId, keyId });
    return err('secrets.undecryptable');
  }
  const associatedData = dataKeyAssociatedData(keyId, accountId);
  const bytes = await decryptAes(wrappingKey, { nonce, associatedData, text: ciphertext });
  if (bytes === undefined) {
    vault.log({ ...refused, reason: 'authentication_failed', accountId, keyId });
    return err('secrets.undecryptable');
  }
  return ok({ bytes, masterKeyId: keyId });
}
