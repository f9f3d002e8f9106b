/**
 * A change of the catalogue as one atomic unit: the statements of the effect, the audit line and
 * events it causes (outbox rows, drained to the account's journal afterwards), and the idempotency
 * record. All are in one D1 batch, so a crash leaves either everything or nothing, and a refusal
 * has had no effect at all.
 */
import type { SQL } from 'drizzle-orm';
import type { AuditActor } from '../core/audit/entry.ts';
import { toTimestamp } from '../core/clock.ts';
import type { Failure } from '../core/result.ts';
import { ok, type Result } from '../core/result.ts';
import { runBatch } from '../db/batch.ts';
import { failedGuard, failedUnique, type Guard } from '../db/guards.ts';
import { finishStatements } from './idempotency.ts';
import { drainOutbox, tell } from './outbox.ts';
import { actorOf, newId, type RequestContext } from './request-context.ts';

/** Whoever makes a change without being asked by a request. */
export interface Author extends Pick<RequestContext, 'env' | 'db' | 'now' | 'operationId'> {
  readonly actor: AuditActor;
}

/** A request's change is answered and told at once; an author's is told by the next drain. */
export type CommitContext = RequestContext | Author;

const isRequest = (context: CommitContext): context is RequestContext => 'principal' in context;

/** Who the audit log says it was. */
export const authorOf = (context: CommitContext): AuditActor =>
  isRequest(context) ? actorOf(context.principal) : context.actor;

export interface EventNote {
  /** CloudEvents type, e.g. `secret.rotation_due`. */
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CommittedAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Change<Answer extends CommittedAnswer> {
  /** SQL or drizzle queries (both are `SQLWrapper`s once `getSQL` is called). */
  readonly statements: readonly (SQL | { getSQL(): SQL })[];
  /** The account the change belongs to; undefined for operator acts without an account. */
  readonly accountId: string | undefined;
  readonly target?: { readonly kind: string; readonly id: string };
  /** Small facts for the audit line; never a secret value or a credential. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly events?: readonly EventNote[];
  /** What a failed UNIQUE constraint means, by its columns (`secrets.account_id, secrets.name`). */
  readonly conflicts?: Readonly<Record<string, Failure>>;
  /** What a failed guard means. */
  readonly guards?: Partial<Readonly<Record<Guard, Failure>>>;
  /**
   * Set where nobody can be waiting: the next change, the first reader or the sweep drains the
   * outbox.
   */
  readonly drain?: 'later';
  readonly answer: Answer;
}

export async function commit<const Answer extends CommittedAnswer>(
  context: CommitContext,
  change: Change<Answer>,
): Promise<Result<Answer>> {
  const claim = isRequest(context) ? context.claim : undefined;
  const finish = claim
    ? await finishStatements(claim, {
        status: change.answer.status,
        body: change.answer.body,
        headers: {
          ...change.answer.headers,
          ...(change.answer.etag ? { etag: change.answer.etag } : {}),
        },
      })
    : [];
  const statements = [
    ...finish.slice(0, 1),
    ...change.statements.map((statement) => statement.getSQL()),
    ...outboxStatements(context, change),
    ...finish.slice(1),
  ];
  try {
    await runBatch(context.env.DB, statements);
  } catch (thrown) {
    const failure = toFailure(thrown, change);
    if (failure) return { ok: false, failure };
    throw thrown;
  }
  if (claim) claim.stored = true;
  if (isRequest(context) && change.drain !== 'later')
    context.defer(drainOutbox(context.env, context.db, journalOf(change)));
  return ok(change.answer);
}

const journalOf = (change: { readonly accountId: string | undefined }): string =>
  change.accountId ?? 'operator';

function outboxStatements(context: CommitContext, change: Change<CommittedAnswer>): readonly SQL[] {
  const audit = {
    at: toTimestamp(context.now),
    actor: authorOf(context),
    operation: context.operationId,
    outcome: 'ok',
    ...(isRequest(context) ? { requestId: context.requestId, traceId: context.trace.traceId } : {}),
    ...(change.target ? { target: change.target } : {}),
    ...(change.details ? { details: change.details } : {}),
  };
  const events = (change.events ?? []).map((event) => ({
    id: newId('event', context.now),
    source: `/accounts/${journalOf(change)}`,
    specversion: '1.0',
    time: toTimestamp(context.now),
    ...event,
  }));
  const row = (kind: 'audit' | 'event', body: object): SQL =>
    tell({ journal: journalOf(change), kind, body, now: context.now });
  return [row('audit', audit), ...events.map((event) => row('event', event))];
}

function toFailure(thrown: unknown, change: Change<CommittedAnswer>): Failure | undefined {
  const failed = failedGuard(thrown);
  if (failed === 'lease') return { code: 'idempotency.in_progress', retryAfterSeconds: 1 };
  if (failed) return change.guards?.[failed];
  const unique = failedUnique(thrown);
  return unique === undefined ? undefined : change.conflicts?.[unique];
}
