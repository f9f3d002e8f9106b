/** Revocation: final, on record, and what the platform says of a key that is used after it: nothing to its user. */

import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { encodeApiKey } from '../../../worker/core/crypto/api-key.ts';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { type Called, call, openTenant, type Tenant } from '../../support/harness.ts';
import { auditOf, keyIdIn, makeKey, setTimes, works } from './keys-under-test.ts';

/** All that a refusal says, but for the id of the request. */
const saidBy = ({ status, body, headers }: Called): object => ({
  status,
  body: { ...body, requestId: '' },
  challenge: headers.get('www-authenticate'),
});

const present = (key: string): Promise<Called> => {
  forgetCredentials();
  return call('GET /system/version', { token: key });
};

const wrongSecretFor = (keyId: string, environment: 'dev' | 'prd' = 'dev'): string =>
  encodeApiKey({ environment, keyId, secret: crypto.getRandomValues(new Uint8Array(32)) });

/** The audit lines of refusals once `count` requests with this key were refused. */
async function refusalsAfter(tenant: Tenant, key: string, count: number) {
  for (let request = 0; request < count; request += 1)
    expect((await present(key)).status).toBe(401);
  await expect.poll(async () => (await auditOf(tenant, 'auth.refused')).length).toBeGreaterThan(0);
  return auditOf(tenant, 'auth.refused');
}

describe('204', () => {
  it('ends the key wherever it is not remembered, at once and for ever', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant, { role: 'admin' });
    expect(await works(made.key)).toBe(true);
    const revoked = await tenant.call(`DELETE /keys/${made.id}`);
    expect([revoked.status, revoked.text]).toEqual([204, '']);
    expect(await works(made.key)).toBe(false);
    expect((await tenant.call(`GET /keys/${made.id}`)).body.status).toBe('revoked');
  });

  it('changes nothing when it is repeated: the first time stays, one line is on record', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    await tenant.call(`DELETE /keys/${made.id}`);
    const { revokedAt } = (await tenant.call(`GET /keys/${made.id}`)).body;
    expect((await tenant.call(`DELETE /keys/${made.id}`)).status).toBe(204);
    expect((await tenant.call(`GET /keys/${made.id}`)).body.revokedAt).toBe(revokedAt);
    expect(await auditOf(tenant, 'keys.revokeKey')).toMatchObject([
      { actor: { id: keyIdIn(tenant.key) }, target: { kind: 'apiKey', id: made.id } },
    ]);
  });

  it('cuts the overlap of a rotated key short, and leaves its successor alone', async () => {
    const tenant = await openTenant();
    const old = await makeKey(tenant);
    const body = { overlapSeconds: 3600 };
    const successor = (await tenant.call(`POST /keys/${old.id}/rotate`, { body })).body;
    await tenant.call(`DELETE /keys/${old.id}`);
    expect([await works(old.key), await works(successor.key)]).toEqual([false, true]);
  });

  it('lets a key revoke itself', async () => {
    const tenant = await openTenant();
    const self = await makeKey(tenant, { scopes: ['keys:write'] });
    await tenant.call(`DELETE /keys/${self.id}`, { token: self.key });
    expect(await works(self.key)).toBe(false);
  });

  it('takes the ETag of what was read', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    const etag = (await tenant.call(`GET /keys/${made.id}`)).headers.get('etag') ?? '';
    const headers = { 'if-match': etag };
    expect((await tenant.call(`DELETE /keys/${made.id}`, { headers })).status).toBe(204);
  });
});

