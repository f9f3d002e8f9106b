/**
 * The order of effects for secrets. A value is sealed before anything is written, and the batch
 * that stores it fails when what was read meanwhile changed; so two writers at once get two
 * versions or one refusal, never one lost value.
 */
import { toTimestamp } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { type Change, type CommittedAnswer, commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { creatorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen, DEFAULT_QUOTAS, quotaExceeded } from '../accounts/index.ts';
import { checkGranter, grantFacts, sortGrants } from './grants.ts';
import { rotationColumns } from './rotation.ts';
import { encodeValue, sealValue } from './sealing.ts';
import {
  endVersions,
  eraseVersions,
  insertSecret,
  insertVersion,
  listSecretRows,
  loadPlace,
  loadSecret,
  type SecretFilter,
  type SecretRow,
  secretsBelow,
  secretUnchanged,
  updateSecretRow,
} from './store.ts';

export const toSecret = (row: SecretRow) => ({
  id: row.secretId,
  name: row.name,
  version: row.currentVersion,
  grants: [...row.grants],
  maxAgeDays: row.maxAgeDays,
  rotatedAt: toTimestamp(row.rotatedAt),
  rotationDueAt: row.rotationDueAt === null ? null : toTimestamp(row.rotationDueAt),
  createdBy: row.createdBy,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
});

export interface SecretRequest {
  readonly name: string;
  readonly value: string;
  readonly maxAgeDays?: number | undefined;
  readonly grants?: readonly string[] | undefined;
}

export async function createSecret(
  context: RequestContext,
  accountId: string,
  request: SecretRequest,
) {
  const { db, principal } = context;
  const grants = sortGrants(request.grants ?? []);
  const granter = checkGranter(principal, grants);
  if (!granter.ok) return granter;
  const plaintext = encodeValue(request.value);
  if (!plaintext.ok) return plaintext;
  const place = await loadPlace(db, accountId, request.name);
  if (!place) return err('request.not_found');
  if (place.takenBy !== null) return err('secrets.name_taken');
  const version = place.lastVersion + 1;
  const sealed = await sealValue(
    context,
    { accountId, name: request.name, version },
    { plaintext: plaintext.value, wrappedKey: place.wrappedKey },
  );
  if (!sealed.ok) return sealed;
  const row = startSecret(context, { accountId, version, request, grants });
  const quota = place.quotas.secrets ?? DEFAULT_QUOTAS.secrets;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', secretsBelow(accountId, quota)),
      insertSecret(db, row),
      insertVersion(db, { ...startVersion(context, row), sealed: sealed.value }),
    ],
    accountId,
    target: { kind: 'secret', id: row.name },
    details: { version, ...grantFacts([], grants) },
    guards: { state: { code: 'request.not_found' }, quota: quotaExceeded('secrets', quota) },
    conflicts: {
      'secrets.account_id, secrets.name': { code: 'secrets.name_taken' },
      // Another request made, and perhaps deleted, a secret of this name since we read.
      [VERSION_KEY]: { code: 'secrets.name_taken' },
    },
    answer: { status: 201, body: toSecret(row), etag: toEtag(1) },
  });
}

const VERSION_KEY = 'secret_versions.account_id, secret_versions.name, secret_versions.version';

interface Start {
  readonly accountId: string;
  readonly version: number;
  readonly request: SecretRequest;
  readonly grants: readonly string[];
}

