/** `POST /accounts/{accountId}/keys/publishable`. M22: a key that anybody may read. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../worker/contract.ts';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { fillPath } from '../../contract/fixtures.ts';
import { call, openTenant } from '../../support/harness.ts';
import {
  addPolicy,
  bodyOf,
  openSponsoring,
  openWallet,
  type Sponsoring,
  signatureOf,
} from '../sponsorships/sponsorships-under-test.ts';
import { makeKey } from './keys-under-test.ts';

const ORIGIN = 'https://game.example.com';
const FROM = { origin: ORIGIN };

async function open(terms: object = {}) {
  const sponsoring = await openSponsoring(terms);
  const { tenant, policyId } = sponsoring;
  const made = await tenant.call('POST /keys/publishable', {
    body: { name: 'page', policyId, origins: [ORIGIN, 'http://localhost:3000'] },
  });
  expect(made.status, made.text).toBe(201);
  const token: string = made.body.key;
  const ask = (fields: object = {}, headers: { readonly origin?: string } = FROM) =>
    tenant.call('POST /gasbank/sponsorships', { token, body: bodyOf(sponsoring, fields), headers });
  return { sponsoring, tenant, made, token, ask };
}

describe('201', () => {
  it('M22: asks for sponsorships under its policy, from its origins, and shows both in lists', async () => {
    const { sponsoring, tenant, made, token, ask } = await open();
    expect(made.body).toMatchObject({
      scopes: ['sponsorships:create'],
      publishable: { policyId: sponsoring.policyId, origins: [ORIGIN, 'http://localhost:3000'] },
    });
    const listed = (await tenant.call('GET /keys')).body.items as { id: string }[];
    expect(listed.find(({ id }) => id === made.body.id)).toMatchObject({
      publishable: made.body.publishable,
    });
    const asked = await ask();
    expect(asked.status, asked.text).toBe(201);
    const signed = await tenant.call(`POST /gasbank/sponsorships/${asked.body.id}/signature`, {
      token,
      headers: FROM,
      body: signatureOf(sponsoring, asked),
    });
    expect([signed.status, signed.body.status]).toEqual([200, 'sending']);
  });

  it('works where the account requires signatures, which a page cannot make', async () => {
    const { tenant, ask } = await open();
    await env.DB.prepare("UPDATE accounts SET request_signatures = 'required' WHERE account_id = ?")
      .bind(tenant.accountId)
      .run();
    forgetCredentials();
    expect((await ask()).status).toBe(201);
  });

  it('gives its bounds to its successor', async () => {
    const { tenant, made } = await open();
    const rotated = await tenant.call(`POST /keys/${made.body.id}/rotate`, { body: {} });
    expect(rotated.body.publishable).toEqual(made.body.publishable);
  });
});

describe('400', () => {
  it.each([
    ['no origin', { origins: [] }, '/origins'],
    ['a path in an origin', { origins: [`${ORIGIN}/play`] }, '/origins/0'],
    ['any origin', { origins: [ORIGIN, '*'] }, '/origins/1'],
    ['a policy of nobody', { policyId: 'spp_01k4j8x1e0e4r9v2m3n5p6q7rs' }, '/policyId'],
  ])('refuses %s', async (_what, fields, pointer) => {
    const { tenant, policyId } = await openSponsoring();
    const refused = await tenant.call('POST /keys/publishable', {
      body: { name: 'page', policyId, origins: [ORIGIN], ...fields },
    });
    expect([refused.status, refused.body.fields[0].pointer]).toEqual([400, pointer]);
  });
});

describe('403', () => {
  it('M22: is refused from another site, and outside of pages', async () => {
    const { ask } = await open();
    for (const headers of [{}, { origin: 'https://evil.example.com' }, { origin: 'null' }]) {
      const refused = await ask({}, headers);
      expect([refused.status, refused.body.code]).toEqual([403, 'keys.origin_refused']);
    }
  });

  it('M22: is refused under another policy, with a wallet of the account, and everywhere else', async () => {
    const { sponsoring, tenant, token, ask } = await open();
    const policyId = await addPolicy(tenant, sponsoring.gasAccountId);
    expect((await ask({ policyId })).body.code).toBe('sponsorships.policy_foreign');
    const { walletId } = await openWallet(sponsoring);
    expect((await ask({ walletId, signer: undefined })).body.code).toBe('request.forbidden');
    for (const path of ['GET /gasbank/sponsorships', 'GET /keys', 'GET /secrets']) {
      const refused = await tenant.call(path, { token, headers: FROM });
      expect([refused.status, refused.body.code], path).toEqual([403, 'request.forbidden']);
    }
  });

  it('M22: opens nothing but sponsorships, whatever of the contract is asked with it', async () => {
    const { tenant, token } = await open();
    const opened: string[] = [];
    for (const operation of operations) {
      const { access, method, example, id } = operation;
      if (access.kind === 'public' || access.kind === 'authenticated') continue;
      const values = { ...example.params, accountId: tenant.accountId };
      const path = `${method.toUpperCase()} ${fillPath(operation, values)}`;
      const body = operation.body === undefined ? {} : { body: example.body };
      const answered = await call(path, { token, headers: FROM, ...body });
      const isRefused = answered.status === 403 && answered.body.code === 'request.forbidden';
      if (!isRefused) opened.push(id);
    }
    expect(opened.toSorted()).toEqual([
      'sponsorships.createSponsorship',
      'sponsorships.createUserChallenge',
      'sponsorships.createUserSession',
      'sponsorships.signSponsorship',
    ]);
  });

  it('is not made by a key that has not the scope itself', async () => {
    const { tenant, policyId } = await openSponsoring();
    const maker = await makeKey(tenant, { scopes: ['keys:write'] });
    const refused = await tenant.call('POST /keys/publishable', {
      token: maker.key,
      body: { name: 'page', policyId, origins: [ORIGIN] },
    });
    expect(refused.body.code).toBe('keys.wider_than_creator');
  });
});

describe('404', () => {
  it('M22: signs nothing but what it asked for, and knows no other account', async () => {
    const { sponsoring, tenant, token } = await open();
    const foreign = await tenant.call('POST /gasbank/sponsorships', { body: bodyOf(sponsoring) });
    const refused = await tenant.call(`POST /gasbank/sponsorships/${foreign.body.id}/signature`, {
      token,
      headers: FROM,
      body: signatureOf(sponsoring, foreign),
    });
    expect(refused.status).toBe(404);
    const stranger = await openTenant('stranger');
    expect((await stranger.call('POST /keys/publishable', { token, body: {} })).status).toBe(404);
  });
});

describe('409', () => {
  it('M22: shows no sponsorship of others under an id it guessed', async () => {
    const { sponsoring, tenant, ask } = await open();
    const body = bodyOf(sponsoring, { id: 'guessed' });
    expect((await tenant.call('POST /gasbank/sponsorships', { body })).status).toBe(201);
    expect((await ask({ id: 'guessed' })).body.code).toBe('sponsorships.request_conflict');
  });
});

describe('a preflight', () => {
  const preflight = (path: string, origin = ORIGIN) =>
    call(`OPTIONS ${path}`, { token: null, headers: { origin } });
  const open204 = async (sponsoring: Sponsoring) => {
    const base = `/accounts/${sponsoring.tenant.accountId}/gasbank`;
    const id = 'spn_01k4j8x1e0e4r9v2m3n5p6q7rs';
    return [`${base}/sponsorships`, `${base}/sponsorships/${id}/signature`];
  };

  it('is answered from any site for what such a key may ask, and for nothing else', async () => {
    const sponsoring = await openSponsoring();
    for (const path of await open204(sponsoring)) {
      const { status, headers } = await preflight(path);
      expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
      expect(headers.get('access-control-allow-headers')).toContain('Authorization');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
    const { headers } = await preflight(`/accounts/${sponsoring.tenant.accountId}/keys`);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets the page read answers and refusals', async () => {
    const { ask } = await open();
    for (const answered of [await ask(), await ask({ policyId: undefined })])
      expect(answered.headers.get('access-control-allow-origin')).toBe('*');
  });
});
