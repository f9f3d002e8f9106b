/**
 * Signatures of requests as an attacker meets them, through the real Worker: what is changed after
 * signing, replayed, borrowed, stripped or forged is refused, and whatever is sent is verified even
 * where nothing asks for it.
 */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { api } from '../../worker/api.ts';
import { LIMITS } from '../../worker/core/request-signature/limits.ts';
import { forgetCredentials } from '../../worker/http/authenticate.ts';
import worker from '../../worker/index.ts';
import { forgetAccounts } from '../../worker/ports.ts';
import { callAltered } from '../support/altered-platform.ts';
import { type CallOptions, call, ORIGIN, openTenant, type Tenant } from '../support/harness.ts';
import { createNeoWallet } from '../support/neo-wallet.ts';
import {
  createSigningPair,
  digestOf,
  type Form,
  freshNonce,
  type RequestSigner,
} from '../support/request-signer.ts';
import { addVerified, signedIn } from '../support/signed-in.ts';
import { SECOND_MS, stopClock } from '../support/time.ts';

const WINDOW = LIMITS.requestSignatureSeconds.value;
const SKEW = LIMITS.requestSignatureSkewSeconds.value;
const KEEP = LIMITS.requestNonceKeepSeconds.value;

interface Signing {
  readonly token: string;
  readonly signer: RequestSigner;
}

/** An admin key with a key for signatures. */
async function signingKey(tenant: Tenant): Promise<Signing> {
  const pair = createSigningPair();
  const body = { name: 'signs', role: 'admin', signingPublicKey: pair.publicKey };
  const made = await tenant.call('POST /keys', { body });
  expect(made.status, made.text).toBe(201);
  return { token: made.body.key, signer: pair.as(made.body.id) };
}

let tenant: Tenant;
let caller: Signing;
beforeEach(async () => {
  tenant = await openTenant();
  caller = await signingKey(tenant);
});

const body = { kind: 'evm', address: `0x${'0'.repeat(39)}1` };
const path = () => `/accounts/${tenant.accountId}/workspace-wallets`;
const add = (options: CallOptions = {}) => call(`POST ${path()}`, { ...caller, body, ...options });
const addWith = (form: Form) => add({ form });
const countWallets = async () => (await tenant.call('GET /workspace-wallets')).body.items.length;

async function requireSignatures(): Promise<void> {
  const set = await call(`PUT /accounts/${tenant.accountId}/request-signatures`, {
    ...caller,
    body: { requestSignatures: 'required' },
  });
  expect(set.status, set.text).toBe(200);
  forgetCredentials();
  forgetAccounts();
}

const refusal = (code: string, detail?: RegExp) => ({
  status: code === 'signature.malformed' ? 400 : 403,
  body: {
    code,
    ...(detail === undefined ? {} : { detail: expect.stringMatching(detail) as string }),
  },
});

describe('a signed request', () => {
  it('is accepted where nothing asks for it, and where the account requires it', async () => {
    expect((await add()).status).toBe(201);
    await requireSignatures();
    const other = { kind: 'evm', address: `0x${'0'.repeat(39)}2` };
    expect((await add({ body: other })).status).toBe(201);
  });

  it('is accepted of a session too, and after it was refreshed', async () => {
    const wallet = createNeoWallet();
    await addVerified(tenant, wallet);
    const pair = createSigningPair();
    const session = await signedIn(wallet, { signingPublicKey: pair.publicKey });
    await requireSignatures();
    const signer = pair.as(session.sessionId);
    expect((await add({ token: session.accessToken, signer })).status).toBe(201);
    const { refreshToken } = session;
    const next = await call('POST /sign-in/refresh', { token: null, body: { refreshToken } });
    expect(next.body.session.signingPublicKey).toBe(pair.publicKey);
    const token = next.body.accessToken;
    const other = { kind: 'evm', address: `0x${'0'.repeat(39)}2` };
    expect((await add({ token, signer, body: other })).status).toBe(201);
    expect((await add({ token, signer: undefined })).body.code).toBe('signature.required');
  });

  it('may be a read, HEAD as HEAD, and have a query', async () => {
    for (const request of [`GET ${path()}?limit=1`, `HEAD ${path()}`])
      expect((await call(request, caller)).status, request).toBe(200);
    const asGet = { covered: { method: 'GET' } };
    expect((await call(`HEAD ${path()}`, { ...caller, form: asGet })).status).toBe(403);
  });

  it('without content covers the digest of nothing', async () => {
    const made = await add();
    const one = `DELETE ${path()}/${made.body.id}`;
    expect((await call(one, { ...caller, rawBody: 'smuggled' })).body.code).toBe(
      'signature.refused',
    );
    expect((await call(one, caller)).status).toBe(204);
  });
});

