/**
 * `Idempotency-Key` where requests die or meet: one effect whatever happens, a dead request blocks
 * nobody for ever, and the record tells a reader of the database nothing. What every operation owes
 * is walked in test/contract.
 */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { decideClaim } from '../../worker/core/idempotency.ts';
import { LIMITS } from '../../worker/core/limits.ts';
import { connect } from '../../worker/db/connect.ts';
import { claimKey, deriveClaim } from '../../worker/http/idempotency.ts';
import worker from '../../worker/index.ts';
import { callAltered } from '../support/altered-platform.ts';
import { call, keyOf, openTenant, type Tenant } from '../support/harness.ts';
import { SECOND_MS, stopClock } from '../support/time.ts';

const KEY = 'once-only-9c1f';
const headers = { 'idempotency-key': KEY };
const body = { kind: 'evm', address: `0x${'0'.repeat(39)}1`, label: 'readable label' };
const LEASE_MS = LIMITS.idempotencyLeaseSeconds.value * SECOND_MS;
const KEEP_MS = LIMITS.idempotencyKeepHours.value * 3_600 * SECOND_MS;

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

const path = () => `/accounts/${tenant.accountId}/workspace-wallets`;
const add = (token = tenant.key, sent: object = body) =>
  call(`POST ${path()}`, { token, body: sent, headers });
const addAltered = (DB: D1Database) =>
  callAltered({ DB }, `POST ${path()}`, { token: tenant.key, body, headers });
const countWallets = async () => (await tenant.call('GET /workspace-wallets')).body.items.length;

async function claimOf(sent: object, credential = tenant.key) {
  const claim = await deriveClaim({
    credential,
    key: KEY,
    method: 'POST',
    target: path(),
    body: new TextEncoder().encode(JSON.stringify(sent)),
    leaseId: 'lease-of-another-request',
  });
  if (!claim.ok) throw new Error(claim.failure.code);
  return claim.value;
}

/** A request that has claimed the key and then stands still, or is dead. */
async function plantClaim(sent: object, leaseUntil: number): Promise<void> {
  const { recordId, fingerprint, leaseId } = await claimOf(sent);
  await env.DB.prepare(
    `INSERT INTO idempotency_records (record_id, fingerprint, lease_id, lease_until, expires_at)
     VALUES (?, ?, ?, ?, ?)`,
  )
    .bind(recordId, fingerprint, leaseId, leaseUntil, Date.now() + KEEP_MS)
    .run();
}

/** The real database, but for what happens around a batch. */
const databaseWith = (batch: (run: () => Promise<D1Result[]>) => Promise<D1Result[]>): D1Database =>
  new Proxy(env.DB, {
    get: (target, name: keyof D1Database) => {
      if (name === 'batch') return (some: D1PreparedStatement[]) => batch(() => target.batch(some));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });

describe('requests with one key that arrive together', () => {
  it('have one effect, and each is answered with it or told to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => add()));
    expect(await countWallets()).toBe(1);
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const waiting of answers.filter(({ status }) => status !== 201)) {
      expect(waiting).toMatchObject({ status: 409, body: { code: 'idempotency.in_progress' } });
      expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });
});

