/**
 * `POST /sign-in/sessions`: who holds the key of a verified wallet gets one session for one
 * challenge, and nobody else gets anything.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../worker/core/access.ts';
import { MESSAGE_LAYOUTS } from '../../../worker/core/neo/message/message-layout.ts';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { readCatalogue } from '../../contract/stored-text.ts';
import { bridgeWith, callAltered } from '../../support/altered-platform.ts';
import { call, openTenant } from '../../support/harness.ts';
import { createNeoWallet, NETWORK, twinOf } from '../../support/neo-wallet.ts';
import { createSigningPair } from '../../support/request-signer.ts';
import {
  addVerified,
  answerWith,
  askToSignIn,
  openSignedIn,
  signedIn,
  signIn,
} from '../../support/signed-in.ts';
import { stopClock } from '../../support/time.ts';

async function openWithWallet(name?: string) {
  const tenant = await openTenant(name);
  const wallet = createNeoWallet();
  const walletId = await addVerified(tenant, wallet);
  return { tenant, wallet, walletId };
}

const countSessions = async (): Promise<number | null> =>
  env.DB.prepare('SELECT count(*) AS rows FROM sessions').first<number>('rows');

const ENDED = { status: 409, body: { code: 'challenges.ended' } };
const REFUSED = { status: 403, body: { code: 'challenges.answer_refused' } };

describe('201', () => {
  it('opens a session that may do in its account what an admin may, and nothing elsewhere', async () => {
    const { tenant, wallet, sessionId, accessToken, walletId } = await openSignedIn();
    const status = await call('GET /system/status', { token: accessToken });
    expect(status.body.caller).toEqual({
      kind: 'session',
      id: sessionId,
      accountId: tenant.accountId,
      scopes: [...SCOPES],
      signingPublicKey: null,
    });
    const made = await tenant.call('POST /keys', {
      token: accessToken,
      body: { name: 'made by a session', role: 'admin' },
    });
    expect(made.body).toMatchObject({ createdBy: sessionId, expiresAt: null });
    const stranger = await openTenant('stranger');
    for (const request of ['GET /keys', 'GET ', 'POST /keys'])
      expect((await stranger.call(request, { token: accessToken })).status, request).toBe(404);
    expect((await call('GET /accounts', { token: accessToken })).status).toBe(403);
    const { items } = (await tenant.call('GET /audit?operation=signIn.createSession')).body;
    expect(items).toMatchObject([
      {
        actor: { kind: 'session', id: sessionId },
        target: { kind: 'session', id: sessionId },
        details: { address: wallet.address, form: 'text', layout: 'classic-salted' },
      },
    ]);
    const { items: sessions } = (await tenant.call('GET /sessions')).body;
    expect(sessions).toMatchObject([{ id: sessionId, walletId, layout: 'classic-salted' }]);
  });

  it.each(MESSAGE_LAYOUTS)(
    'takes the text as wallets sign it, and records how: %s',
    async (layout) => {
      const { wallet } = await openWithWallet();
      const asked = await askToSignIn(wallet);
      const { status, body } = await answerWith(wallet.answer(asked.body, layout));
      expect({ status, layout: body.session?.layout }).toEqual({ status: 201, layout });
    },
  );

  it('keeps the key that the session signs its requests with, and shows it', async () => {
    const { tenant, wallet } = await openWithWallet();
    const { publicKey } = createSigningPair();
    const { body } = await signIn(wallet, { signingPublicKey: publicKey });
    expect(body.session.signingPublicKey).toBe(publicKey);
    const { items } = (await tenant.call('GET /sessions')).body;
    expect(items).toMatchObject([{ signingPublicKey: publicKey }]);
    const audit = (await tenant.call('GET /audit?operation=signIn.createSession')).body;
    expect(audit.items).toMatchObject([{ details: { signingPublicKey: publicKey } }]);
    const status = await call('GET /system/status', { token: body.accessToken });
    expect(status.body.caller.signingPublicKey).toBe(publicKey);
  });

  it('takes a signature of high s, and its twin never again', async () => {
    const { wallet } = await openWithWallet();
    const answer = wallet.answer((await askToSignIn(wallet)).body);
    const twin = { ...answer, signature: twinOf(String(answer.signature)) };
    const answers = [await answerWith(twin), await answerWith(answer), await answerWith(twin)];
    expect(answers.map(({ status }) => status)).toEqual([201, 409, 409]);
    expect(await countSessions()).toBe(1);
  });

  it('opens one session however many send the same answer at the same time', async () => {
    const { wallet } = await openWithWallet();
    const answer = wallet.answer((await askToSignIn(wallet)).body);
    const answers = await Promise.all(Array.from({ length: 8 }, () => answerWith(answer)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const refused of answers.filter(({ status }) => status !== 201))
      expect(refused).toMatchObject(ENDED);
    expect(await countSessions()).toBe(1);
  });

  it('takes the forms of NEP-20 that the account has asked for, and no others', async () => {
    const { tenant, wallet } = await openWithWallet();
    const answerIn = async (form: 'nep-20' | 'nep-20-draft-2021' | 'nep-20-neoline') =>
      answerWith(wallet.answer((await askToSignIn(wallet, { form })).body, form));
    expect(await answerIn('nep-20')).toMatchObject({
      status: 403,
      body: { code: 'sign_in.form_refused' },
    });
    const forms = ['text', 'nep-20'];
    await tenant.call('PUT /sign-in-settings', { body: { forms } });
    expect((await answerIn('nep-20')).body.session).toMatchObject({
      form: 'nep-20',
      layout: 'nep-20',
    });
    for (const form of ['nep-20-draft-2021', 'nep-20-neoline'] as const)
      expect((await answerIn(form)).body.code).toBe('sign_in.form_refused');
    await tenant.call('PUT /sign-in-settings', { body: { forms: [...forms, 'nep-20-neoline'] } });
    expect((await answerIn('nep-20-neoline')).status).toBe(201);
  });

  it('ends the session opened longest ago when an account has too many', async () => {
    const { wallet, refreshToken, tenant } = await openSignedIn();
    const most = LIMITS.sessionsPerAccountMax.value;
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO sessions SELECT 'ses_z' || i, account_id, wallet_id, address, network, form,
         layout, '', '', signed_in_at, refreshed_at, expires_at, NULL, NULL, NULL FROM sessions, n`,
    )
      .bind(most - 1)
      .run();
    await signedIn(wallet);
    const { items } = (await tenant.call('GET /sessions?status=ended')).body;
    expect(items).toMatchObject([{ endReason: 'displaced' }]);
    const body = { refreshToken };
    expect((await call('POST /sign-in/refresh', { token: null, body })).status).toBe(403);
  });

  it('keeps neither token anywhere', async () => {
    const { accessToken, refreshToken } = await openSignedIn();
    const stored = await readCatalogue();
    const [, family = '', secret = ''] = refreshToken.split('.');
    for (const part of [accessToken, refreshToken, family, secret])
      expect(stored.includes(part)).toBe(false);
  });
});

describe('201 for a wallet that nobody knows', () => {
  const opening = { SIGN_IN_OPENS_ACCOUNTS: 'true' };
  const sign = async (wallet: ReturnType<typeof createNeoWallet>, settings = {}) => {
    const asked = await askToSignIn(wallet);
    return callAltered({ ...opening, ...settings }, 'POST /sign-in/sessions', {
      token: null,
      body: wallet.answer(asked.body),
    });
  };

  it('opens an account of its own, with the wallet verified in it', async () => {
    const wallet = createNeoWallet();
    const { status, body } = await sign(wallet);
    expect(status).toBe(201);
    const path = `/accounts/${body.session.accountId}`;
    const account = await call(`GET ${path}`, { token: body.accessToken });
    expect(account.body).toMatchObject({ name: wallet.address, status: 'active' });
    const wallets = await call(`GET ${path}/workspace-wallets`, { token: body.accessToken });
    expect(wallets.body.items).toMatchObject([
      { id: body.session.walletId, address: wallet.address, status: 'verified' },
    ]);
  });

  it('opens one account when it signs in twice at the same time', async () => {
    const wallet = createNeoWallet();
    const answers = await Promise.all([sign(wallet), sign(wallet), sign(wallet)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const accounts = new Set(answers.map(({ body }) => body.session.accountId));
    expect(accounts.size).toBe(1);
  });

  it('is not taken in by an account that only says the wallet is its own', async () => {
    const [tenant, wallet] = [await openTenant('squatter'), createNeoWallet()];
    await tenant.call('POST /workspace-wallets', {
      body: { kind: 'neo', address: wallet.address },
    });
    const { body } = await sign(wallet);
    expect(body.session.accountId).not.toBe(tenant.accountId);
  });

  it('opens a bounded number of accounts an hour for one address', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < LIMITS.accountOpeningsPerHour.value + 2; index += 1)
      statuses.push((await sign(createNeoWallet())).status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(
      LIMITS.accountOpeningsPerHour.value,
    );
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('400', () => {
  it('takes no key for signatures that anybody could sign for, and uses up no challenge', async () => {
    const { wallet } = await openWithWallet();
    const answer = wallet.answer((await askToSignIn(wallet)).body);
    const refused = await answerWith({ ...answer, signingPublicKey: 'A'.repeat(43) });
    expect(refused).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/signingPublicKey' }] },
    });
    expect((await answerWith(answer)).status).toBe(201);
  });
});

describe('403', () => {
  it.each([
    ['another text', (text: string) => text.replace('Sign in to', 'Sign in  to')],
    ['another site', (text: string) => text.replaceAll('console.test', 'console.evil')],
    ['another network', (text: string) => text.replace(NETWORK.id, 'neo3:mainnet')],
    ['another nonce', (text: string) => text.replace(/Nonce: \d/, 'Nonce: 9')],
    ['a later end', (text: string) => text.replace(/(Expiration Time: )2/, '$13')],
  ])('refuses a signature over %s', async (_, forge) => {
    const { wallet } = await openWithWallet();
    const asked = (await askToSignIn(wallet)).body;
    expect(forge(asked.text)).not.toBe(asked.text);
    const forged = wallet.answer({ ...asked, text: forge(asked.text) });
    expect(await answerWith(forged)).toMatchObject(REFUSED);
    expect(await countSessions()).toBe(0);
  });

  it('refuses whoever is not the wallet, with its public key or the own one', async () => {
    const { wallet } = await openWithWallet();
    const thief = createNeoWallet();
    const asked = (await askToSignIn(wallet)).body;
    const own = thief.answer(asked);
    for (const answer of [own, { ...own, publicKey: wallet.publicKey }])
      expect(await answerWith(answer)).toMatchObject(REFUSED);
  });

  it('refuses bytes that are no signature and a key that is no point', async () => {
    const { wallet } = await openWithWallet();
    const answer = wallet.answer((await askToSignIn(wallet)).body);
    for (const wrong of [
      { signature: '00'.repeat(64) },
      { signature: 'ff'.repeat(64) },
      { signature: 'A'.repeat(88) },
      { publicKey: `02${'ff'.repeat(32)}` },
      { salt: 'f'.repeat(32) },
    ])
      expect(await answerWith({ ...answer, ...wrong })).toMatchObject(REFUSED);
    expect((await answerWith(answer)).status, 'a refused answer leaves it open').toBe(201);
  });

  it('refuses NEP-20 with the time of another day, or without one', async () => {
    const { tenant, wallet } = await openWithWallet();
    await tenant.call('PUT /sign-in-settings', { body: { forms: ['text', 'nep-20'] } });
    const asked = (await askToSignIn(wallet, { form: 'nep-20' })).body;
    const late = { ...asked, nep20: { ...asked.nep20, timestamp: asked.nep20.timestamp + 900 } };
    expect(await answerWith(wallet.answer(late, 'nep-20'))).toMatchObject(REFUSED);
    const { timestamp: _, ...untimed } = wallet.answer(asked, 'nep-20');
    expect(await answerWith(untimed)).toMatchObject(REFUSED);
  });

  it('opens nothing for a wallet that nobody has verified, where operators alone open accounts', async () => {
    const tenant = await openTenant();
    const wallet = createNeoWallet();
    await tenant.call('POST /workspace-wallets', {
      body: { kind: 'neo', address: wallet.address },
    });
    expect(await signIn(wallet)).toMatchObject({
      status: 403,
      body: { code: 'sign_in.wallet_unknown' },
    });
  });

  it('tells a stranger nothing about an address: what it asks reads the same for any', async () => {
    const { wallet } = await openWithWallet();
    const stranger = createNeoWallet();
    const answers = [];
    for (const { address } of [wallet, createNeoWallet()]) {
      const asked = (await askToSignIn({ address })).body;
      const { status, body } = await answerWith(stranger.answer(asked));
      answers.push({ status, body: { ...body, requestId: '' } });
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it('does not say whether an account exists that does not know the wallet', async () => {
    const { wallet } = await openWithWallet();
    const other = await openTenant('other');
    const answers = [];
    for (const accountId of [other.accountId, 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs']) {
      const { status, body } = await signIn(wallet, { accountId });
      answers.push({ status, body: { ...body, requestId: '' } });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 403, body: { code: 'sign_in.wallet_unknown' } });
  });

  it('opens no session of a suspended account', async () => {
    const { tenant, wallet } = await openWithWallet();
    await call(`POST /accounts/${tenant.accountId}/suspend`, { body: { reason: 'unpaid' } });
    expect(await signIn(wallet)).toMatchObject({
      status: 403,
      body: { code: 'account.suspended' },
    });
    await call(`DELETE /accounts/${tenant.accountId}`);
    expect((await signIn(wallet)).body.code).toBe('sign_in.wallet_unknown');
  });
});

describe('409', () => {
  it('asks for the account when the wallet belongs to several, and takes the same answer again', async () => {
    const { tenant, wallet } = await openWithWallet();
    const other = await openTenant('other');
    await addVerified(other, wallet);
    const answer = wallet.answer((await askToSignIn(wallet)).body);
    const refused = await answerWith(answer);
    expect(refused).toMatchObject({ status: 409, body: { code: 'sign_in.account_required' } });
    for (const { accountId } of [tenant, other])
      expect(refused.body.fields[0].detail).toContain(accountId);
    const entered = await answerWith({ ...answer, accountId: other.accountId });
    expect(entered.body.session.accountId).toBe(other.accountId);
  });

  it('refuses a challenge that was used, has ended, or never was', async () => {
    const { pass } = stopClock();
    const { wallet } = await openWithWallet();
    const used = wallet.answer((await askToSignIn(wallet)).body);
    expect((await answerWith(used)).status).toBe(201);
    const late = wallet.answer((await askToSignIn(wallet)).body);
    pass(LIMITS.challengeMinutes.value * 60_000);
    const never = { ...late, challengeId: 'sic_01k4j8x1e0e4r9v2m3n5p6q7rs' };
    for (const answer of [used, late, never]) expect(await answerWith(answer)).toMatchObject(ENDED);
  });

  it('refuses a challenge that was given to verify a wallet, even signed by it', async () => {
    const { tenant, wallet, walletId } = await openWithWallet();
    const asked = await tenant.call(`POST /workspace-wallets/${walletId}/challenges`, { body: {} });
    expect(await answerWith(wallet.answer(asked.body))).toMatchObject(ENDED);
  });
});

describe('503', () => {
  it('uses up no challenge while the bridge has no key', async () => {
    const { wallet } = await openWithWallet();
    const body = wallet.answer((await askToSignIn(wallet)).body);
    const refused = await callAltered(
      { BRIDGE: bridgeWith({ SIGNING_KEY: undefined }) },
      'POST /sign-in/sessions',
      { token: null, body },
    );
    expect(refused).toMatchObject({ status: 503, body: { code: 'signing.unconfigured' } });
    expect((await answerWith(body)).status).toBe(201);
  });
});
