/**
 * The receiving end of an export, against the HPKE of others: @hpke/core seals, as the bridge does,
 * and the SDK opens with code of its own.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  createExportRecipient,
  createPrivateKey,
  type ExportRecipient,
  openExportedKey,
  publicKeyOf,
} from '../../sdk/keys/index.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';

const accountId = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';
const id = 'nwl_01k4j8x1e0e4r9v2m3n5p6q7rs';
const networkMagic = 56_753;

async function seal(recipient: ExportRecipient) {
  const key = createPrivateKey();
  const publicKey = publicKeyOf(key);
  // As docs/specification.md has it, in words of its own.
  const place = [accountId, 'chain-key', id, 'tenant', '56753', 'exportable', publicKey];
  const info = new TextEncoder().encode(
    `neo-service-layer/key-export/v1\u0000${JSON.stringify(place)}`,
  );
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const bytes = Uint8Array.from(base64.decode(recipient.recipientPublicKey));
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, Uint8Array.from(key));
  const exported = {
    enc: base64.encode(new Uint8Array(enc)),
    ciphertext: base64.encode(new Uint8Array(ct)),
  };
  return { key, exported, asked: { accountId, wallet: { id, networkMagic, publicKey } } };
}

describe('an exported key', () => {
  it('opens for the recipient that asked for it, whoever sealed it', async () => {
    for (let run = 0; run < 20; run += 1) {
      const recipient = createExportRecipient();
      const { key, exported, asked } = await seal(recipient);
      expect(await openExportedKey(asked, recipient, exported)).toEqual(key);
    }
  });

  it('does not open for another recipient', async () => {
    const { exported, asked } = await seal(createExportRecipient());
    expect(await openExportedKey(asked, createExportRecipient(), exported)).toBeNull();
  });

  it('does not open as that of another account, wallet, network or key', async () => {
    const recipient = createExportRecipient();
    const { exported, asked } = await seal(recipient);
    const { wallet } = asked;
    for (const other of [
      { ...asked, accountId: 'acc_01k4j8x1e0e4r9v2m3n5p6q7rt' },
      { ...asked, wallet: { ...wallet, id: `${id.slice(0, -1)}t` } },
      { ...asked, wallet: { ...wallet, networkMagic: 860_833_102 } },
      { ...asked, wallet: { ...wallet, publicKey: publicKeyOf(createPrivateKey()) } },
      { ...asked, wallet: { ...wallet, publicKey: 'no key' } },
    ])
      expect(await openExportedKey(other, recipient, exported)).toBeNull();
  });

  it('does not open changed, cut, or made of what is none', async () => {
    const recipient = createExportRecipient();
    const { exported, asked } = await seal(recipient);
    const changed = (text: string) => {
      const bytes = base64.decode(text);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return base64.encode(bytes);
    };
    for (const other of [
      { ...exported, enc: changed(exported.enc) },
      { ...exported, enc: base64.encode(new Uint8Array(32)) },
      { ...exported, enc: 'AAAA' },
      { ...exported, ciphertext: changed(exported.ciphertext) },
      { ...exported, ciphertext: exported.ciphertext.slice(0, 60) },
      { enc: 'no base64', ciphertext: '' },
    ])
      expect(await openExportedKey(asked, recipient, other)).toBeNull();
  });

  it('is asked for by a fresh key, whose hash is the one that approvals name', () => {
    const [one, other] = [createExportRecipient(), createExportRecipient()];
    expect(one.recipientPublicKey).not.toBe(other.recipientPublicKey);
    const bytes = base64.decode(one.recipientPublicKey);
    expect(one.recipientKeySha256).toBe(encodeHex(sha256(bytes)));
  });
});
