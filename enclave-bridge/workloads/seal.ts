/**
 * Sealing and opening of an account's items under its data key. The associated data names account
 * and place, so a sealed value moved to another account, name or version does not open. All or
 * nothing: no call answers a part.
 */
import {
  decodeEnvelope,
  ENVELOPE_OVERHEAD_BYTES,
  encodeEnvelope,
  itemAssociatedData,
  NONCE_BYTES,
} from '../../worker/core/crypto/envelope.ts';
import { LIMITS } from '../../worker/core/crypto/limits.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import { decryptAes, encryptAes } from '../aes-gcm.ts';
import type { OpenRequest, SealRequest } from '../contract.ts';
import { type DataKey, openDataKey, type Vault } from './data-keys.ts';

type SealOutcome = Result<
  readonly Uint8Array[],
  'secrets.undecryptable' | 'bridge.batch_too_large'
>;

export async function sealItems(vault: Vault, request: SealRequest): Promise<SealOutcome> {
  const bounded = checkBatch(request.items.map(({ plaintext }) => plaintext.length));
  if (!bounded.ok) return bounded;
  const dataKey = await openDataKey(vault, request);
  if (!dataKey.ok) return dataKey;
  const { accountId, items } = request;
  return ok(
    await Promise.all(items.map((item) => sealItem(dataKey.value, { accountId, ...item }))),
  );
}

export async function openItems(vault: Vault, request: OpenRequest): Promise<SealOutcome> {
  // Measured as plaintext, so that whatever was sealed in one call can be opened in one.
  const bounded = checkBatch(
    request.items.map(({ sealed }) => Math.max(0, sealed.length - ENVELOPE_OVERHEAD_BYTES)),
  );
  if (!bounded.ok) return bounded;
  const dataKey = await openDataKey(vault, request);
  if (!dataKey.ok) return dataKey;
  const { accountId, items } = request;
  const opened = await Promise.all(
    items.map((item) => openItem(dataKey.value, { accountId, ...item })),
  );
  const plaintexts = opened.filter((plaintext) => plaintext !== undefined);
  if (plaintexts.length === items.length) return ok(plaintexts);
  vault.log({
    level: 'error',
    event: 'vault.open_refused',
    subject: 'item',
    reason: 'authentication_failed',
    accountId,
    keyId: dataKey.value.id,
  });
  return err('secrets.undecryptable');
}

interface Item {
  readonly accountId: string;
  readonly context: readonly string[];
}

async function sealItem(
  { id: keyId, key }: DataKey,
  { accountId, context, plaintext }: Item & { readonly plaintext: Uint8Array },
): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const associatedData = itemAssociatedData({ dataKeyId: keyId, accountId, context });
  const ciphertext = await encryptAes(key, { nonce, associatedData, text: plaintext });
  return encodeEnvelope({ keyId, nonce, ciphertext });
}

async function openItem(
  { id: keyId, key }: DataKey,
  { accountId, context, sealed }: Item & { readonly sealed: Uint8Array },
): Promise<Uint8Array | undefined> {
  const envelope = decodeEnvelope(sealed);
  if (envelope?.keyId !== keyId) return undefined;
  const { nonce, ciphertext } = envelope;
  const associatedData = itemAssociatedData({ dataKeyId: keyId, accountId, context });
  return decryptAes(key, { nonce, associatedData, text: ciphertext });
}

function checkBatch(sizes: readonly number[]): Result<undefined, 'bridge.batch_too_large'> {
  const itemsMax = LIMITS.bridgeItemsMax.value;
  if (sizes.length > itemsMax)
    return err('bridge.batch_too_large', { limit: itemsMax, observed: sizes.length });
  const bytesMax = LIMITS.bridgeBatchBytesMax.value;
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > bytesMax) return err('bridge.batch_too_large', { limit: bytesMax, observed: bytes });
  return ok(undefined);
}
