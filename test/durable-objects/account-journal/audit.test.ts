import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { SigningPublicKey } from '../../../enclave-bridge/contract.ts';
import { verifyAuditExport } from '../../../worker/core/audit/verify.ts';
import { type Signature, verifySignature } from '../../../worker/core/crypto/signature.ts';
import type { Result } from '../../../worker/core/result.ts';
import {
  codeOf,
  connectOutside,
  type Journal,
  journalOf,
  letTimePass,
  rowsOf,
  valueOf,
  wake,
} from './journal.ts';

const { BRIDGE } = env as unknown as {
  BRIDGE: { publicKey(): Promise<Result<SigningPublicKey>> };
};

const AT = '2026-11-01T00:00:00.000Z';
const line = (n: number, change: object = {}) => ({
  at: AT,
  actor: { kind: 'apiKey', id: n % 2 === 0 ? 'key_even' : 'key_odd' },
  operation: n % 3 === 0 ? 'secrets.createSecret' : 'keys.createKey',
  outcome: n % 5 === 0 ? 'refused' : 'ok',
  details: { n },
  ...change,
});
const row = (outboxId: number) => ({ outboxId, kind: 'audit' as const, body: line(outboxId) });
const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => row(from + index));

async function exportAll(journal: Journal) {
  const pages = [];
  let next: number | null = 1;
  while (next !== null) {
    pages.push(valueOf(await journal.exportAudit({ fromSequence: next, limit: 70 })));
    next = pages.at(-1)?.nextSequence ?? null;
  }
  return {
    accountId: pages[0]?.accountId ?? '',
    entries: pages.flatMap(({ entries }) => entries),
    checkpoints: pages.flatMap(({ checkpoints }) => checkpoints),
  };
}

const told = async (journal: Journal) =>
  valueOf(await journal.listAudit({ limit: 500, afterSequence: 0 })).items.map(
    ({ details }) => details?.n,
  );

describe('the outbox of D1', () => {
  it('is applied once and in order, however it is delivered', async () => {
    const journal = journalOf();
    await Promise.all([
      journal.appendOutbox(rows(1, 4)),
      journal.appendOutbox(rows(1, 6)),
      journal.appendOutbox(rows(3, 5).toReversed()),
    ]);
    await evictDurableObject(journal);
    expect(valueOf(await journal.appendOutbox(rows(1, 6)))).toEqual({
      lastOutboxId: 6,
      applied: 0,
    });
    expect(valueOf(await journal.appendOutbox([row(9), row(8)]))).toEqual({
      lastOutboxId: 9,
      applied: 2,
    });
    expect(await told(journal)).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
    expect(verifyAuditExport({ log: await exportAll(journal) }).ok).toBe(true);
  });

  it('is never blocked by a row that cannot be read', async () => {
    const journal = journalOf();
    const broken = [
      { outboxId: 1, kind: 'audit' as const, body: { nonsense: true } },
      { outboxId: 2, kind: 'event' as const, body: { id: '' } },
      { outboxId: 3, kind: 'audit' as const, body: line(3, { operation: '\ud800' }) },
    ];
    expect(valueOf(await journal.appendOutbox([...broken, row(4)])).applied).toBe(4);
    const { items } = valueOf(await journal.listAudit({ limit: 10, afterSequence: 0 }));
    expect(items.map(({ operation }) => operation)).toEqual([
      'audit.unreadable',
      'events.unreadable',
      '\ufffd',
      'keys.createKey',
    ]);
  });
});

describe('the chain', () => {
  it('holds under concurrent appends and across evictions', async () => {
    const journal = journalOf();
    await Promise.all(Array.from({ length: 30 }, (_, n) => journal.appendAudit(line(n))));
    await evictDurableObject(journal);
    await Promise.all(Array.from({ length: 30 }, (_, n) => journal.appendAudit(line(n))));
    const verdict = verifyAuditExport({ log: await exportAll(journal) });
    expect(verdict).toMatchObject({ ok: true, value: { lastSequence: 60 } });
  });

  it('shows an edit of the stored rows', async () => {
    const journal = journalOf();
    await journal.appendOutbox(rows(1, 5));
    await runInDurableObject(journal, (_object, { storage }) =>
      storage.sql.exec(
        `UPDATE audit_entries SET entry = replace(entry, 'key_odd', 'key_other') WHERE sequence = 3`,
      ),
    );
    expect(verifyAuditExport({ log: await exportAll(journal) })).toMatchObject({
      failure: { kind: 'entry_changed', sequence: 3 },
    });
  });
});