describe('what is changed after signing', () => {
  it('is refused: the content', async () => {
    const sent = { covered: { body: JSON.stringify({ ...body, label: 'other' }) } };
    expect(await addWith(sent)).toMatchObject(refusal('signature.refused', /does not verify/));
    const digest = { headers: { 'content-digest': digestOf('another body') } };
    expect(await add(digest)).toMatchObject(refusal('signature.refused', /Content-Digest/));
    expect(await countWallets()).toBe(0);
  });

  it.each<[string, () => Form['covered']]>([
    ['the method', () => ({ method: 'PUT' })],
    ['the path', () => ({ url: `${ORIGIN}/accounts/${tenant.accountId}/keys` })],
    ['a query', () => ({ url: `${ORIGIN}${path()}?limit=1` })],
    ['the host', () => ({ url: `http://elsewhere.test${path()}` })],
    ['the scheme', () => ({ url: `https://platform.test${path()}` })],
    ['the port', () => ({ url: `http://platform.test:8080${path()}` })],
  ])('is refused: %s', async (_, covered) => {
    const form = { covered: covered() ?? {} };
    const refused = await addWith(form);
    expect(refused).toMatchObject(refusal('signature.refused', /does not verify/));
    // What the platform saw, for whoever looks for the proxy that changed it.
    expect(refused.body.detail).toContain(`${ORIGIN}${path()}`);
  });

  it('is refused: the idempotency key, one that is added, and one that is taken away', async () => {
    const headers = { 'idempotency-key': 'the-one' };
    const other = { covered: { idempotencyKey: 'another' } };
    expect(await add({ headers, form: other })).toMatchObject(refusal('signature.refused'));
    const none = { covered: { idempotencyKey: null } };
    expect(await add({ headers, form: none })).toMatchObject(
      refusal('signature.malformed', /"idempotency-key"/),
    );
    const added = { covered: { idempotencyKey: 'the-one' } };
    expect(await addWith(added)).toMatchObject(refusal('signature.malformed', /cover exactly/));
    expect((await add({ headers })).status).toBe(201);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['of another algorithm', { 'content-digest': 'sha-512=:AAAA:' }, /SHA-256/],
    ['of two algorithms', { 'content-digest': `${digestOf('')}, sha-512=:AAAA:` }, /SHA-256/],
    ['that is empty', { 'content-digest': '' }, /SHA-256/],
  ])('is refused: a digest %s', async (_, headers, detail) => {
    expect(await add({ headers })).toMatchObject(refusal('signature.refused', detail));
  });

  it('is refused: a digest that is missing', async () => {
    const signed = caller.signer.sign({
      method: 'POST',
      url: `${ORIGIN}${path()}`,
      body: JSON.stringify(body),
    });
    const { 'content-digest': _, ...headers } = signed;
    expect(await add({ signer: undefined, headers })).toMatchObject(
      refusal('signature.malformed', /`Content-Digest` is missing/),
    );
  });
});

