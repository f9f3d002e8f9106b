/**
 * The order of effects for API keys. A key gives no scope and no lifetime it does not have itself.
 */
import type { SQL } from 'drizzle-orm';
import {
  type Principal,
  PUBLISHABLE_SCOPE,
  type PublishableBinding,
  ROLES,
  type Role,
  type Scope,
} from '../../core/access.ts';
import { toTimestamp } from '../../core/clock.ts';
import { encodeApiKey, hashCredential, type KeyEnvironment } from '../../core/crypto/api-key.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isOrigin } from '../../core/sessions/challenge.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { creatorOf, newId, type RequestContext, randomBytes } from '../../http/request-context.ts';
import { parseRequestKey } from '../../http/request-key-schema.ts';
import { accountOpen, loadQuotas, quotaExceeded } from '../accounts/index.ts';
import { sessionUsable } from '../sessions/index.ts';
import { loadSponsorshipPolicy } from '../sponsorships/index.ts';
import {
  bindingOf,
  insertKey,
  type KeyRow,
  keyLastsUntil,
  keysBelow,
  keyUnchanged,
  listKeyRows,
  loadKey,
  updateKeyRow,
} from './store.ts';

const ENVIRONMENTS: Record<RequestContext['settings']['ENVIRONMENT'], KeyEnvironment> = {
  development: 'dev',
  staging: 'stg',
  production: 'prd',
};

export function toKey(row: KeyRow, now: number) {
  return {
    id: row.keyId,
    name: row.name,
    scopes: [...row.scopes],
    signingPublicKey: row.signingKey,
    publishable: toBinding(bindingOf(row)),
    status: statusOf(row, now),
    createdBy: row.createdBy,
    createdAt: toTimestamp(row.createdAt),
    expiresAt: row.expiresAt === null ? null : toTimestamp(row.expiresAt),
    revokedAt: row.revokedAt === null ? null : toTimestamp(row.revokedAt),
    lastUsedAt: row.lastUsedAt === null ? null : toTimestamp(row.lastUsedAt),
    rotatedTo: row.rotatedTo,
  };
}

const toBinding = (binding: PublishableBinding | undefined) =>
  binding ? { policyId: binding.policyId, origins: [...binding.origins] } : null;

function statusOf(row: KeyRow, now: number): 'active' | 'expiring' | 'expired' | 'revoked' {
  if (row.revokedAt !== null && row.revokedAt <= now) return 'revoked';
  if (row.expiresAt !== null && row.expiresAt <= now) return 'expired';
  return row.revokedAt === null ? 'active' : 'expiring';
}

export interface KeyRequest {
  readonly name: string;
  readonly scopes?: readonly Scope[] | undefined;
  readonly role?: Role | undefined;
  readonly expiresInSeconds?: number | undefined;
  readonly signingPublicKey?: string | undefined;
}

export async function createKey(context: RequestContext, accountId: string, request: KeyRequest) {
  const signingKey = parseRequestKey(request.signingPublicKey);
  if (!signingKey.ok) return signingKey;
  const scopes = [...new Set(request.scopes ?? (request.role ? ROLES[request.role] : []))].sort();
  const asked =
    request.expiresInSeconds === undefined ? null : context.now + request.expiresInSeconds * 1000;
  const expiresAt = asked ?? creatorExpiry(context.principal);
  const allowed = checkCreator(context.principal, scopes, expiresAt);
  if (!allowed.ok) return allowed;
  const { name } = request;
  const issue = { accountId, name, scopes, expiresAt, signingKey: signingKey.value, ...SECRET };
  return issueKey(context, issue, undefined);
}

const SECRET = { policyId: null, origins: null } as const;

export interface PublishableKeyRequest extends PublishableBinding {
  readonly name: string;
  readonly expiresInSeconds?: number | undefined;
}

/** For browsers (money rule M22): one scope, one policy, and the sites that may use it. */
export async function createPublishableKey(
  context: RequestContext,
  accountId: string,
  { name, policyId, origins, expiresInSeconds }: PublishableKeyRequest,
) {
  const bad = origins.findIndex((origin) => !isOrigin(origin));
  if (bad >= 0)
    return malformed(`/origins/${String(bad)}`, 'is no origin, such as https://a.example');
  const policy = await loadSponsorshipPolicy(context.db, { accountId, policyId });
  if (!policy) return malformed('/policyId', 'is not a sponsorship policy of this account');
  const scopes = [PUBLISHABLE_SCOPE];
  const asked = expiresInSeconds === undefined ? null : context.now + expiresInSeconds * 1000;
  const expiresAt = asked ?? creatorExpiry(context.principal);
  const allowed = checkCreator(context.principal, scopes, expiresAt);
  if (!allowed.ok) return allowed;
  const binding = { policyId, origins: [...new Set(origins)] };
  const issue = { accountId, name, scopes, expiresAt, signingKey: null, ...binding };
  return issueKey(context, issue, undefined);
}

const malformed = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });

const creatorExpiry = (principal: Principal): number | null =>
  principal.kind === 'apiKey' ? principal.expiresAt : null;

/**
 * The attack: a key with `keys:write` makes itself a wider or an immortal one. Operators are bound
 * by nothing.
 */
