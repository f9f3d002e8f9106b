/**
 * Keys of wallets on a Neo network: made here, sealed under the account's data key together with
 * what they are for, opened for one signature or one export and then let go. Nothing is signed that
 * was not decoded here as a whole transaction, whose hash is computed here (money rule M20).
 */
import {
  Aes256Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
  type SenderContext,
} from '@hpke/core';
import { assert } from '../../worker/core/assert.ts';
import { DOMAINS, domainSeparated } from '../../worker/core/crypto/domains.ts';
import {
  decodePrivateKey,
  PRIVATE_KEY_BYTES,
  type PrivateKey,
  publicKeyOf,
  signMessage,
} from '../../worker/core/neo/private-key.ts';
import {
  decodeUnsigned,
  encodeSigningMessage,
  hashTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { err, ok, type Result } from '../../worker/core/result.ts';
import {
  type ChainKeyFacts,
  chainKeyContext,
  decideSigning,
} from '../../worker/core/wallets/chain-key.ts';
import type {
  ChainKey,
  ChainKeyRequest,
  ChainSignature,
  CreateChainKeyRequest,
  ExportChainKeyRequest,
  ExportedChainKey,
  SignTransactionRequest,
} from '../contract.ts';
import type { Vault } from './data-keys.ts';
import { openItems, sealItems } from './seal.ts';

type VaultFailure = 'secrets.undecryptable' | 'bridge.batch_too_large';

export async function createChainKey(
  vault: Vault,
  request: CreateChainKeyRequest,
): Promise<Result<ChainKey, VaultFailure>> {
  const { accountId, wrappedKey, walletId, purpose, network, exportable } = request;
  const key = drawPrivateKey();
  const facts = { walletId, purpose, network, exportable, publicKey: publicKeyOf(key) };
  const items = [{ context: chainKeyContext(facts), plaintext: key }];
  const sealed = await sealItems(vault, { accountId, wrappedKey, items });
  if (!sealed.ok) return sealed;
  const [sealedKey] = sealed.value;
  assert(sealedKey, 'one item was sealed');
  return ok({ facts, sealedKey });
}

export async function signTransaction(
  vault: Vault,
  request: SignTransactionRequest,
): Promise<Result<ChainSignature, VaultFailure | 'wallets.signing_refused'>> {
  const { facts } = request;
  const transaction = decodeUnsigned(request.transaction);
  if (!transaction.ok)
    return err('wallets.signing_refused', { detail: transaction.malformed.reason });
  const refusal = decideSigning(facts, transaction.value);
  if (refusal !== null) return err('wallets.signing_refused', { detail: refusal });
  const key = await openKey(vault, request);
  if (!key.ok) return key;
  const hash = hashTransaction(transaction.value);
  return ok({ hash, signature: signMessage(encodeSigningMessage(facts.network, hash), key.value) });
}

/**
 * HPKE (RFC 9180), base mode, X25519, HKDF-SHA-256, AES-256-GCM. `info` names account, wallet and
 * network, so what was sealed for one export is no other's.
 */
export async function exportChainKey(
  vault: Vault,
  request: ExportChainKeyRequest,
): Promise<
  Result<ExportedChainKey, VaultFailure | 'wallets.not_exportable' | 'request.malformed'>
> {
  const { facts, accountId } = request;
  if (!facts.exportable) return err('wallets.not_exportable');
  const info = exportInfo(accountId, facts);
  const sender = await openSender(request.recipientPublicKey, info);
  if (!sender) return err('request.malformed', { detail: 'Not an X25519 public key' });
  const key = await openKey(vault, request);
  if (!key.ok) return key;
  const ciphertext = await sender.seal(key.value);
  return ok({ enc: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) });
}

const exportInfo = (accountId: string, facts: ChainKeyFacts): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    domainSeparated(
      DOMAINS.keyExport,
      new TextEncoder().encode(JSON.stringify([accountId, ...chainKeyContext(facts)])),
    ),
  );

/** Undefined for what is no key, and for points of small order, whose secret everybody knows. */
async function openSender(
  recipient: Uint8Array,
  info: Uint8Array<ArrayBuffer>,
): Promise<SenderContext | undefined> {
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(Uint8Array.from(recipient));
    return await suite.createSenderContext({ recipientPublicKey, info });
  } catch {
    return undefined; // The library throws for both: the caller's mistake.
  }
}

async function openKey(
  vault: Vault,
  { accountId, wrappedKey, facts, sealedKey }: ChainKeyRequest,
): Promise<Result<PrivateKey, VaultFailure>> {
  const items = [{ context: chainKeyContext(facts), sealed: sealedKey }];
  const opened = await openItems(vault, { accountId, wrappedKey, items });
  if (!opened.ok) return opened;
  // Its public key is part of what the seal authenticates, and was derived from it when it was made;
  // deriving it again with each signature would take as long as signing.
  const key = decodePrivateKey(opened.value[0] ?? new Uint8Array());
  assert(key, 'what was sealed is a private key');
  return ok(key);
}

/** Uniform over 1..n-1; a draw outside has a chance of 2^-32. */
function drawPrivateKey(): PrivateKey {
  for (;;) {
    const key = decodePrivateKey(crypto.getRandomValues(new Uint8Array(PRIVATE_KEY_BYTES)));
    if (key) return key;
  }
}