describe('a signature of somebody else', () => {
  it('is refused: by the key id of another tenant, or of another key of this one', async () => {
    const stranger = await openTenant('stranger');
    for (const place of [stranger, tenant]) {
      const other = await signingKey(place);
      const refused = await add({ signer: other.signer });
      expect(refused).toMatchObject(refusal('signature.refused', /`keyid`/));
    }
  });

  it('is refused: made with another key under the right id', async () => {
    const signer = createSigningPair().as(caller.signer.keyId);
    expect(await add({ signer })).toMatchObject(refusal('signature.refused', /does not verify/));
  });

  it('is refused: captured and sent with another credential that has the same key', async () => {
    const pair = createSigningPair();
    const made = async (name: string) =>
      (
        await tenant.call('POST /keys', {
          body: { name, role: 'admin', signingPublicKey: pair.publicKey },
        })
      ).body;
    const [one, other] = [await made('one'), await made('other')];
    const captured = pair.as(one.id);
    expect((await add({ token: other.key, signer: captured })).body.code).toBe('signature.refused');
    expect((await add({ token: one.key, signer: captured })).status).toBe(201);
  });

  it('is refused: of a credential without a key, an operator among them', async () => {
    const { signer } = caller;
    expect(await add({ token: tenant.key, signer })).toMatchObject(refusal('signature.key_absent'));
    const { token: _, ...asOperator } = caller;
    expect(await call(`POST ${path()}`, { ...asOperator, body })).toMatchObject(
      refusal('signature.key_absent'),
    );
    expect(await countWallets()).toBe(0);
  });

  it('tells another tenant nothing: the path is refused first', async () => {
    const stranger = await openTenant('stranger');
    const { token, signer } = await signingKey(stranger);
    expect(await add({ token, signer })).toMatchObject({
      status: 404,
      body: { code: 'request.not_found' },
    });
  });
});

describe('a signature of another time', () => {
  const now = () => Math.floor(Date.now() / 1000);

  it('is refused: of the future, of long ago, and past its own end', async () => {
    stopClock();
    for (const form of [
      { created: now() + SKEW + 1 },
      { created: now() - WINDOW - 1 },
      { created: now() - 10, expires: now() - 1 },
    ])
      expect(await addWith(form), JSON.stringify(form)).toMatchObject(refusal('signature.stale'));
    expect((await addWith({ created: now() - WINDOW, expires: now() + 1 })).status).toBe(201);
  });
});

describe('a nonce', () => {
  it('is accepted once, whatever isolate it reaches', async () => {
    const form = { nonce: freshNonce() };
    expect((await addWith(form)).status).toBe(201);
    // Another isolate knows nothing of the first.
    forgetCredentials();
    expect(await addWith(form)).toMatchObject(refusal('signature.replayed'));
    expect((await addWith({ nonce: freshNonce() })).body.code).toBe('wallets.address_taken');
  });

  it('lets one of many requests pass that arrive together', async () => {
    const form = { nonce: freshNonce() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => addWith(form)));
    const codes = answers.map(({ status, text }) => (status === 201 ? 201 : JSON.parse(text).code));
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes.filter((code) => code === 'signature.replayed')).toHaveLength(7);
  });

  it('is used by a request that was refused for its content', async () => {
    const form = { nonce: freshNonce() };
    expect((await add({ body: { kind: 'evm' }, form })).status).toBe(400);
    expect(await addWith(form)).toMatchObject(refusal('signature.replayed'));
  });

  it('is not used by a signature that does not verify: nobody uses up those of others', async () => {
    const nonce = freshNonce();
    const forger = createSigningPair().as(caller.signer.keyId);
    expect((await add({ signer: forger, form: { nonce } })).status).toBe(403);
    expect((await addWith({ nonce })).status).toBe(201);
  });

  it('is of one credential: another may draw the same', async () => {
    const form = { nonce: freshNonce() };
    const other = await signingKey(tenant);
    expect((await addWith(form)).status).toBe(201);
    expect((await add({ ...other, form })).body.code).toBe('wallets.address_taken');
  });

  it('is new with every repetition of a keyed request, which is answered as before', async () => {
    const headers = { 'idempotency-key': 'asked-twice' };
    const first = await add({ headers });
    const second = await add({ headers });
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await add({ headers, signer: undefined })).headers.get('idempotency-replayed')).toBe(
      'true',
    );
    await requireSignatures();
    expect((await add({ headers, signer: undefined })).body.code).toBe('signature.required');
  });

  it('is kept for longer than any signature with it is accepted, and then swept', async () => {
    expect(KEEP).toBeGreaterThanOrEqual(2 * (WINDOW + SKEW));
    const clock = stopClock();
    const created = Math.floor(Date.now() / 1000) + SKEW;
    const form = { nonce: freshNonce(), created };
    expect((await addWith(form)).status).toBe(201);
    clock.pass((WINDOW + SKEW) * SECOND_MS);
    await sweep();
    expect(await addWith(form)).toMatchObject(refusal('signature.replayed'));
    clock.pass(KEEP * SECOND_MS);
    await sweep();
    const left = await env.DB.prepare('SELECT count(*) AS n FROM request_nonces').first('n');
    expect(left).toBe(0);
    expect(await addWith(form)).toMatchObject(refusal('signature.stale'));
  });

  async function sweep(): Promise<void> {
    const context = createExecutionContext();
    const scheduledTime = new Date(Date.now());
    worker.scheduled(createScheduledController({ scheduledTime }), env, context);
    await waitOnExecutionContext(context);
  }
});

