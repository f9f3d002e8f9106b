/** `POST /sign-in/challenges`: for any address, any time, bound to site and network. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { parseSignIn } from '../../../worker/core/neo/message/sign-in-text.ts';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { sweep } from '../../../worker/sweep.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { createNeoWallet, NETWORK } from '../../support/neo-wallet.ts';
import { addVerified, askToSignIn } from '../../support/signed-in.ts';
import { stopClock } from '../../support/time.ts';

const wallet = createNeoWallet();
const rowsOf = async (): Promise<number> =>
  (await env.DB.prepare('SELECT count(*) AS rows FROM wallet_challenges').first<number>('rows')) ??
  0;

describe('201', () => {
  it('gives a text that says for which site, wallet, network and time it is', async () => {
    const { pass } = stopClock(1_800_000_000_123);
    pass(0);
    const { body } = await askToSignIn(wallet);
    expect(parseSignIn(body.text)).toEqual({
      domain: 'console.test',
      account: wallet.scriptHash,
      statement: 'Sign in to the Neo Service Layer. This is no transaction and costs nothing.',
      uri: 'https://console.test',
      network: NETWORK.id,
      nonce: expect.stringMatching(/^\d{16}$/),
      issuedAtSeconds: 1_800_000_000,
      expiresAtSeconds: 1_800_000_300,
    });
    expect(body).toMatchObject({ form: 'text', nep20: null, address: wallet.address });
  });

  it('gives every caller another nonce', async () => {
    const texts = await Promise.all(
      Array.from({ length: 20 }, async () => (await askToSignIn(wallet)).body.text),
    );
    expect(new Set(texts).size).toBe(20);
  });

  it('gives the challenge of NEP-20 where it is asked for', async () => {
    const { body } = await askToSignIn(wallet, { form: 'nep-20' });
    expect(body).toMatchObject({
      text: null,
      nep20: {
        action: 'Authentication',
        grant_type: 'Signature',
        allowed_algorithms: ['ECDSA-P256'],
        domain: 'console.test',
        networks: [NETWORK.magic],
      },
    });
    expect(Number.isSafeInteger(Number(body.nep20.nonce))).toBe(true);
  });

  it('answers for a wallet that is known as for one that is not', async () => {
    const known = createNeoWallet();
    await addVerified(await openTenant(), known);
    const [one, other] = [await askToSignIn(known), await askToSignIn(createNeoWallet())];
    expect(Object.keys(one.body)).toEqual(Object.keys(other.body));
    expect(one.text.length).toBe(other.text.length);
  });

  it('leaves nothing behind once it has ended and the sweep has come by', async () => {
    const { pass } = stopClock();
    await askToSignIn(wallet);
    pass(LIMITS.challengeMinutes.value * 60_000);
    await sweep(env, Date.now());
    expect(await rowsOf()).toBe(0);
  });
});

describe('400', () => {
  it.each([
    ['a site that is not ours', { origin: 'https://console.test.evil.example' }, '/origin'],
    ['our site without encryption', { origin: 'http://console.test' }, '/origin'],
    ['a network that is not served', { network: 'neo3:mainnet' }, '/network'],
    [
      'an address with a wrong checksum',
      { address: `${wallet.address.slice(0, -1)}1` },
      '/address',
    ],
    ['a script hash', { address: wallet.scriptHash }, '/address'],
    ['a form nobody knows', { form: 'nep20' }, '/form'],
  ])('refuses %s', async (_, options, pointer) => {
    expect(await askToSignIn(wallet, options)).toMatchObject({
      status: 400,
      body: { code: 'request.malformed', fields: [{ pointer }] },
    });
    expect(await rowsOf()).toBe(0);
  });
});

describe('503', () => {
  const body = { address: wallet.address, network: NETWORK.id };

  it.each([
    ['no site is configured', { SIGN_IN_ORIGINS: '' }],
    ['no network is configured', { NEO_NETWORKS: '[]' }],
  ])('says so when %s', async (_, settings) => {
    const refused = await callAltered(settings, 'POST /sign-in/challenges', { token: null, body });
    expect(refused).toMatchObject({ status: 503, body: { code: 'sign_in.unconfigured' } });
  });

  it.each(['console.test', 'https://console.test/', 'https://*.test', 'http://console.test'])(
    'takes no setting that is no site: %s',
    async (SIGN_IN_ORIGINS) => {
      const refused = await callAltered({ SIGN_IN_ORIGINS }, 'GET /accounts');
      expect(refused).toMatchObject({ status: 503, body: { code: 'service.misconfigured' } });
    },
  );

  it('keeps a bounded number of open challenges, whoever floods them', async () => {
    const most = LIMITS.signInChallengesMax.value;
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO wallet_challenges SELECT 'sic_' || i, '{"kind":"sign-in"}', 'neo', NULL, NULL,
         'neo3:private', 'N', 'text', 'https://console.test', '1', 0, ? FROM n`,
    )
      .bind(most, Date.now() + 60_000)
      .run();
    const refused = await askToSignIn(wallet);
    expect(refused).toMatchObject({ status: 503, body: { code: 'sign_in.busy' } });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await rowsOf()).toBe(most);
  });
});
