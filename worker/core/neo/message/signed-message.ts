/**
 * Checks a message that a wallet signed. The forms that the caller accepts are tried in one fixed
 * order, and the answer says which of them it was, for the record: they do not bind equally much.
 * The text itself must hold domain, nonce and expiry (sign-in-text.ts), since no form adds them. A
 * signature has a twin (n - s) that is as valid: it is never an id, and never proves a first use.
 */
import { base64 } from '@scure/base';
import { parseHex } from '../hex.ts';
import type { PublicKey } from '../public-key.ts';
import type { ScriptHash } from '../script-hash.ts';
import { SIGNATURE_BYTES, verifySignature } from '../signature.ts';
import { accountOf } from '../verification-script.ts';
import {
  encodeMessage,
  MESSAGE_LAYOUTS,
  type MessageLayout,
  type SaltedMessage,
} from './message-layout.ts';

export interface MessageCheck extends SaltedMessage {
  /** Whose signature it is said to be; the key alone would be anybody's. */
  readonly account: ScriptHash;
  readonly publicKey: PublicKey;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** The accepted forms; their order does not matter. */
  readonly layouts: readonly MessageLayout[];
}

/** The form that was signed; null when it is none of the accepted, or not by this account. */
export function verifyMessage(check: MessageCheck): MessageLayout | null {
  const { account, publicKey, signature, layouts } = check;
  if (accountOf(publicKey) !== account) return null;
  const accepted = MESSAGE_LAYOUTS.filter((layout) => layouts.includes(layout));
  const signed = accepted.find((layout) => {
    const message = encodeMessage(layout, check);
    return message !== null && verifySignature({ message, signature, publicKey });
  });
  return signed ?? null;
}

const BASE64_CHARACTERS = 88;

/** Wallets give r || s as 128 hexadecimal digits or as base64; null for anything else. */
export function parseSignature(text: string): Uint8Array | null {
  if (text.length === 2 * SIGNATURE_BYTES) return parseHex(text);
  if (text.length !== BASE64_CHARACTERS) return null;
  try {
    const bytes = base64.decode(text);
    return bytes.length === SIGNATURE_BYTES ? bytes : null;
  } catch {
    return null; // The library throws for what is no base64: the sender's mistake.
  }
}