describe('more than one signature', () => {
  const twice = (name: 'signature' | 'signature-input', label: string) => {
    const signed = caller.signer.sign({
      method: 'POST',
      url: `${ORIGIN}${path()}`,
      body: JSON.stringify(body),
    });
    const value = signed[name] ?? '';
    return { ...signed, [name]: `${value}, ${value.replace(/^sig1/, label)}` };
  };

  it.each([
    ['signature', 'sig2'],
    ['signature-input', 'sig2'],
    ['signature', 'sig1'],
    ['signature-input', 'sig1'],
  ] as const)('is refused: %s with another %s', async (name, label) => {
    const refused = await add({ signer: undefined, headers: twice(name, label) });
    expect(refused).toMatchObject(refusal('signature.malformed'));
    expect(await countWallets()).toBe(0);
  });

  it('is refused when a header is sent twice, in one piece or in two', async () => {
    const signed = caller.signer.sign({
      method: 'POST',
      url: `${ORIGIN}${path()}`,
      body: JSON.stringify(body),
    });
    for (const [name, value] of Object.entries(signed)) {
      const headers = new Headers({ ...signed, authorization: `Bearer ${caller.token}` });
      headers.set('content-type', 'application/json');
      headers.append(name, value);
      const context = createExecutionContext();
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const request = new Request(`${ORIGIN}${path()}`, init);
      const response = await api.fetch(request, { ...env, LOG_LEVEL: 'silent' }, context);
      expect([400, 403], name).toContain(response.status);
      await waitOnExecutionContext(context);
    }
    expect(await countWallets()).toBe(0);
  });
});