function checkCreator(
  principal: Principal,
  scopes: readonly Scope[],
  expiresAt: number | null,
): Result<null, 'keys.wider_than_creator'> {
  if (principal.kind !== 'apiKey' && principal.kind !== 'session') return ok(null);
  const beyond = scopes.filter((scope) => !principal.scopes.includes(scope));
  if (beyond.length > 0)
    return err('keys.wider_than_creator', { detail: `You do not have ${beyond.join(', ')}.` });
  // The token of a session ends in minutes, but the wallet behind it signs in again.
  const outlives =
    principal.kind === 'apiKey' &&
    principal.expiresAt !== null &&
    (expiresAt === null || expiresAt > principal.expiresAt);
  return outlives
    ? err('keys.wider_than_creator', { detail: 'The key would outlive the one that makes it.' })
    : ok(null);
}

interface Issue {
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
  readonly signingKey: string | null;
  readonly policyId: string | null;
  readonly origins: readonly string[] | null;
}

/** Makes the key; a rotation adds the statement that ends the predecessor to the same batch. */
async function issueKey(
  context: RequestContext,
  issue: Issue,
  predecessor: { readonly row: KeyRow; readonly revokedAt: number } | undefined,
) {
  const keyId = newId('apiKey', context.now);
  const environment = ENVIRONMENTS[context.settings.ENVIRONMENT];
  const key = encodeApiKey({ environment, keyId, secret: randomBytes(32) });
  const { principal, now } = context;
  const row: KeyRow = {
    ...issue,
    keyId,
    hash: hashCredential(key),
    createdBy: creatorOf(principal),
    revokedAt: null,
    lastUsedAt: null,
    rotatedTo: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
  const quota = (await loadQuotas(context.db, issue.accountId)).keys;
  const ending = predecessor
    ? [
        guard('revision', keyUnchanged(predecessor.row)),
        updateKeyRow(context.db, predecessor.row, {
          revokedAt: predecessor.revokedAt,
          rotatedTo: keyId,
          updatedAt: now,
        }),
      ]
    : [];
  return commit(context, {
    statements: [
      guard('state', accountOpen(issue.accountId)),
      ...creatorLasts(context, issue.expiresAt),
      ...ending,
      guard('quota', keysBelow(issue.accountId, quota, now)),
      insertKey(context.db, row),
    ],
    accountId: issue.accountId,
    target: { kind: 'apiKey', id: keyId },
    details: {
      name: issue.name,
      scopes: issue.scopes,
      signingPublicKey: issue.signingKey,
      policyId: issue.policyId,
      origins: issue.origins,
      replaces: predecessor?.row.keyId ?? null,
    },
    guards: {
      state: { code: 'request.not_found' },
      quota: quotaExceeded('keys', quota),
      // A key changes only by ending, so the other change was a rotation or a revocation.
      revision: { code: 'keys.ended' },
      member: {
        code: 'keys.wider_than_creator',
        detail: 'The key that makes it has ended, or ends before it.',
      },
    },
    answer: { status: 201, body: { ...toKey(row, now), key }, etag: toEtag(1) },
  });
}

/**
 * The attack: a stolen credential that was just revoked, still remembered by an isolate, makes itself
 * a successor.
 */
export function creatorLasts(
  { principal, now }: RequestContext,
  until: number | null,
): readonly SQL[] {
  if (principal.kind === 'apiKey')
    return [guard('member', keyLastsUntil(principal.keyId, until, now))];
  return principal.kind === 'session'
    ? [guard('member', sessionUsable(principal.sessionId, now))]
    : [];
}

export async function listKeys(
  context: RequestContext,
  accountId: string,
  query: PageQuery & { readonly status?: 'usable' | 'ended' | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listKeyRows(context.db, {
    accountId,
    status: query.status,
    now: context.now,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.keyId,
    toItem: (row) => toKey(row, context.now),
  });
  return ok({ status: 200, body } as const);
}

export async function getKey(context: RequestContext, accountId: string, keyId: string) {
  const row = await loadKey(context.db, accountId, keyId);
  if (!row) return err('request.not_found');
  return ok({ status: 200, body: toKey(row, context.now), etag: toEtag(row.revision) } as const);
}

export async function rotateKey(
  context: RequestContext,
  { accountId, keyId }: { readonly accountId: string; readonly keyId: string },
  {
    overlapSeconds,
    signingPublicKey,
  }: { readonly overlapSeconds: number; readonly signingPublicKey?: string | undefined },
) {
  const fresh = parseRequestKey(signingPublicKey);
  if (!fresh.ok) return fresh;
  const row = await loadKey(context.db, accountId, keyId);
  if (!row) return err('request.not_found');
  if (statusOf(row, context.now) !== 'active') return err('keys.ended');
  const allowed = checkCreator(context.principal, row.scopes, row.expiresAt);
  if (!allowed.ok) return allowed;
  const { name, scopes, expiresAt, policyId, origins } = row;
  const predecessor = { row, revokedAt: context.now + overlapSeconds * 1000 };
  const signingKey = fresh.value ?? row.signingKey;
  const issue = { accountId, name, scopes, expiresAt, signingKey, policyId, origins };
  return issueKey(context, issue, predecessor);
}

export async function revokeKey(context: RequestContext, accountId: string, keyId: string) {
  const row = await loadKey(context.db, accountId, keyId);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  if (!matched.ok) return matched;
  const answer = { status: 204, body: null } as const;
  if (row.revokedAt !== null && row.revokedAt <= context.now) return ok(answer);
  return commit(context, {
    statements: [
      guard('revision', keyUnchanged(row)),
      updateKeyRow(context.db, row, { revokedAt: context.now, updatedAt: context.now }),
    ],
    accountId,
    target: { kind: 'apiKey', id: keyId },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer,
  });
}