describe('checkpoints', () => {
  const checkpointsOf = async (journal: Journal) =>
    (await exportAll(journal)).checkpoints.map(({ checkpoint }) => checkpoint.sequence);

  it('are signed at 100 entries, not before the hour otherwise', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    await journal.appendOutbox(rows(1, 99));
    await wake(journal);
    expect(outside.signed).toEqual([]);
    await journal.appendOutbox([row(100)]);
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([100]);
    await wake(journal);
    expect(outside.signed).toHaveLength(1);
    expect(verifyAuditExport({ log: await exportAll(journal) }).ok).toBe(true);
  });

  it('are signed an hour after the first uncovered entry', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    await journal.appendOutbox(rows(1, 3));
    await letTimePass(journal, 3_600_000);
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([3]);
    await journal.appendOutbox(rows(4, 5));
    await letTimePass(journal, 3_600_000);
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([3, 5]);
  });

  it('come again after an outage of the signer, and where it is not exported at all', async () => {
    const journal = journalOf();
    const outside = await connectOutside(journal);
    outside.answering = false;
    await journal.appendOutbox(rows(1, 100));
    await wake(journal);
    expect(outside.signed).toHaveLength(1);
    await runInDurableObject(journal, (object) => {
      Object.assign(object, { ports: {} });
    });
    await letTimePass(journal, 31_000);
    await wake(journal);
    expect(await checkpointsOf(journal)).toEqual([]);
    await connectOutside(journal);
    await letTimePass(journal, 31_000);
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([100]);
  });

  it('are signed by the bridge itself, so that its public keys prove the log', async () => {
    const journal = journalOf();
    await journal.appendOutbox(rows(1, 100));
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([100]);
    const publicKeys = [valueOf(await BRIDGE.publicKey())];
    const isSigned = (payload: Uint8Array, signature: Signature) =>
      verifySignature({ purpose: 'audit-checkpoint', payload, signature, publicKeys }).ok;
    const verdict = verifyAuditExport({ log: await exportAll(journal), isSigned });
    expect(verdict).toMatchObject({
      ok: true,
      value: { signatures: 'checked', coveredThrough: 100 },
    });
  });

  it('are saved only while the log says what was signed, and once', async () => {
    const journal = journalOf();
    await journal.appendOutbox(rows(1, 3));
    const checkpoint = valueOf(await journal.pendingCheckpoint());
    if (checkpoint === null) throw new Error('nothing to sign');
    const signature = {
      algorithm: 'ES256',
      keyId: '11'.repeat(8),
      value: 'B'.repeat(86),
      attested: false,
    } as const;
    await journal.appendOutbox(rows(4, 5)); // Entries that came while the signature was made.
    const wrong = [
      { ...checkpoint, hash: 'ab'.repeat(32) },
      { ...checkpoint, accountId: 'acc_other' },
      { ...checkpoint, sequence: 4 },
      { ...checkpoint, entries: 2 },
    ];
    for (const changed of wrong)
      expect(await journal.saveCheckpoint({ checkpoint: changed, signature })).toEqual({
        ok: true,
        value: { saved: false },
      });
    const saves = await Promise.all([
      journal.saveCheckpoint({ checkpoint, signature }),
      journal.saveCheckpoint({ checkpoint, signature }),
    ]);
    expect(saves.map((saved) => valueOf(saved).saved)).toEqual([true, false]);
    expect(valueOf(await journal.pendingCheckpoint())).toMatchObject({ sequence: 5, entries: 2 });
  });

  it('announce a cut before it is made, and the cut log still verifies', async () => {
    const journal = journalOf();
    await connectOutside(journal);
    await journal.appendOutbox(rows(1, 100));
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([100]);
    await letTimePass(journal, 1096 * 86_400_000);
    await wake(journal);
    expect(await rowsOf(journal, 'SELECT count(*) AS n FROM audit_entries')).toEqual([{ n: 100 }]);
    await journal.appendOutbox(rows(101, 230));
    await wake(journal);
    await expect.poll(() => checkpointsOf(journal)).toEqual([100, 230]);
    await wake(journal);
    const log = await exportAll(journal);
    expect(log.entries[0]?.sequence).toBe(101);
    expect(log.checkpoints.at(-1)?.checkpoint.cutBefore).toBe(101);
    expect(verifyAuditExport({ log })).toMatchObject({ ok: true, value: { firstSequence: 101 } });
  });
});

