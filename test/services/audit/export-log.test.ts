/** The export: exactly what a verifier takes, stretch by stretch, with checkpoints that are really signed. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { encodeCheckpoint } from '../../../worker/core/audit/checkpoint.ts';
import {
  type AuditExport,
  parseAuditExport,
  verifyAuditExport,
} from '../../../worker/core/audit/verify.ts';
import { verifySignature } from '../../../worker/core/crypto/signature.ts';
import { call, openTenant, type Tenant } from '../../support/harness.ts';
import { bindings } from './journal-under-test.ts';

async function exported(tenant: Tenant, query = ''): Promise<AuditExport> {
  const { body } = await tenant.call(`GET /audit/export${query}`);
  const parsed = parseAuditExport(body);
  if (!parsed.ok) throw new Error(parsed.failure.detail);
  return parsed.value;
}

/** Has the journal's head signed now; in life that comes with the hundredth entry or after an hour. */
async function signCheckpoint(accountId: string): Promise<void> {
  const stub = bindings.ACCOUNT_JOURNAL.getByName(accountId);
  const pending = await stub.pendingCheckpoint();
  if (!pending.ok || pending.value === null) throw new Error('nothing to sign');
  const payload = encodeCheckpoint(pending.value);
  const signature = await bindings.BRIDGE.sign({ purpose: 'audit-checkpoint', payload });
  if (!signature.ok) throw new Error(signature.failure.code);
  await stub.saveCheckpoint({ checkpoint: pending.value, signature: signature.value });
}

async function publishedKeys() {
  const { body } = await call('GET /system/signing-keys', { token: null });
  return body.items;
}

describe('200', () => {
  it('verifies, and a change of any field, a dropped and a swapped entry are found', async () => {
    const tenant = await openTenant();
    await tenant.call('POST /secrets', { body: { name: 'token', value: 'x' } });
    const log = await exported(tenant);
    expect(verifyAuditExport({ log })).toMatchObject({ ok: true, value: { lastSequence: 3 } });
    const [one, two, three] = log.entries;
    if (!one || !two || !three) throw new Error('three entries were written');
    const attacks = {
      entry_changed: [one, { ...two, outcome: 'refused' }, three],
      entry_missing: [one, three],
      entry_misplaced: [one, two, two],
    };
    for (const [kind, entries] of Object.entries(attacks))
      expect(verifyAuditExport({ log: { ...log, entries } })).toMatchObject({ failure: { kind } });
  });

  it('carries checkpoints whose signatures hold against the published keys', async () => {
    const tenant = await openTenant();
    await tenant.call('GET /audit');
    await signCheckpoint(tenant.accountId);
    const publicKeys = await publishedKeys();
    const log = await exported(tenant);
    const verdict = verifyAuditExport({
      log,
      isSigned: (payload, signature) =>
        verifySignature({ purpose: 'audit-checkpoint', payload, signature, publicKeys }).ok,
    });
    expect(verdict).toMatchObject({
      ok: true,
      value: { signatures: 'checked', coveredThrough: 2, checkpoints: 1 },
    });
    expect(verifyAuditExport({ log: { ...log, entries: log.entries.slice(0, 1) } })).toMatchObject({
      failure: { kind: 'truncated' },
    });
  });

  it('is signed by the journal itself after a hundred entries', async () => {
    const tenant = await openTenant();
    const stub = bindings.ACCOUNT_JOURNAL.getByName(tenant.accountId);
    await tenant.call('GET /audit');
    for (let index = 0; index < 100; index += 1) await stub.appendAudit({ note: index });
    await runInDurableObject(stub, (_journal, state) => state.storage.setAlarm(Date.now()));
    await runDurableObjectAlarm(stub);
    await expect
      .poll(async () => (await exported(tenant)).checkpoints.length, { timeout: 10_000 })
      .toBe(1);
  });

  it('goes on where a stretch ended, and the stretches joined verify as one', async () => {
    const tenant = await openTenant();
    for (let index = 0; index < 3; index += 1)
      await tenant.call('POST /secrets', { body: { name: `s${index}`, value: 'x' } });
    const first = await tenant.call('GET /audit/export?limit=2');
    expect(first.headers.get('link')).toBe(
      `</accounts/${tenant.accountId}/audit/export?fromSequence=3&limit=2>; rel="next"`,
    );
    const rest = await tenant.call('GET /audit/export?fromSequence=3');
    expect(rest.headers.get('link')).toBeNull();
    const entries = [...first.body.entries, ...rest.body.entries];
    const log = { ...first.body, entries };
    expect(verifyAuditExport({ log })).toMatchObject({ ok: true, value: { lastSequence: 5 } });
  });
});

describe('400', () => {
  it.each(['fromSequence=0', 'limit=0', 'limit=1001', 'cursor=x'])('refuses %s', async (query) => {
    const tenant = await openTenant();
    expect((await tenant.call(`GET /audit/export?${query}`)).status).toBe(400);
  });
});

describe('404', () => {
  it("does not export another tenant's log", async () => {
    const [tenant, stranger] = [await openTenant(), await openTenant('stranger')];
    const path = `GET /accounts/${tenant.accountId}/audit/export`;
    expect((await call(path, { token: stranger.key })).status).toBe(404);
  });
});
