/**
 * Everything one request carries besides its input: who calls, when, with which ids, and the ways
 * to the outside. Handlers and services receive it as an argument; nothing of a request lives in
 * module state.
 */
import type { Principal } from '../core/access.ts';
import { assertNever } from '../core/assert.ts';
import type { AuditActor } from '../core/audit/entry.ts';
import type { IdKind } from '../core/ids.ts';
import { createId } from '../core/ids.ts';
import type { Trace } from '../core/trace-context.ts';
import type { Database } from '../db/connect.ts';
import type { Env, Settings } from '../env.ts';
import type { IdempotencyClaim } from './idempotency.ts';
import type { Log } from './log.ts';

export interface RequestContext {
  readonly env: Env;
  readonly settings: Settings;
  readonly db: Database;
  readonly log: Log;
  readonly now: number;
  readonly requestId: string;
  readonly trace: Trace;
  readonly principal: Principal;
  /**
   * The operation being served, e.g. `secrets.createSecret`; the audit log's word for what
   * happened.
   */
  readonly operationId: string;
  readonly ifMatch: string | undefined;
  /** Set while an `Idempotency-Key` is being honoured. */
  readonly claim: IdempotencyClaim | undefined;
  /** The address or network the request came from, as rate limits count it. */
  readonly address: string;
  /** Runs after the answer is sent; its failures are logged, never shown. */
  readonly defer: (work: Promise<unknown>) => void;
}

export const randomBytes = (length: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(length));

export const newId = (kind: IdKind, now: number): string =>
  createId(kind, { now, random: randomBytes(10) });

/** Who made a resource, as resources say it: an id, or `operator:` and the name of a token. */
export const creatorOf = (principal: Principal): string => nameOfActor(actorOf(principal));

export function nameOfActor({ kind, id }: AuditActor): string {
  if (kind === 'operator') return `operator:${id}`;
  return kind === 'system' ? 'system' : id;
}

/** The actor of an audit entry. */
export function actorOf(principal: Principal): AuditActor {
  switch (principal.kind) {
    case 'operator':
      return { kind: 'operator', id: principal.name };
    case 'apiKey':
      return { kind: 'apiKey', id: principal.keyId };
    case 'session':
      return { kind: 'session', id: principal.sessionId };
    case 'anonymous':
      return { kind: 'system', id: 'anonymous' };
    default:
      return assertNever(principal);
  }
}
