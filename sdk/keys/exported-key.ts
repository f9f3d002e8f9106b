/**
 * The receiving end of an export (`wallets.exportKey`): a key pair made for it, and the opening of
 * what was sealed to it. HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA-256),
 * HKDF-SHA-256 and AES-256-GCM, one message. The caller says which wallet it asked for; what was
 * sealed for another one does not open, and what opens is the key of that wallet.
 */
import { x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import {
  decodePrivateKey,
  type PrivateKey,
  publicKeyOf,
} from '../../worker/core/neo/private-key.ts';

export interface ExportRecipient {
  /** The body of the request. */
  readonly recipientPublicKey: string;
  /** What approvals of the export name. */
  readonly recipientKeySha256: string;
  /** Stays where it was made, and is thrown away after the export. */
  readonly secretKey: Uint8Array;
}

/** As `wallets.getWallet` answers it. */
export interface ExportedWallet {
  readonly id: string;
  readonly networkMagic: number;
  readonly publicKey: string;
}

/** As `wallets.exportKey` answers it. */
export interface ExportedKey {
  readonly enc: string;
  readonly ciphertext: string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const VERSION = utf8ToBytes('HPKE-v1');
/** RFC 9180 sections 7.1 to 7.3: DHKEM(X25519), HKDF-SHA-256, AES-256-GCM. */
const KEM_SUITE = concatBytes(utf8ToBytes('KEM'), Uint8Array.of(0x00, 0x20));
const HPKE_SUITE = concatBytes(utf8ToBytes('HPKE'), Uint8Array.of(0x00, 0x20, 0, 1, 0, 2));
const BASE_MODE = Uint8Array.of(0x00);
const NOTHING = new Uint8Array();

export const createExportRecipient = (): ExportRecipient =>
  exportRecipientOf(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));

/** Of 32 bytes that were kept while the approvals were given. */
export function exportRecipientOf(secretKey: Uint8Array): ExportRecipient {
  const publicKey = x25519.getPublicKey(secretKey);
  return {
    recipientPublicKey: base64.encode(publicKey),
    recipientKeySha256: encodeHex(sha256(publicKey)),
    secretKey,
  };
}

/** Null for what was not sealed to this recipient, or not for this wallet of this account. */
export async function openExportedKey(
  { accountId, wallet }: { readonly accountId: string; readonly wallet: ExportedWallet },
  recipient: Pick<ExportRecipient, 'secretKey'>,
  exported: ExportedKey,
): Promise<PrivateKey | null> {
  const opened = await open(recipient.secretKey, infoOf(accountId, wallet), exported);
  const key = opened && decodePrivateKey(opened);
  return key && publicKeyOf(key) === wallet.publicKey ? key : null;
}

/** What the bridge seals with, made of what was asked for and not of what was answered. */
function infoOf(accountId: string, { id, networkMagic, publicKey }: ExportedWallet): Uint8Array {
  const place = ['chain-key', id, 'tenant', String(networkMagic), 'exportable', publicKey];
  const text = JSON.stringify([accountId, ...place]);
  return utf8ToBytes(`neo-service-layer/key-export/v1\u0000${text}`);
}

async function open(
  secretKey: Uint8Array,
  info: Uint8Array,
  exported: ExportedKey,
): Promise<Uint8Array | null> {
  try {
    const enc = base64.decode(exported.enc);
    const { key, nonce } = keySchedule(decapsulate(secretKey, enc), info);
    const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    const ciphertext = Uint8Array.from(base64.decode(exported.ciphertext));
    const algorithm = { name: 'AES-GCM', iv: nonce };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, cipher, ciphertext));
  } catch {
    // No base64, no point, or a tag that does not hold: the libraries throw for each.
    return null;
  }
}

/** Section 4.1, Decap. */
function decapsulate(secretKey: Uint8Array, enc: Uint8Array): Uint8Array {
  const shared = x25519.getSharedSecret(secretKey, enc);
  const context = concatBytes(enc, x25519.getPublicKey(secretKey));
  const prk = labeledExtract(KEM_SUITE, NOTHING, ['eae_prk', shared]);
  return labeledExpand(KEM_SUITE, prk, ['shared_secret', context], KEY_BYTES);
}

/** Section 5.1, with no pre-shared key; the nonce is that of the first message (5.2). */
function keySchedule(sharedSecret: Uint8Array, info: Uint8Array) {
  const pskIdHash = labeledExtract(HPKE_SUITE, NOTHING, ['psk_id_hash', NOTHING]);
  const infoHash = labeledExtract(HPKE_SUITE, NOTHING, ['info_hash', info]);
  const context = concatBytes(BASE_MODE, pskIdHash, infoHash);
  const secret = labeledExtract(HPKE_SUITE, sharedSecret, ['secret', NOTHING]);
  return {
    key: labeledExpand(HPKE_SUITE, secret, ['key', context], KEY_BYTES),
    nonce: labeledExpand(HPKE_SUITE, secret, ['base_nonce', context], NONCE_BYTES),
  };
}

type Labeled = readonly [label: string, bytes: Uint8Array];

const labeledExtract = (suite: Uint8Array, salt: Uint8Array, [label, bytes]: Labeled): Uint8Array =>
  extract(sha256, concatBytes(VERSION, suite, utf8ToBytes(label), bytes), salt);

function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  [label, bytes]: Labeled,
  length: number,
): Uint8Array<ArrayBuffer> {
  const prefix = Uint8Array.of(length >> 8, length & 0xff);
  const info = concatBytes(prefix, VERSION, suite, utf8ToBytes(label), bytes);
  return Uint8Array.from(expand(sha256, prk, info, length));
}
