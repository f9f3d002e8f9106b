/**
 * `Idempotency-Key` for operations whose effect is in D1
 * (draft-ietf-httpapi-idempotency-key-header-07). A claim with a lease is written first; the batch
 * that carries the effect also marks the record done, guarded by the lease, so the record and the
 * effect are one atomic unit. A claim whose request died without effect is taken over once its
 * lease ends: it never blocks for ever. A refused or failed request frees the key.
 *
 * What a reader of the database learns: nothing. Record id, fingerprint key and answer key are
 * derived (HKDF, RFC 5869) from the caller's credential and the key, neither of which is stored.
 */
import { and, eq, lte, or, sql } from 'drizzle-orm';
import { decideClaim, type IdempotencyRecord } from '../core/idempotency.ts';
import { LIMITS } from '../core/limits.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Database } from '../db/connect.ts';
import { guard } from '../db/guards.ts';
import { idempotencyRecords } from '../db/tables.ts';

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The caller's right to act under one key; `leaseId` tells this attempt from one that took over.
 */
export interface IdempotencyClaim {
  readonly recordId: string;
  readonly fingerprint: string;
  readonly leaseId: string;
  /** Set once the batch that holds the answer is written; until then the request had no effect. */
  stored: boolean;
  readonly seal: (answer: StoredAnswer) => Promise<Uint8Array>;
  readonly open: (sealed: Uint8Array) => Promise<StoredAnswer>;
}

export interface ClaimRequest {
  readonly credential: string;
  readonly key: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly body: Uint8Array;
  readonly leaseId: string;
}

const KEY_FORM = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const encoder = new TextEncoder();

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Derives the claim; refuses a key that is not 1 to 255 visible ASCII characters. */
export async function deriveClaim(
  request: ClaimRequest,
): Promise<Result<IdempotencyClaim, 'request.malformed'>> {
  const longest = LIMITS.idempotencyKeyCharsMax.value;
  if (request.key.length > longest || !KEY_FORM.test(request.key))
    return err('request.malformed', {
      fields: [
        { pointer: 'header/Idempotency-Key', detail: `must be 1 to ${longest} ASCII characters` },
      ],
    });
  const material = await deriveMaterial(request.credential, request.key);
  const fingerprint = await hmac(material.slice(32, 64), [
    encoder.encode(`${request.method}\n${request.target}\n`),
    request.body,
  ]);
  const answerKey = material.slice(64, 96);
  return ok({
    recordId: toHex(material.slice(0, 32)),
    fingerprint: toHex(fingerprint),
    leaseId: request.leaseId,
    stored: false,
    seal: (answer) => sealAnswer(answerKey, answer),
    open: (sealed) => openAnswer(answerKey, sealed),
  });
}

async function deriveMaterial(credential: string, key: string): Promise<Uint8Array> {
  const secret = await crypto.subtle.importKey('raw', encoder.encode(credential), 'HKDF', false, [
    'deriveBits',
  ]);
  const parameters = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: encoder.encode(key),
    info: encoder.encode('neo-service-layer/idempotency/v1'),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, secret, 96 * 8));
}

async function hmac(key: Uint8Array, parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, whole));
}

async function sealAnswer(key: Uint8Array, answer: StoredAnswer): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plaintext = encoder.encode(JSON.stringify(answer));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, imported, plaintext);
  const whole = new Uint8Array(12 + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), 12);
  return whole;
}

async function openAnswer(key: Uint8Array, sealed: Uint8Array): Promise<StoredAnswer> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, 12) };
  const plaintext = await crypto.subtle.decrypt(algorithm, imported, sealed.slice(12));
  return JSON.parse(new TextDecoder().decode(plaintext)) as StoredAnswer;
}

type ClaimRefusal = 'idempotency.key_reused' | 'idempotency.in_progress';

/**
 * Claims the key, or answers what the first request was answered. What core/idempotency.ts decides
 * of a record is decided here in two halves, since D1 cannot branch on what it read: the statement
 * writes only where `decideClaim` would say `proceed` or `takeOver`, and whoever did not write asks
 * it what to answer.
 */
export async function claimKey(
  db: Database,
  claim: IdempotencyClaim,
  now: number,
): Promise<Result<{ readonly replay: StoredAnswer | undefined }, ClaimRefusal>> {
  const row = {
    recordId: claim.recordId,
    fingerprint: claim.fingerprint,
    leaseId: claim.leaseId,
    leaseUntil: now + LIMITS.idempotencyLeaseSeconds.value * 1000,
    expiresAt: now + LIMITS.idempotencyKeepHours.value * 3_600_000,
    answer: null,
  };
  const dead = or(
    lte(idempotencyRecords.expiresAt, now),
    and(
      eq(idempotencyRecords.fingerprint, claim.fingerprint),
      sql`${idempotencyRecords.answer} IS NULL`,
      lte(idempotencyRecords.leaseUntil, now),
    ),
  );
  const won = await db
    .insert(idempotencyRecords)
    .values(row)
    .onConflictDoUpdate({
      target: idempotencyRecords.recordId,
      set: row,
      ...(dead ? { setWhere: dead } : {}),
    })
    .returning({ recordId: idempotencyRecords.recordId });
  return won.length > 0 ? ok({ replay: undefined }) : judgeEarlier(db, claim, now);
}

async function judgeEarlier(db: Database, claim: IdempotencyClaim, now: number) {
  const [earlier] = await db
    .select()
    .from(idempotencyRecords)
    .where(eq(idempotencyRecords.recordId, claim.recordId));
  const record = earlier && toRecord(earlier);
  const decided = decideClaim(record, claim.fingerprint, now);
  if (!decided.ok) return decided;
  if (earlier?.answer && decided.value === 'replay')
    return ok({ replay: await claim.open(new Uint8Array(earlier.answer)) });
  // The first request freed the key between the two statements: ask again.
  return err('idempotency.in_progress', { retryAfterSeconds: 1 });
}

const toRecord = ({
  answer,
  ...record
}: typeof idempotencyRecords.$inferSelect): IdempotencyRecord => ({
  ...record,
  state: answer === null ? 'running' : 'done',
});

/** The two statements that make the record part of the effect's batch. */
export async function finishStatements(claim: IdempotencyClaim, answer: StoredAnswer) {
  const sealed = await claim.seal(answer);
  return [
    guard(
      'lease',
      sql`(SELECT lease_id FROM idempotency_records WHERE record_id = ${claim.recordId}) = ${claim.leaseId}`,
    ),
    sql`UPDATE idempotency_records SET answer = ${sealed} WHERE record_id = ${claim.recordId}`,
  ] as const;
}

/** Frees the key of a request that had no effect; the lease guards one that has been taken over. */
export async function releaseKey(db: Database, claim: IdempotencyClaim): Promise<void> {
  await db
    .delete(idempotencyRecords)
    .where(
      and(
        eq(idempotencyRecords.recordId, claim.recordId),
        eq(idempotencyRecords.leaseId, claim.leaseId),
        sql`${idempotencyRecords.answer} IS NULL`,
      ),
    );
}