describe('refusals of a known key', () => {
  const refusal = (reason = 'key_revoked', keyId = 'key_stolen') => ({
    keyId,
    reason,
    operation: 'auth.refused',
    actor: { kind: 'apiKey' as const, id: keyId },
  });
  const refusals = async (journal: Journal) =>
    valueOf(
      await journal.listAudit({ limit: 50, afterSequence: 0, operation: 'auth.refused' }),
    ).items.map(({ target, details }) => [target?.id, details?.count]);

  it('are told at once, then at most once a minute with their count', async () => {
    const journal = journalOf();
    await Promise.all(Array.from({ length: 20 }, () => journal.recordRefusal(refusal())));
    await journal.recordRefusal(refusal('scope_missing', 'key_other'));
    expect(await refusals(journal)).toEqual([
      ['key_stolen', 1],
      ['key_other', 1],
    ]);
    await journal.recordRefusal(refusal('expired'));
    await letTimePass(journal, 60_000);
    await evictDurableObject(journal);
    await wake(journal);
    expect(await refusals(journal)).toEqual([
      ['key_stolen', 1],
      ['key_other', 1],
      ['key_stolen', 20],
    ]);
    const [latest] = valueOf(await journal.listAudit({ limit: 1 })).items;
    expect(latest?.details?.reasons).toEqual(['key_revoked', 'expired']);
    const raised = valueOf(await journal.listEvents({ afterSequence: 0, limit: 10 })).items;
    expect(raised.map(({ type, subject }) => [type, subject])).toEqual([
      ['auth.refused', 'key_stolen'],
      ['auth.refused', 'key_other'],
      ['auth.refused', 'key_stolen'],
    ]);
  });

  it('are told at once again after a quiet minute', async () => {
    const journal = journalOf();
    await journal.recordRefusal(refusal());
    await letTimePass(journal, 60_000);
    await wake(journal);
    await journal.recordRefusal(refusal());
    expect(await refusals(journal)).toEqual([
      ['key_stolen', 1],
      ['key_stolen', 1],
    ]);
  });
});

describe('reading the audit log', () => {
  it('filters by actor, operation, outcome and time', async () => {
    const journal = journalOf();
    await journal.appendOutbox(rows(1, 30));
    const count = async (filter: object) =>
      valueOf(await journal.listAudit({ limit: 100, ...filter })).items.length;
    expect(await count({ actorId: 'key_even' })).toBe(15);
    expect(await count({ operation: 'secrets.createSecret' })).toBe(10);
    expect(await count({ outcome: 'refused' })).toBe(6);
    expect(await count({ actorId: 'key_even', outcome: 'refused' })).toBe(3);
    expect(await count({ since: Date.parse(AT) })).toBe(30);
    expect(await count({ until: Date.parse(AT) })).toBe(0);
  });

  it('pages in both directions without loss or repetition while entries are added', async () => {
    const journal = journalOf();
    await journal.appendOutbox(rows(1, 25));
    const seen: number[] = [];
    let next: number | null | undefined;
    let added = 25;
    while (next !== null) {
      const from: { beforeSequence?: number } = next === undefined ? {} : { beforeSequence: next };
      const page = valueOf(await journal.listAudit({ limit: 4, ...from }));
      seen.push(...page.items.map(({ sequence }) => sequence));
      next = page.nextSequence;
      added += 1;
      await journal.appendOutbox([row(added)]);
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
  });

  it('refuses an export from before the first entry', async () => {
    const journal = journalOf();
    expect(codeOf(await journal.exportAudit({ fromSequence: 0, limit: 10 }))).toBe(
      'request.malformed',
    );
  });
});
