/**
 * `POST /accounts/{accountId}/workspace-wallets/{walletId}/verify`: only the owner of the key, only
 * for this account.
 */
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../worker/core/access.ts';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { call, keyOf, openTenant, type Tenant } from '../../support/harness.ts';
import { createEvmWallet, createNeoWallet, twinOf } from '../../support/neo-wallet.ts';
import { addVerified, askToSignIn, openSignedIn } from '../../support/signed-in.ts';
import { stopClock } from '../../support/time.ts';

const ENDED = { status: 409, body: { code: 'challenges.ended' } };
const REFUSED = { status: 403, body: { code: 'challenges.answer_refused' } };

async function add(tenant: Tenant, address: string, kind: 'neo' | 'evm' = 'neo') {
  const added = await tenant.call('POST /workspace-wallets', { body: { kind, address } });
  const path = `/workspace-wallets/${added.body.id}`;
  return {
    ask: async () => (await tenant.call(`POST ${path}/challenges`, { body: {} })).body,
    verify: (body: unknown, options: object = {}) =>
      tenant.call(`POST ${path}/verify`, { body, ...options }),
    status: async () => (await tenant.call(`GET ${path}`)).body.status,
  };
}

describe('200', () => {
  it('verifies a Neo wallet and records how it signed', async () => {
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    const { ask, verify, status } = await add(tenant, wallet.address);
    const verified = await verify(wallet.answer(await ask(), 'neoline-v2'));
    expect(verified).toMatchObject({ status: 200, body: { status: 'verified' } });
    expect(await status()).toBe('verified');
    const log = await tenant.call('GET /audit?operation=workspaceWallets.verifyWallet');
    expect(log.body.items).toMatchObject([{ details: { layout: 'neoline-v2' } }]);
  });

  it('verifies an EVM wallet, which then counts in a policy and cannot sign in', async () => {
    const tenant = await openTenant();
    const wallet = createEvmWallet();
    const walletId = await addVerified(tenant, wallet, 'evm');
    const set = await tenant.call('PUT /wallet-policy', {
      body: { threshold: 1, members: [walletId] },
    });
    expect(set.status).toBe(200);
    expect((await askToSignIn(wallet)).status).toBe(400);
  });

  it('is given by a session as by a key that has every scope and no end', async () => {
    const { tenant, accessToken } = await openSignedIn();
    const wallet = createNeoWallet();
    const { ask, verify } = await add(tenant, wallet.address);
    const verified = await verify(wallet.answer(await ask()), { token: accessToken });
    expect(verified.status).toBe(200);
  });
});

describe('403', () => {
  it('refuses the signature of another EVM wallet, and one over another text', async () => {
    const tenant = await openTenant();
    const [wallet, thief] = [createEvmWallet(), createEvmWallet()];
    const { ask, verify, status } = await add(tenant, wallet.address, 'evm');
    const asked = await ask();
    expect(await verify(thief.answer(asked))).toMatchObject(REFUSED);
    const forged = wallet.answer({ ...asked, text: `${asked.text} ` });
    expect(await verify(forged)).toMatchObject(REFUSED);
    expect(await status()).toBe('unverified');
  });

  it('refuses a signature over the text of another account, wallet or purpose', async () => {
    const [tenant, other] = [await openTenant(), await openTenant('other')];
    const wallet = createNeoWallet();
    const own = await add(tenant, wallet.address);
    const elsewhere = await add(other, wallet.address);
    const asked = await own.ask();
    for (const { text } of [await elsewhere.ask(), (await askToSignIn(wallet)).body])
      expect(await own.verify(wallet.answer({ ...asked, text }))).toMatchObject(REFUSED);
    expect(await own.status()).toBe('unverified');
  });

  it('lets no key give what it does not have: every scope, and for ever', async () => {
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    const { ask, verify, status } = await add(tenant, wallet.address);
    const narrow = await keyOf(tenant.accountId, { scopes: ['wallets:write'] });
    const short = await call(`POST /accounts/${tenant.accountId}/keys`, {
      body: { name: 'short', scopes: SCOPES, expiresInSeconds: 3600 },
    });
    for (const token of [narrow, short.body.key])
      expect(await verify(wallet.answer(await ask()), { token })).toMatchObject({
        status: 403,
        body: { code: 'wallets.verifier_too_narrow' },
      });
    expect(await status()).toBe('unverified');
  });

  it('lets no key do so that was revoked while an isolate remembers it, or is about to end', async () => {
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    const { ask, verify } = await add(tenant, wallet.address);
    for (const request of ['DELETE', 'rotate']) {
      const token = await keyOf(tenant.accountId);
      expect((await tenant.call('GET /keys', { token })).status).toBe(200);
      const keyId = `key_${token.split('_')[2]}`;
      if (request === 'DELETE') await tenant.call(`DELETE /keys/${keyId}`);
      else await tenant.call(`POST /keys/${keyId}/rotate`, { body: { overlapSeconds: 3600 } });
      const refused = await verify(wallet.answer(await ask()), { token });
      expect(refused.body.code, request).toBe('wallets.verifier_too_narrow');
    }
  });
});

describe('409', () => {
  it('takes each challenge once, its twin included, and none that has ended', async () => {
    const { pass } = stopClock();
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    const { ask, verify } = await add(tenant, wallet.address);
    const answer = wallet.answer(await ask());
    expect((await verify(answer)).status).toBe(200);
    const twin = { ...answer, signature: twinOf(String(answer.signature)) };
    for (const again of [answer, twin]) expect(await verify(again)).toMatchObject(ENDED);
    const late = wallet.answer(await ask());
    pass(LIMITS.challengeMinutes.value * 60_000);
    expect(await verify(late)).toMatchObject(ENDED);
  });

  it('takes no challenge of another purpose, account or wallet, even rightly signed', async () => {
    const [tenant, other] = [await openTenant(), await openTenant('other')];
    const wallet = createNeoWallet();
    const own = await add(tenant, wallet.address);
    const elsewhere = await add(other, wallet.address);
    for (const asked of [await elsewhere.ask(), (await askToSignIn(wallet)).body])
      expect(await own.verify(wallet.answer(asked))).toMatchObject(ENDED);
  });
});

describe('412', () => {
  it('verifies a wallet once when two answers of its own arrive together', async () => {
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    const { ask, verify } = await add(tenant, wallet.address);
    const [one, other] = [wallet.answer(await ask()), wallet.answer(await ask())];
    const statuses = (await Promise.all([verify(one), verify(other)])).map(({ status }) => status);
    expect(statuses).toContain(200);
    for (const status of statuses) expect([200, 412]).toContain(status);
  });
});

describe('422', () => {
  it('says that a wallet of several keys, or a contract, cannot be verified by a signature', async () => {
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    // The contract of GAS: an account without a key.
    const { ask, verify } = await add(tenant, '0xd2a4cff31913016155e38e474a2c06d08be276cf');
    const answer = wallet.answer(await ask());
    const { publicKey: _, ...keyless } = answer;
    for (const body of [answer, keyless])
      expect(await verify(body)).toMatchObject({
        status: 422,
        body: { code: 'wallets.not_single_key' },
      });
  });
});