describe('a claim', () => {
  it('holds others off while its request lives, and says for how long', async () => {
    stopClock();
    await plantClaim(body, Date.now() + LEASE_MS);
    const waiting = await add();
    expect(waiting).toMatchObject({ status: 409, body: { code: 'idempotency.in_progress' } });
    expect(waiting.headers.get('retry-after')).toBe(String(LEASE_MS / SECOND_MS));
    expect(await countWallets()).toBe(0);
  });

  it('of a dead request is taken over once its lease has ended', async () => {
    const clock = stopClock();
    await plantClaim(body, Date.now() + LEASE_MS);
    clock.pass(LEASE_MS);
    expect((await add()).status).toBe(201);
    expect((await add()).headers.get('idempotency-replayed')).toBe('true');
    expect(await countWallets()).toBe(1);
  });

  it('of a living request is not shared by another body', async () => {
    await plantClaim({ ...body, label: 'another' }, Date.now() + LEASE_MS);
    expect(await add()).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  it('that was taken over lets the slow request it belonged to change nothing', async () => {
    const slow = await addAltered(
      databaseWith(async (run) => {
        await env.DB.prepare("UPDATE idempotency_records SET lease_id = 'taken over'").run();
        return run();
      }),
    );
    expect(slow).toMatchObject({ status: 409, body: { code: 'idempotency.in_progress' } });
    expect(await countWallets()).toBe(0);
  });
});

describe('the claim in D1', () => {
  const NOW = 1_800_000_000_000;
  const LATER = NOW + 1500;
  const rows = [
    ['no record', undefined],
    ['an expired one of another body', { fingerprint: 'other', leaseUntil: LATER, expiresAt: NOW }],
    ['an expired one that is done', { isDone: true, leaseUntil: NOW, expiresAt: NOW }],
    ['another body, lease alive', { fingerprint: 'other', leaseUntil: LATER }],
    ['another body, lease dead', { fingerprint: 'other', leaseUntil: NOW }],
    ['another body, done', { fingerprint: 'other', leaseUntil: NOW, isDone: true }],
    ['the same body, lease alive', { leaseUntil: LATER }],
    ['the same body, lease dead', { leaseUntil: NOW }],
    ['the same body, done', { leaseUntil: NOW, isDone: true }],
  ] as const;

  it.each(rows)('is decided as in core for %s', async (_when, row) => {
    const { recordId, fingerprint, ...claim } = await claimOf(body);
    const found = row && { fingerprint, expiresAt: NOW + KEEP_MS, isDone: false, ...row };
    if (found) {
      const answer = await claim.seal({ status: 201, body: {}, headers: {} });
      await env.DB.prepare('INSERT INTO idempotency_records VALUES (?, ?, ?, ?, ?, ?)')
        .bind(
          recordId,
          found.fingerprint,
          'lease-of-the-first',
          found.leaseUntil,
          found.expiresAt,
          found.isDone ? answer : null,
        )
        .run();
    }
    const state = found?.isDone ? 'done' : 'running';
    const decided = decideClaim(found && { ...found, state }, fingerprint, NOW);
    const claimed = await claimKey(connect(env.DB), { recordId, fingerprint, ...claim }, NOW);
    if (!decided.ok) return expect(claimed).toEqual(decided);
    const isReplay = claimed.ok && claimed.value.replay !== undefined;
    expect([claimed.ok, isReplay]).toEqual([true, decided.value === 'replay']);
    const stored = env.DB.prepare('SELECT lease_id FROM idempotency_records');
    const lease = isReplay ? 'lease-of-the-first' : 'lease-of-another-request';
    expect(await stored.first('lease_id')).toBe(lease);
  });
});

describe('a request that dies', () => {
  it('before its batch leaves no effect and frees the key', async () => {
    const broken = databaseWith(() => Promise.reject(new Error('the network connection was lost')));
    expect((await addAltered(broken)).status).toBe(500);
    expect(await countWallets()).toBe(0);
    const again = await add();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('after its batch, with the reply lost, is answered from the record when it is repeated', async () => {
    const lossy = databaseWith(async (run) => {
      await run();
      throw new Error('the network connection was lost');
    });
    expect((await addAltered(lossy)).status).toBe(500);
    const again = await add();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await countWallets()).toBe(1);
  });
});

describe('a refused request', () => {
  it('leaves the key to the same request once the reason is gone', async () => {
    const quotas = `/accounts/${tenant.accountId}/quotas`;
    await call(`PATCH ${quotas}`, { body: { wallets: 0 } });
    expect((await add()).status).toBe(403);
    await call(`PATCH ${quotas}`, { body: { wallets: 1 } });
    expect((await add()).status).toBe(201);
  });

  it('leaves the key to a mended body', async () => {
    expect((await add(tenant.key, { ...body, address: '0x' })).status).toBe(400);
    expect((await add()).status).toBe(201);
  });
});

describe('a key', () => {
  it('is of its caller: the same text of another credential is another key', async () => {
    const other = await keyOf(tenant.accountId);
    expect((await add()).status).toBe(201);
    const theirs = await add(other, { ...body, address: `0x${'0'.repeat(39)}2` });
    expect([theirs.status, theirs.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('is kept for 24 hours and then free', async () => {
    const clock = stopClock();
    const first = await add();
    clock.pass(KEEP_MS - SECOND_MS);
    expect((await add()).text).toBe(first.text);
    clock.pass(SECOND_MS);
    expect(await add()).toMatchObject({ status: 409, body: { code: 'wallets.address_taken' } });
  });

  it('is swept from the catalogue when its time is over, and not before', async () => {
    const clock = stopClock();
    await add();
    const sweep = async () => {
      const context = createExecutionContext();
      worker.scheduled(createScheduledController({ scheduledTime: new Date() }), env, context);
      await waitOnExecutionContext(context);
      return env.DB.prepare('SELECT count(*) AS rows FROM idempotency_records').first('rows');
    };
    expect(await sweep()).toBe(1);
    clock.pass(KEEP_MS);
    expect(await sweep()).toBe(0);
  });
});

describe('a stored answer', () => {
  it('holds neither key nor body nor answer in any readable form', async () => {
    const made = await tenant.call('POST /keys', {
      body: { name: 'shown once', role: 'viewer' },
      headers,
    });
    const row = await env.DB.prepare('SELECT * FROM idempotency_records').first();
    const sealed = Uint8Array.from(row?.answer as number[]); // D1 gives blobs as arrays of bytes.
    const text = JSON.stringify(row) + new TextDecoder('latin1').decode(sealed);
    for (const part of [
      KEY,
      tenant.key,
      made.body.key,
      made.body.id,
      'shown once',
      tenant.accountId,
    ])
      expect(text.includes(part), part).toBe(false);
  });

  it('opens with the credential and key it was made under and with no other', async () => {
    const made = await add();
    const row = await env.DB.prepare('SELECT answer FROM idempotency_records').first<{
      answer: number[];
    }>();
    const sealed = Uint8Array.from(row?.answer ?? []);
    const own = await (await claimOf(body)).open(sealed);
    expect(own).toMatchObject({ status: 201, body: made.body });
    const theirs = await claimOf(body, await keyOf(tenant.accountId));
    await expect(theirs.open(sealed)).rejects.toThrow();
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    await expect((await claimOf(body)).open(sealed)).rejects.toThrow();
  });
});