describe('401', () => {
  it('reads the same for a key revoked, expired, rotated away, of a deleted account, unknown or invented', async () => {
    const [tenant, closed] = [await openTenant(), await openTenant('closed')];
    const [revoked, expired, rotated] = [
      await makeKey(tenant),
      await makeKey(tenant),
      await makeKey(tenant),
    ];
    await tenant.call(`DELETE /keys/${revoked.id}`);
    await setTimes(expired.id, { expiresAt: Date.now() });
    await tenant.call(`POST /keys/${rotated.id}/rotate`, { body: {} });
    await closed.call('DELETE ');
    const unknown = wrongSecretFor('key_01k4j8x1e0e4r9v2m3n5p6q7rs');
    const answers = [];
    for (const key of [
      revoked.key,
      expired.key,
      rotated.key,
      closed.key,
      unknown,
      wrongSecretFor(keyIdIn(tenant.key)),
      wrongSecretFor(keyIdIn(tenant.key), 'prd'),
      tenant.key.replace('nsl_dev_', 'nsl_prd_'),
      `${tenant.key.slice(0, -1)}${tenant.key.endsWith('0') ? '1' : '0'}`,
      'x'.repeat(50),
    ])
      answers.push(saidBy(await present(key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 401,
      body: { code: 'request.unauthenticated' },
      challenge: 'Bearer',
    });
  });

  it("tells the key's account and nobody else that it was tried, and why it was refused", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const made = await makeKey(tenant);
    await tenant.call(`DELETE /keys/${made.id}`);
    expect(await refusalsAfter(tenant, made.key, 1)).toMatchObject([
      {
        outcome: 'refused',
        target: { kind: 'apiKey', id: made.id },
        details: { count: 1, reasons: ['revoked'] },
      },
    ]);
    expect(await auditOf(stranger, 'auth.refused')).toEqual([]);
    const { text } = await tenant.call('GET /audit');
    expect(text).not.toContain(made.key.split('_')[3]);
  });

  it('carries the ids of the refused request, so that its line leads to the log', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    await tenant.call(`DELETE /keys/${made.id}`);
    forgetCredentials();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const refused = await call('GET /system/version', { token: made.key, headers });
    await expect
      .poll(() => auditOf(tenant, 'auth.refused'))
      .toMatchObject([{ requestId: refused.headers.get('x-request-id'), traceId }]);
  });

  it('writes a line a minute of a key that is tried without end, and counts every attempt', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    await tenant.call(`DELETE /keys/${made.id}`);
    expect(await refusalsAfter(tenant, made.key, 12)).toHaveLength(1);
    await runDurableObjectAlarm(env.ACCOUNT_JOURNAL.getByName(tenant.accountId));
    const lines = await auditOf(tenant, 'auth.refused');
    expect(lines.length).toBeLessThanOrEqual(2);
    expect(lines[0]?.details?.count).toBe(1);
  });

  it('leaves the journal of an account alone when refused keys come faster than their address may ask', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    await tenant.call(`DELETE /keys/${made.id}`);
    let recorded = 0;
    const counting = new Proxy(env.ACCOUNT_JOURNAL, {
      get: (namespace, name) =>
        name === 'getByName'
          ? (id: string) => {
              recorded += 1;
              return namespace.getByName(id);
            }
          : Reflect.get(namespace, name),
    });
    const tight = { ADDRESS_REQUESTS_PER_SECOND: '1', ACCOUNT_JOURNAL: counting };
    const statuses = [];
    for (let request = 0; request < 40; request += 1)
      statuses.push((await callAltered(tight, 'GET /system/version', { token: made.key })).status);
    const admitted = statuses.filter((status) => status === 401).length;
    expect(statuses.filter((status) => status === 429).length).toBe(40 - admitted);
    expect(admitted).toBeLessThan(20);
    expect(recorded).toBeLessThanOrEqual(admitted);
  });

  it('makes guessing as slow as asking without a key: refused credentials pay from their address', async () => {
    const tight = { ADDRESS_REQUESTS_PER_SECOND: '1' };
    const statuses = [];
    for (let guess = 0; guess < 20; guess += 1) {
      const token = wrongSecretFor('key_01k4j8x1e0e4r9v2m3n5p6q7rs');
      statuses.push((await callAltered(tight, 'GET /system/version', { token })).status);
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    const tenant = await openTenant();
    const known = await callAltered(tight, 'GET /system/version', { token: tenant.key });
    expect(known.status, 'a look-up from that address must wait too').toBe(429);
  });

  it('believes no header of the client about its address', async () => {
    const tight = { ADDRESS_REQUESTS_PER_SECOND: '1' };
    const statuses = [];
    for (let guess = 0; guess < 20; guess += 1) {
      const headers = {
        'cf-connecting-ip': `192.0.2.${guess}`,
        'x-forwarded-for': `192.0.2.${guess}`,
        'x-real-ip': `192.0.2.${guess}`,
      };
      const called = await callAltered(tight, 'GET /limits', { token: null, headers });
      statuses.push(called.status);
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
  });
});

describe('404', () => {
  it("revokes no key of another tenant, through either's path", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const id = keyIdIn(tenant.key);
    const own = await stranger.call(`DELETE /keys/${id}`);
    const across = await call(`DELETE /accounts/${tenant.accountId}/keys/${id}`, {
      token: stranger.key,
    });
    expect([own.status, across.status]).toEqual([404, 404]);
    expect(await works(tenant.key)).toBe(true);
  });
});

describe('412', () => {
  it('leaves a key alone that has changed since it was read', async () => {
    const tenant = await openTenant();
    const made = await makeKey(tenant);
    for (const tag of ['"r2"', 'W/"r1"', 'r1']) {
      const refused = await tenant.call(`DELETE /keys/${made.id}`, {
        headers: { 'if-match': tag },
      });
      expect(refused.body?.code, tag).toBe('request.precondition_failed');
    }
    expect(await works(made.key)).toBe(true);
  });
});