function startSecret(
  { now, principal }: RequestContext,
  { accountId, version, request, grants }: Start,
): SecretRow {
  const rotation = {
    currentVersion: version,
    rotatedAt: now,
    maxAgeDays: request.maxAgeDays ?? null,
    dueNotedVersion: null,
  };
  return {
    ...rotation,
    ...rotationColumns(rotation, now),
    secretId: newId('secret', now),
    accountId,
    name: request.name,
    grants,
    createdBy: creatorOf(principal),
    revision: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}

const startVersion = ({ now, principal }: RequestContext, row: SecretRow) => ({
  accountId: row.accountId,
  name: row.name,
  version: row.currentVersion,
  secretId: row.secretId,
  createdBy: creatorOf(principal),
  createdAt: now,
  usableUntil: null,
  erasedAt: null,
});

export async function listSecrets(
  context: RequestContext,
  accountId: string,
  query: PageQuery &
    Pick<SecretFilter, 'name' | 'functionId'> & { readonly dueBefore?: string | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listSecretRows(context.db, {
    accountId,
    name: query.name,
    functionId: query.functionId,
    dueBefore: query.dueBefore === undefined ? undefined : Date.parse(query.dueBefore),
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, { keyOf: (row) => row.secretId, toItem: toSecret });
  return ok({ status: 200, body } as const);
}

export interface SecretName {
  readonly accountId: string;
  readonly name: string;
}

export async function getSecret(context: RequestContext, { accountId, name }: SecretName) {
  const row = await loadSecret(context.db, accountId, name);
  if (!row) return err('request.not_found');
  return ok({ status: 200, body: toSecret(row), etag: toEtag(row.revision) } as const);
}

/** The secret as it is now, if the caller's `If-Match` allows to change it. */
async function openSecretRow(
  context: RequestContext,
  { accountId, name }: SecretName,
): Promise<Result<SecretRow, 'request.not_found' | 'request.precondition_failed'>> {
  const row = await loadSecret(context.db, accountId, name);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  return matched.ok ? ok(row) : matched;
}

interface SecretChange {
  readonly changes: Partial<SecretRow>;
  readonly statements?: Change<CommittedAnswer>['statements'];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Writes a change of the row that was read, unless it changed meanwhile. */
function changeSecret(context: RequestContext, row: SecretRow, change: SecretChange) {
  const changes = { ...change.changes, updatedAt: context.now };
  const after = { ...row, ...changes, revision: row.revision + 1 };
  return commit(context, {
    ...toChange(context, row, { ...change, changes }),
    answer: { status: 200, body: toSecret(after), etag: toEtag(after.revision) },
  });
}

const toChange = (context: RequestContext, row: SecretRow, change: SecretChange) => ({
  statements: [
    guard('revision', secretUnchanged(row)),
    ...(change.statements ?? []),
    updateSecretRow(context.db, row, change.changes),
  ],
  accountId: row.accountId,
  target: { kind: 'secret', id: row.name },
  ...(change.details ? { details: change.details } : {}),
  guards: { revision: { code: 'request.precondition_failed' } } as const,
});

export async function updateSecret(
  context: RequestContext,
  name: SecretName,
  { value, graceSeconds }: { readonly value: string; readonly graceSeconds: number },
) {
  const plaintext = encodeValue(value);
  if (!plaintext.ok) return plaintext;
  const found = await openSecretRow(context, name);
  if (!found.ok) return found;
  const row = found.value;
  const { now, db } = context;
  const version = row.currentVersion + 1;
  const sealed = await sealValue(
    context,
    { ...name, version },
    { plaintext: plaintext.value, wrappedKey: null },
  );
  if (!sealed.ok) return sealed;
  const rotated = { ...row, currentVersion: version, rotatedAt: now };
  const usableUntil = now + graceSeconds * 1000;
  return changeSecret(context, row, {
    changes: { currentVersion: version, rotatedAt: now, ...rotationColumns(rotated, now) },
    statements: [
      ...endVersions(row, { usableUntil, now }),
      insertVersion(db, { ...startVersion(context, rotated), sealed: sealed.value }),
    ],
    details: { version, graceSeconds },
  });
}

export async function updateSettings(
  context: RequestContext,
  name: SecretName,
  { maxAgeDays }: { readonly maxAgeDays: number | null },
) {
  const found = await openSecretRow(context, name);
  if (!found.ok) return found;
  const row = found.value;
  return changeSecret(context, row, {
    changes: { maxAgeDays, ...rotationColumns({ ...row, maxAgeDays }, context.now) },
    details: { maxAgeDays },
  });
}

export async function setGrants(
  context: RequestContext,
  name: SecretName,
  functionIds: readonly string[],
) {
  const found = await openSecretRow(context, name);
  if (!found.ok) return found;
  const grants = sortGrants(functionIds);
  return changeSecret(context, found.value, {
    changes: { grants },
    details: grantFacts(found.value.grants, grants),
  });
}

/**
 * The rows stay, without grants or values: they keep the version numbers of the name from being
 * used again.
 */
export async function deleteSecret(context: RequestContext, name: SecretName) {
  const found = await openSecretRow(context, name);
  if (!found.ok) return found;
  const row = found.value;
  const { now } = context;
  const change = toChange(context, row, {
    changes: { deletedAt: now, updatedAt: now, grants: [], nextNoticeAt: null },
    statements: [eraseVersions(row, now)],
    details: { version: row.currentVersion },
  });
  return commit(context, { ...change, answer: { status: 204, body: null } });
}
