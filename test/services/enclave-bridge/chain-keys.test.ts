import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { describe, expect, test } from 'vitest';
import type { ChainKey, CreateChainKeyRequest } from '../../../enclave-bridge/contract.ts';
import { DOMAINS, domainSeparated } from '../../../worker/core/crypto/domains.ts';
import { decodePrivateKey, publicKeyOf } from '../../../worker/core/neo/private-key.ts';
import { type ScriptHash, scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { verifySignature } from '../../../worker/core/neo/signature.ts';
import {
  encodeSigningMessage,
  encodeUnsigned,
  hashTransaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { encodeSignatureScript } from '../../../worker/core/neo/verification-script.ts';
import { encodeAnchorScript } from '../../../worker/core/proofs/anchor.ts';
import { chainKeyContext } from '../../../worker/core/wallets/chain-key.ts';
import { bridge, bytes, owner, stranger, valueOf } from './bridge-under-test.ts';

const NETWORK = 56753;
const wish = {
  walletId: 'nwl_01hf7yat00e9jr000000000000',
  purpose: 'tenant',
  network: NETWORK,
  exportable: true,
} as const;

type Wish = Partial<Pick<CreateChainKeyRequest, 'purpose' | 'exportable'>>;

async function makeKey(changes: Wish = {}) {
  const { wrappedKey } = valueOf(await bridge.createDataKey({ accountId: owner }));
  const account = { accountId: owner, wrappedKey };
  const made = valueOf(await bridge.createChainKey({ ...account, ...wish, ...changes }));
  return { ...account, ...made };
}

const accountOf = ({ facts }: ChainKey): ScriptHash =>
  scriptHashOf(encodeSignatureScript(facts.publicKey));

const paying = (account: ScriptHash): UnsignedTransaction => ({
  nonce: 7,
  systemFee: 9_977_780n,
  networkFee: 1_228_520n,
  validUntilBlock: 100,
  signers: [{ account, scopes: NO_SCOPES }],
  attributes: [],
  script: Uint8Array.of(0x40),
});

describe('the key of a wallet', () => {
  test('signs a transaction of its wallet, the same bytes each time', async () => {
    const key = await makeKey();
    const transaction = paying(accountOf(key));
    const asked = { ...key, transaction: encodeUnsigned(transaction) };
    const { hash, signature } = valueOf(await bridge.signTransaction(asked));
    expect(hash).toBe(hashTransaction(transaction));
    const message = encodeSigningMessage(NETWORK, hash);
    const { publicKey } = key.facts;
    expect(verifySignature({ message, signature, publicKey })).toBe(true);
    expect(valueOf(await bridge.signTransaction(asked)).signature).toEqual(signature);
  });

  test('signs no transaction of somebody else', async () => {
    const [key, other] = [await makeKey(), await makeKey()];
    const transaction = encodeUnsigned(paying(accountOf(other)));
    expect(await bridge.signTransaction({ ...key, transaction })).toMatchObject({
      failure: { code: 'wallets.signing_refused' },
    });
  });

  test('M20: signs no bare hash, no 36 bytes and nothing behind a transaction', async () => {
    const key = await makeKey();
    const whole = encodeUnsigned(paying(accountOf(key)));
    const hash = hashTransaction(paying(accountOf(key)));
    for (const transaction of [
      new Uint8Array(32),
      encodeSigningMessage(NETWORK, hash),
      Uint8Array.from([...whole, 0]),
      whole.slice(0, -1),
      new Uint8Array(),
    ])
      expect(await bridge.signTransaction({ ...key, transaction })).toMatchObject({
        failure: { code: 'wallets.signing_refused' },
      });
  });

  test('M1, M20: does not open for another network, wallet, account or promise', async () => {
    const key = await makeKey({ exportable: false });
    const { facts } = key;
    const transaction = encodeUnsigned(paying(accountOf(key)));
    const elsewhere = await makeKey();
    for (const asked of [
      { ...key, facts: { ...facts, network: 860_833_102 } },
      { ...key, facts: { ...facts, walletId: 'nwl_01hf7yat00e9jr000000000001' } },
      { ...key, facts: { ...facts, exportable: true } },
      { ...key, sealedKey: elsewhere.sealedKey },
      { ...key, wrappedKey: elsewhere.wrappedKey },
      { ...key, accountId: stranger },
    ])
      expect(await bridge.signTransaction({ ...asked, transaction })).toMatchObject({
        failure: { code: 'secrets.undecryptable' },
      });
  });

  test('M20: of the platform signs for its purpose alone, whatever is claimed of it', async () => {
    for (const purpose of ['sponsor', 'operator', 'anchor'] as const) {
      const key = await makeKey({ purpose, exportable: false });
      const transaction = encodeUnsigned(paying(accountOf(key)));
      expect(await bridge.signTransaction({ ...key, transaction })).toMatchObject({
        failure: { code: 'wallets.signing_refused' },
      });
      const claimed = { ...key, facts: { ...key.facts, purpose: 'tenant' as const } };
      expect(await bridge.signTransaction({ ...claimed, transaction })).toMatchObject({
        failure: { code: 'secrets.undecryptable' },
      });
    }
  });

  test('M20: of a sponsor signs as the first of two signers with scope None', async () => {
    const key = await makeKey({ purpose: 'sponsor', exportable: false });
    const user = accountOf(await makeKey());
    const own = paying(accountOf(key));
    const transaction = { ...own, signers: [...own.signers, ...paying(user).signers] };
    const asked = { ...key, transaction: encodeUnsigned(transaction) };
    expect(valueOf(await bridge.signTransaction(asked)).hash).toBe(hashTransaction(transaction));
  });

  test('M12 M20: of an anchor wallet signs a record of its own network alone', async () => {
    const key = await makeKey({ purpose: 'anchor', exportable: false });
    const ask = (magic: number) => {
      const script = encodeAnchorScript({ magic, height: 7, root: '5e'.repeat(32), sum: 12n });
      const transaction = { ...paying(accountOf(key)), systemFee: 300n, script };
      return bridge.signTransaction({ ...key, transaction: encodeUnsigned(transaction) });
    };
    expect(valueOf(await ask(NETWORK)).signature).toHaveLength(64);
    expect(await ask(NETWORK + 1)).toMatchObject({
      failure: { code: 'wallets.signing_refused', detail: 'its record is of another network' },
    });
  });

  test('is another one for each wallet', async () => {
    const keys = [await makeKey(), await makeKey(), await makeKey()];
    expect(new Set(keys.map(({ facts }) => facts.publicKey)).size).toBe(3);
  });
});

describe('the export of a key', () => {
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const recipient = async () => {
    const { privateKey, publicKey } = await suite.kem.generateKeyPair();
    const recipientPublicKey = new Uint8Array(await suite.kem.serializePublicKey(publicKey));
    return { recipientPublicKey, privateKey };
  };
  const infoOf = ({ facts }: ChainKey, accountId: string) =>
    Uint8Array.from(
      domainSeparated(
        DOMAINS.keyExport,
        bytes(JSON.stringify([accountId, ...chainKeyContext(facts)])),
      ),
    );

  test('is sealed to the recipient, bound to account, wallet and network', async () => {
    const key = await makeKey();
    const { recipientPublicKey, privateKey } = await recipient();
    const sealed = valueOf(await bridge.exportChainKey({ ...key, recipientPublicKey }));
    const { enc, ciphertext } = sealed;
    const open = (info: Uint8Array<ArrayBuffer>) =>
      suite.open(
        { recipientKey: privateKey, enc: Uint8Array.from(enc), info },
        Uint8Array.from(ciphertext),
      );
    const exported = decodePrivateKey(new Uint8Array(await open(infoOf(key, owner))));
    expect(exported && publicKeyOf(exported)).toBe(key.facts.publicKey);
    await expect(open(infoOf(key, stranger))).rejects.toThrow();
  });

  test('is refused for a key that was made to stay, whatever is claimed of it', async () => {
    const key = await makeKey({ exportable: false });
    const { recipientPublicKey } = await recipient();
    const claimed = { ...key, facts: { ...key.facts, exportable: true } };
    expect(await bridge.exportChainKey({ ...key, recipientPublicKey })).toMatchObject({
      failure: { code: 'wallets.not_exportable' },
    });
    expect(await bridge.exportChainKey({ ...claimed, recipientPublicKey })).toMatchObject({
      failure: { code: 'secrets.undecryptable' },
    });
  });

  test('is refused to what is no key', async () => {
    const key = await makeKey();
    const recipientPublicKey = new Uint8Array(31);
    expect(await bridge.exportChainKey({ ...key, recipientPublicKey })).toMatchObject({
      failure: { code: 'request.malformed' },
    });
  });
});
