/**
 * The five forms of bytes that Neo wallets sign for a text message, under the names of the vectors:
 * there is no one standard, and a wallet does not say which form it took. What is common to all is
 * that none of them may be the 36 bytes (magic and hash) that are signed for a transaction: a text of
 * that length would let a site have a transaction signed as a message, so where the bytes are the
 * sender's own choice, 36 of them are refused. Two forms have 36 bytes always; they hold a digest,
 * which nobody can choose to be a transaction's hash, and one names network 0.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { assertNever } from '../../assert.ts';
import { ByteWriter } from '../byte-writer.ts';
import { LIMITS } from './limits.ts';

/** In the order in which they are tried: the ones that tell themselves apart from text come first. */
export const MESSAGE_LAYOUTS = [
  /** NeoLine `signMessage`, O3, Neon: a frame that is no transaction, salt and message in it. */
  'classic-salted',
  /** NeoLine `signMessageWithoutSalt`. */
  'classic-no-salt',
  /** NeoLine `signMessageV2`, for Ledger: the hash of a transaction that no network takes. */
  'neoline-v2',
  /** neo-cli and its RPC server: magic and SHA-256 twice of the classic frame. */
  'neo-cli-replay-protected',
  /** neon-dappkit's default and NEP-21 as shipped: the text itself. */
  'raw-utf8',
] as const;
export type MessageLayout = (typeof MESSAGE_LAYOUTS)[number];

export interface SaltedMessage {
  readonly message: string;
  /** Given by the wallet: 32 lower-case hexadecimal digits, signed as that text. */
  readonly salt?: string | undefined;
  /** Needed where the layout signs the network. */
  readonly networkMagic?: number | undefined;
}

/** Magic and hash: what is signed for a transaction. */
const TRANSACTION_SIGNING_BYTES = 36;
const CLASSIC_PREFIX = Uint8Array.of(0x01, 0x00, 0x01, 0xf0);
const CLASSIC_SUFFIX = Uint8Array.of(0x00, 0x00);
/** Any text in place of a salt would let the border between salt and message be moved. */
const SALT = /^[0-9a-f]{32}$/;

/** The bytes under the signature; null when this message cannot be signed, or not in this layout. */
export function encodeMessage(layout: MessageLayout, given: SaltedMessage): Uint8Array | null {
  const { message, salt, networkMagic } = given;
  // Half a surrogate pair is written as a replacement: two texts would have one signature.
  if (!message.isWellFormed() || (salt !== undefined && !SALT.test(salt))) return null;
  const text = new TextEncoder().encode(`${salt ?? ''}${message}`);
  if (text.length > LIMITS.messageBytesMax.value) return null;
  switch (layout) {
    case 'classic-salted':
      return salt === undefined ? null : unlessTransaction(encodeClassic(text));
    case 'classic-no-salt':
      return salt === undefined ? unlessTransaction(encodeClassic(text)) : null;
    case 'neoline-v2':
      return encodeNeoLineV2(text);
    case 'neo-cli-replay-protected':
      return networkMagic === undefined ? null : encodeNeoCli(text, networkMagic);
    case 'raw-utf8':
      return salt === undefined ? unlessTransaction(text) : null;
    default:
      return assertNever(layout);
  }
}

const unlessTransaction = (bytes: Uint8Array): Uint8Array | null =>
  bytes.length === TRANSACTION_SIGNING_BYTES ? null : bytes;

const encodeClassic = (text: Uint8Array): Uint8Array =>
  new ByteWriter().bytes(CLASSIC_PREFIX).varBytes(text).bytes(CLASSIC_SUFFIX).toBytes();

function encodeNeoLineV2(text: Uint8Array): Uint8Array {
  // All zero: version, nonce, fees, validity; one signer, the zero account, scope None; nothing more.
  const unsigned = new ByteWriter().bytes(new Uint8Array(25)).u8(1).bytes(new Uint8Array(22));
  return new ByteWriter()
    .u32(0)
    .bytes(sha256(unsigned.varBytes(text).toBytes()))
    .toBytes();
}

const encodeNeoCli = (text: Uint8Array, networkMagic: number): Uint8Array =>
  new ByteWriter()
    .u32(networkMagic)
    .bytes(sha256(sha256(encodeClassic(text))))
    .toBytes();
