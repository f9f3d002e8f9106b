/**
 * Wallets of tests: one key each, which signs as real wallets do. The bytes of each layout are held
 * against signatures of those wallets in test/core/neo/message.
 */
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { assert } from '../../worker/core/assert.ts';
import { parseEvmAddress } from '../../worker/core/evm-address.ts';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { encodeMessage, type MessageLayout } from '../../worker/core/neo/message/message-layout.ts';
import { encodeNep20, type Nep20Layout } from '../../worker/core/neo/message/nep20-layout.ts';
import { decodePublicKey } from '../../worker/core/neo/public-key.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import { accountOf } from '../../worker/core/neo/verification-script.ts';

/** In test bindings as well. */
export const NETWORK = { id: 'neo3:private', magic: 56_753 } as const;
const SALT = '0123456789abcdef0123456789abcdef';

/** What an operation answered that asks for a signature. */
export interface Asked {
  readonly id: string;
  readonly text: string | null;
  readonly nep20: {
    readonly nonce: string;
    readonly domain: string;
    readonly timestamp: number;
  } | null;
}

export interface NeoWallet {
  readonly address: string;
  readonly scriptHash: ScriptHash;
  readonly publicKey: string;
  /** The body that answers a challenge. */
  readonly answer: (asked: Asked, layout?: MessageLayout | Nep20Layout) => Record<string, unknown>;
}

let serial = 0;

export function createNeoWallet(): NeoWallet {
  serial += 1;
  const secret = new Uint8Array(32).fill(1);
  new DataView(secret.buffer).setUint32(0, serial);
  const publicKey = decodePublicKey(p256.getPublicKey(secret));
  assert(publicKey !== null, 'a public key');
  const scriptHash = accountOf(publicKey);
  const sign = (message: Uint8Array): string =>
    encodeHex(p256.sign(message, secret, { lowS: false, prehash: true }));
  return {
    address: encodeAddress(scriptHash),
    scriptHash,
    publicKey,
    answer: ({ id: challengeId, text, nep20 }, layout = 'classic-salted') => {
      if (nep20) {
        const { nonce, domain, timestamp } = nep20;
        const message = encodeNep20(layout as Nep20Layout, {
          nonce: BigInt(nonce),
          timestamp,
          networkMagic: NETWORK.magic,
          account: scriptHash,
          action: 'Authentication',
          domain,
        });
        return { challengeId, publicKey, signature: sign(message), timestamp };
      }
      const salt = layout === 'classic-no-salt' || layout === 'raw-utf8' ? undefined : SALT;
      const message = encodeMessage(layout as MessageLayout, {
        message: text ?? '',
        salt,
        networkMagic: NETWORK.magic,
      });
      assert(message !== null, 'a message of this layout');
      return {
        challengeId,
        publicKey,
        signature: sign(message),
        ...(salt === undefined ? {} : { salt }),
      };
    },
  };
}

/** The other signature that the same key made, so to speak: n - s in place of s. */
export function twinOf(signature: string): string {
  const s = BigInt(`0x${signature.slice(64)}`);
  const other = p256.Point.CURVE().n - s;
  return signature.slice(0, 64) + other.toString(16).padStart(64, '0');
}

export interface EvmWallet {
  readonly address: string;
  readonly answer: (asked: Asked) => Record<string, unknown>;
}

export function createEvmWallet(): EvmWallet {
  serial += 1;
  const secret = new Uint8Array(32).fill(2);
  new DataView(secret.buffer).setUint32(0, serial);
  const point = secp256k1.getPublicKey(secret, false).subarray(1);
  const address = parseEvmAddress(`0x${encodeHex(keccak_256(point).subarray(12))}`);
  assert(address !== null, 'an address');
  return {
    address,
    answer: ({ id: challengeId, text }) => {
      const message = new TextEncoder().encode(text ?? '');
      const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`);
      const hash = keccak_256(Uint8Array.of(...prefix, ...message));
      const [bit = 0, ...compact] = secp256k1.sign(hash, secret, {
        prehash: false,
        format: 'recovered',
      });
      const last = (27 + bit).toString(16);
      return { challengeId, signature: `0x${encodeHex(Uint8Array.from(compact))}${last}` };
    },
  };
}
