/**
 * `POST /accounts/{accountId}/wallets/{walletId}/export`: a key leaves the bridge for one recipient,
 * asked for by a wallet that has just signed in, and approved for that very recipient.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { createExportRecipient, openExportedKey } from '../../../sdk/keys/index.ts';
import { DOMAINS, domainSeparated } from '../../../worker/core/crypto/domains.ts';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import { decodePrivateKey, publicKeyOf } from '../../../worker/core/neo/private-key.ts';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { type Called, call, type Tenant } from '../../support/harness.ts';
import { openSignedIn, type Signed, signedIn } from '../../support/signed-in.ts';
import { callWithBridge, dumpCatalogue, rows, run } from '../secrets/vault-under-test.ts';
import { type Governed, openGoverned } from '../workspace-wallets/policy-under-test.ts';
import { ABSENT, makeWallet, pathOf } from './wallets-under-test.ts';

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

async function makeRecipient() {
  const { privateKey, publicKey } = await suite.kem.generateKeyPair();
  const bytes = new Uint8Array(await suite.kem.serializePublicKey(publicKey));
  return {
    privateKey,
    body: { recipientPublicKey: base64.encode(bytes) },
    sha256: encodeHex(sha256(bytes)),
  };
}
type Recipient = Awaited<ReturnType<typeof makeRecipient>>;

const exportTo = (signed: Pick<Signed, 'tenant' | 'accessToken'>, made: Called, body: unknown) =>
  signed.tenant.call(`POST ${pathOf(made)}/export`, { token: signed.accessToken, body });

/** The private key, with the info that docs/specification.md tells recipients to make. */
async function open(tenant: Tenant, made: Called, { privateKey }: Recipient, answer: Called) {
  const { id, networkMagic, publicKey } = made.body;
  const place = [tenant.accountId, 'chain-key', id, 'tenant', String(networkMagic), 'exportable'];
  const info = domainSeparated(
    DOMAINS.keyExport,
    new TextEncoder().encode(JSON.stringify([...place, publicKey])),
  );
  const opened = await suite.open(
    {
      recipientKey: privateKey,
      enc: Uint8Array.from(base64.decode(answer.body.enc)),
      info: Uint8Array.from(info),
    },
    Uint8Array.from(base64.decode(answer.body.ciphertext)),
  );
  return decodePrivateKey(new Uint8Array(opened));
}

async function openExportable() {
  const signed = await openSignedIn();
  const made = await makeWallet(signed.tenant, { exportable: true });
  return { signed, made, recipient: await makeRecipient() };
}

/** Of a governed account, one of whose members is signed in. */
async function openGovernedExport(threshold: number, count: number) {
  const governed = await openGoverned(threshold, count);
  const [wallet] = governed.wallets;
  if (!wallet) throw new Error('no member');
  const { accessToken } = await signedIn(wallet);
  const made = await makeWallet(governed.tenant, { exportable: true });
  return { governed, signed: { tenant: governed.tenant, accessToken }, made };
}

const approve = (governed: Governed, made: Called, recipient: Recipient, members: number) =>
  Promise.all(
    Array.from({ length: members }, (_, member) =>
      governed.approve(member, {
        operation: 'wallets.exportKey',
        chainWalletId: made.body.id,
        recipientKeySha256: recipient.sha256,
      }),
    ),
  );

describe('200', () => {
  it('opens for its recipient to the key of the wallet, and for nobody else', async () => {
    const { signed, made, recipient } = await openExportable();
    const answer = await exportTo(signed, made, recipient.body);
    expect([answer.status, answer.body.recipientKeySha256]).toEqual([200, recipient.sha256]);
    const key = await open(signed.tenant, made, recipient, answer);
    expect(key && publicKeyOf(key)).toBe(made.body.publicKey);
    await expect(open(signed.tenant, made, await makeRecipient(), answer)).rejects.toThrow();
    const other = await makeWallet(signed.tenant, { exportable: true });
    await expect(open(signed.tenant, other, recipient, answer)).rejects.toThrow();
  });

  it('opens with what the SDK has for it', async () => {
    const { signed, made } = await openExportable();
    const recipient = createExportRecipient();
    const { recipientPublicKey, recipientKeySha256 } = recipient;
    const { body } = await exportTo(signed, made, { recipientPublicKey });
    expect(body.recipientKeySha256).toBe(recipientKeySha256);
    const asked = { accountId: signed.tenant.accountId, wallet: made.body };
    const key = await openExportedKey(asked, recipient, body);
    expect(key && publicKeyOf(key)).toBe(made.body.publicKey);
  });

  it('is told in the audit log by the hash of the recipient, and shown at the wallet', async () => {
    const { signed, made, recipient } = await openExportable();
    await exportTo(signed, made, recipient.body);
    const log = await signed.tenant.call('GET /audit?operation=wallets.exportKey');
    expect(log.body.items).toMatchObject([
      {
        actor: { kind: 'session' },
        target: { id: made.body.id },
        details: { address: made.body.address, recipientKeySha256: recipient.sha256 },
      },
    ]);
    const { body } = await signed.tenant.call(`GET ${pathOf(made)}`);
    expect(body.exportedAt).toBe(body.updatedAt);
  });

  it('leaves the key in no row of the catalogue and in no answer', async () => {
    const { signed, made, recipient } = await openExportable();
    const answer = await exportTo(signed, made, recipient.body);
    const key = await open(signed.tenant, made, recipient, answer);
    if (!key) throw new Error('no key');
    const texts = [await dumpCatalogue(), answer.text];
    const forms = [encodeHex(key), base64.encode(key), String.fromCharCode(...key)];
    for (const text of texts) for (const form of forms) expect(text).not.toContain(form);
  });

  it('is possible of a retired wallet, whose money is moved that way', async () => {
    const { signed, made, recipient } = await openExportable();
    await signed.tenant.call(`POST ${pathOf(made)}/retire`);
    expect((await exportTo(signed, made, recipient.body)).status).toBe(200);
  });

  it('M16: needs as many approvals as the wallet policy says, for this wallet and recipient', async () => {
    const { governed, signed, made } = await openGovernedExport(2, 3);
    const recipient = await makeRecipient();
    await approve(governed, made, recipient, 2);
    const answer = await exportTo(signed, made, recipient.body);
    expect(answer.status, answer.text).toBe(200);
    const again = await exportTo(signed, made, recipient.body);
    expect(again.body.code).toBe('wallets.approvals_required');
  });
});