describe('the way around', () => {
  it('is closed by stripping both fields where the account requires them', async () => {
    await requireSignatures();
    expect(await add({ signer: undefined })).toMatchObject(refusal('signature.required'));
  });

  it('is closed by stripping one field, anywhere', async () => {
    const signed = caller.signer.sign({
      method: 'POST',
      url: `${ORIGIN}${path()}`,
      body: JSON.stringify(body),
    });
    for (const name of ['signature', 'signature-input']) {
      const headers = Object.fromEntries(Object.entries(signed).filter(([key]) => key !== name));
      expect(await add({ signer: undefined, headers })).toMatchObject(
        refusal('signature.malformed', /missing/),
      );
    }
  });

  it('is closed by an operator, who must set the account back first', async () => {
    await requireSignatures();
    const refused = await call(`POST ${path()}`, { body });
    expect(refused).toMatchObject(refusal('signature.required', /operator/));
    const setting = `/accounts/${tenant.accountId}/request-signatures`;
    expect((await call(`PUT ${setting}`, { body: { requestSignatures: 'optional' } })).status).toBe(
      200,
    );
    forgetAccounts();
    expect((await call(`POST ${path()}`, { body })).status).toBe(201);
  });

  it('is closed by a new key, whoever has none of those that sign', async () => {
    await requireSignatures();
    const pair = createSigningPair();
    const made = { name: 'mine', role: 'admin', signingPublicKey: pair.publicKey };
    expect((await tenant.call('POST /keys', { body: made })).body.code).toBe('signature.required');
    const self = `/keys/key_${tenant.key.split('_')[2]}/rotate`;
    const rotation = { signingPublicKey: pair.publicKey };
    expect((await tenant.call(`POST ${self}`, { body: rotation })).body.code).toBe(
      'signature.required',
    );
  });

  it('leaves a leaked credential endable without a signature', async () => {
    const leaked = await signingKey(tenant);
    await requireSignatures();
    expect((await tenant.call(`DELETE /keys/${leaked.signer.keyId}`)).status).toBe(204);
  });

  it('leaves reading, and running what is deployed, as they are', async () => {
    await requireSignatures();
    expect((await tenant.call('GET /workspace-wallets')).status).toBe(200);
    const value = { name: 'PRICE_KEY', value: 'correct horse battery staple' };
    expect((await tenant.call('POST /secrets', { body: value })).status).toBe(201);
  });

  it('is closed within 30 seconds for what isolates remember', async () => {
    const clock = stopClock();
    expect((await tenant.call('GET /workspace-wallets')).status).toBe(200);
    await call(`PUT /accounts/${tenant.accountId}/request-signatures`, {
      ...caller,
      body: { requestSignatures: 'required' },
    });
    clock.pass(30 * SECOND_MS);
    expect((await add({ signer: undefined })).body.code).toBe('signature.required');
  });
});

describe('a public operation', () => {
  it('answers whoever asks, whatever is signed', async () => {
    const headers = { signature: 'nonsense', 'signature-input': 'nonsense' };
    expect((await call('GET /healthz', { token: null, headers })).status).toBe(200);
  });
});

describe('an operation that asks for no signature', () => {
  it('verifies one that is sent all the same', async () => {
    const headers = { signature: 'nonsense', 'signature-input': 'nonsense' };
    for (const request of ['GET /system/status', `GET ${path()}`, 'GET /accounts']) {
      const token = request === 'GET /accounts' ? {} : { token: caller.token };
      expect(await call(request, { ...token, headers }), request).toMatchObject(
        refusal('signature.malformed'),
      );
    }
  });
});

describe('the address that is signed', () => {
  it('is in the form of the URL standard, as clients send it', async () => {
    const sent = `${ORIGIN}/accounts/x/../${tenant.accountId}/workspace-wallets`;
    const context = createExecutionContext();
    const url = `${ORIGIN}${path()}`;
    const signed = caller.signer.sign({ method: 'GET', url });
    const headers = { ...signed, authorization: `Bearer ${caller.token}` };
    const request = new Request(sent, { headers });
    const response = await api.fetch(request, { ...env, LOG_LEVEL: 'silent' }, context);
    await waitOnExecutionContext(context);
    expect(response.status).toBe(200);
  });

  it('is not changed by a header that a client can send', async () => {
    const headers = {
      'x-forwarded-host': 'elsewhere.test',
      'x-forwarded-proto': 'https',
      forwarded: 'host=elsewhere.test;proto=https',
    };
    const form = { covered: { url: `https://elsewhere.test${path()}` } };
    expect(await add({ headers, form })).toMatchObject(refusal('signature.refused'));
  });
});

describe('an unsigned request', () => {
  it('costs no query more in an account that requires signatures', async () => {
    await requireSignatures();
    const queries: string[] = [];
    const DB = new Proxy(env.DB, {
      get: (target, name: keyof D1Database) => {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'prepare') return typeof member === 'function' ? member.bind(target) : member;
        return (text: string) => {
          queries.push(text);
          return target.prepare(text);
        };
      },
    });
    const ask = () => callAltered({ DB }, `POST ${path()}`, { token: tenant.key, body });
    await ask();
    queries.length = 0;
    expect((await ask()).body.code).toBe('signature.required');
    expect(queries).toEqual([]);
  });
});