describe('400', () => {
  it.each([
    ['no base64', 'not base64'],
    ['31 bytes', base64.encode(new Uint8Array(31).fill(7))],
    ['a P-256 key', base64.encode(new Uint8Array(33).fill(2))],
    ['a point that gives everybody the same secret', base64.encode(new Uint8Array(32))],
  ])('refuses %s for a recipient, and tells of no export', async (_, recipientPublicKey) => {
    const { signed, made } = await openExportable();
    const refused = await exportTo(signed, made, { recipientPublicKey });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(await rows('SELECT exported_at FROM chain_wallets')).toEqual([{ exported_at: null }]);
  });
});

describe('403', () => {
  it('is not for API keys or operators, whatever they may do otherwise', async () => {
    const { signed, made, recipient } = await openExportable();
    const path = `POST ${pathOf(made)}/export`;
    const { body } = recipient;
    for (const refused of [
      await signed.tenant.call(path, { body }),
      await call(`POST /accounts/${signed.tenant.accountId}${pathOf(made)}/export`, { body }),
    ])
      expect(refused).toMatchObject({ status: 403, body: { code: 'wallets.sign_in_required' } });
  });

  it('is not for a session whose wallet signed in longer ago, however fresh its token is', async () => {
    const { signed, made, recipient } = await openExportable();
    await run('UPDATE sessions SET signed_in_at = signed_in_at - 600000');
    forgetCredentials();
    const refused = await exportTo(signed, made, recipient.body);
    expect(refused.body.code).toBe('wallets.sign_in_required');
  });

  it('is not for a session that has ended, while an isolate still remembers it', async () => {
    const { signed, made, recipient } = await openExportable();
    expect((await exportTo(signed, made, { recipientPublicKey: 'x' })).status).toBe(400);
    await run('UPDATE sessions SET ended_at = ?', Date.now());
    const refused = await exportTo(signed, made, recipient.body);
    expect(refused.body.code).toBe('wallets.sign_in_required');
    expect(refused.text).not.toContain('ciphertext');
  });

  it('M16: is not approved by approvals for another recipient or another wallet', async () => {
    const { governed, signed, made } = await openGovernedExport(1, 2);
    const [recipient, thief] = [await makeRecipient(), await makeRecipient()];
    await approve(governed, made, recipient, 1);
    const other = await makeWallet(governed.tenant, { exportable: true });
    for (const refused of [
      await exportTo(signed, made, thief.body),
      await exportTo(signed, other, recipient.body),
    ])
      expect(refused.body).toMatchObject({
        code: 'wallets.approvals_required',
        limit: 1,
        observed: 0,
      });
  });
});

describe('404', () => {
  it('answers it for a wallet that is not there', async () => {
    const { signed, recipient } = await openExportable();
    const path = `POST /wallets/${ABSENT}/export`;
    const { body } = recipient;
    const absent = await signed.tenant.call(path, { token: signed.accessToken, body });
    expect(absent.status).toBe(404);
  });
});

describe('409', () => {
  it('is refused for a key that was made to stay', async () => {
    const { signed, recipient } = await openExportable();
    const kept = await makeWallet(signed.tenant);
    const refused = await exportTo(signed, kept, recipient.body);
    expect(refused.body.code).toBe('wallets.not_exportable');
  });
});

describe('412', () => {
  it('is not done to another revision than was read', async () => {
    const { signed, made, recipient } = await openExportable();
    const refused = await signed.tenant.call(`POST ${pathOf(made)}/export`, {
      token: signed.accessToken,
      body: recipient.body,
      headers: { 'if-match': '"r2"' },
    });
    expect(refused.status).toBe(412);
  });
});

describe('500', () => {
  // The attack: who can write the catalogue says of a key that it may leave.
  it('does not open a key of which more is claimed than was sealed with it', async () => {
    const { signed, recipient } = await openExportable();
    const kept = await makeWallet(signed.tenant);
    await run('UPDATE chain_wallets SET exportable = 1');
    const refused = await exportTo(signed, kept, recipient.body);
    expect(refused.body.code).toBe('secrets.undecryptable');
  });
});

describe('503', () => {
  it('exports nothing when the bridge has no master key', async () => {
    const { signed, made, recipient } = await openExportable();
    const path = `/accounts/${signed.tenant.accountId}${pathOf(made)}/export`;
    // So that the isolate knows the session, whose key the bridge has not either.
    await signed.tenant.call(`GET ${pathOf(made)}`, { token: signed.accessToken });
    const refused = await callWithBridge({}, `POST ${path}`, {
      token: signed.accessToken,
      body: recipient.body,
    });
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'secrets.encryption_unconfigured' },
    });
  });
});
