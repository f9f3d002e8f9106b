/** The order of effects for functions: compile first, then one batch. Versions are only ever added. */
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { type Change, commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen, loadQuotas, quotaExceeded } from '../accounts/index.ts';
import { type Content, compileContent } from './compiling.ts';
import { checkGranter, grant } from './granting.ts';
import { LIMITS } from './limits.ts';
import { checkSourceRoom } from './source-room.ts';
import {
  type FunctionRow,
  type FunctionWithVersions,
  functionsBelow,
  functionUnchanged,
  insertFunction,
  insertVersion,
  listFunctionRows,
  loadFunction,
  loadVersion,
  updateFunctionRow,
  updateVersionState,
  type VersionRow,
  versionsBelow,
} from './store.ts';
import {
  type Configuration,
  type FunctionKey,
  makeVersion,
  nextVersion,
  readyState,
  type UpdateRequest,
} from './versions.ts';
import { toFunction } from './views.ts';

export interface CreateRequest extends Configuration {
  readonly name: string;
  readonly description?: string | undefined;
  readonly runtime: string;
  readonly source: string;
}

const NAME_TAKEN = {
  'functions.account_id, functions.live_name': { code: 'functions.name_taken' },
} as const;

export async function createFunction(
  context: RequestContext,
  accountId: string,
  request: CreateRequest,
) {
  if (request.runtime !== 'javascript') return err('functions.runtime_unavailable');
  const content: Content = {
    source: request.source,
    secrets: request.secrets ?? [],
    permissions: grant(request.permissions ?? {}, context.principal),
    limits: request.limits ?? {},
    inputSchema: request.inputSchema ?? null,
  };
  const granted = checkGranter(context.principal, content.permissions);
  if (!granted.ok) return granted;
  const compiled = await compileContent(accountId, content);
  if (!compiled.ok) return compiled;
  const room = await checkSourceRoom(context.db, accountId, compiled.value.sourceBytes);
  if (!room.ok) return room;
  const functionId = newId('function', context.now);
  const key = { accountId, functionId };
  const version = makeVersion(context, key, {
    content,
    compiled: compiled.value,
    number: 1,
    deployed: true,
  });
  const row = makeFunction(context, key, { request, versionId: version.versionId });
  const quota = (await loadQuotas(context.db, accountId)).functions;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', functionsBelow(accountId, quota)),
      insertFunction(context.db, row),
      insertVersion(context.db, version),
    ],
    accountId,
    target: { kind: 'function', id: functionId },
    details: { name: request.name, codeHash: version.codeHash },
    conflicts: NAME_TAKEN,
    guards: { state: { code: 'request.not_found' }, quota: quotaExceeded('functions', quota) },
    answer: {
      status: 201,
      body: toFunction({ row, active: version, latest: version }),
      etag: toEtag(1),
    },
  });
}

function makeFunction(
  { now }: RequestContext,
  { accountId, functionId }: FunctionKey,
  { request, versionId }: { readonly request: CreateRequest; readonly versionId: string },
): FunctionRow {
  return {
    functionId,
    accountId,
    name: request.name,
    liveName: request.name,
    description: request.description ?? null,
    activeVersionId: versionId,
    previousVersionId: null,
    latestVersionId: versionId,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}

export async function listFunctions(
  context: RequestContext,
  accountId: string,
  query: PageQuery & { readonly name?: string | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listFunctionRows(context.db, {
    accountId,
    name: query.name,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ row }) => row.functionId,
    toItem: toFunction,
  });
  return ok({ status: 200, body } as const);
}

const answerOf = (found: FunctionWithVersions) =>
  ({ status: 200, body: toFunction(found), etag: toEtag(found.row.revision) }) as const;

export async function getFunction(context: RequestContext, key: FunctionKey) {
  const found = await loadFunction(context.db, key.accountId, key.functionId);
  return found ? ok(answerOf(found)) : err('request.not_found');
}

/** The function as it is, if the caller's `If-Match` agrees. */
async function loadForChange(
  context: RequestContext,
  { accountId, functionId }: FunctionKey,
): Promise<Result<FunctionWithVersions, 'request.not_found' | 'request.precondition_failed'>> {
  const found = await loadFunction(context.db, accountId, functionId);
  if (!found) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, found.row.revision);
  return matched.ok ? ok(found) : matched;
}

interface FunctionChange {
  readonly changes: Partial<FunctionRow>;
  readonly versions: Pick<FunctionWithVersions, 'active' | 'latest'>;
  readonly statements?: Change<never>['statements'];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Guarded by the revision that was read, so that two changes at once cannot both pass. */
function commitChange(context: RequestContext, row: FunctionRow, change: FunctionChange) {
  const changes = { ...change.changes, updatedAt: context.now };
  const after = { ...row, ...changes, revision: row.revision + 1 };
  const versionsMax = LIMITS.functionVersionsMax.value;
  return commit(context, {
    statements: [
      guard('revision', functionUnchanged(row)),
      ...(change.statements ?? []),
      updateFunctionRow(context.db, row, changes),
    ],
    accountId: row.accountId,
    target: { kind: 'function', id: row.functionId },
    ...(change.details ? { details: change.details } : {}),
    conflicts: NAME_TAKEN,
    guards: {
      revision: { code: 'request.precondition_failed' },
      quota: {
        code: 'quota.exceeded',
        detail: `A function may have at most ${versionsMax} versions.`,
        limit: versionsMax,
        observed: versionsMax,
      },
    },
    answer: answerOf({ row: after, ...change.versions }),
  });
}

export async function updateFunction(
  context: RequestContext,
  key: FunctionKey,
  request: UpdateRequest,
) {
  const found = await loadForChange(context, key);
  if (!found.ok) return found;
  const next = await nextVersion(context, key, found.value, request);
  if (!next.ok) return next;
  const { row, active, latest } = found.value;
  const { version, isNew } = next.value;
  const deployed = request.deploy && row.activeVersionId !== version.versionId;
  return commitChange(context, row, {
    changes: {
      ...(request.name === undefined ? {} : { name: request.name, liveName: request.name }),
      ...(request.description === undefined ? {} : { description: request.description }),
      ...(isNew ? { latestVersionId: version.versionId } : {}),
      ...(deployed
        ? { activeVersionId: version.versionId, previousVersionId: row.activeVersionId }
        : {}),
    },
    versions: {
      active: request.deploy ? version : active,
      latest: isNew || latest.versionId === version.versionId ? version : latest,
    },
    statements: isNew
      ? [
          guard('quota', versionsBelow(key.functionId, LIMITS.functionVersionsMax.value)),
          insertVersion(context.db, isNew),
        ]
      : request.deploy
        ? [updateVersionState(context.db, version.versionId, readyState(context, version, version))]
        : [],
    details: { fields: Object.keys(request), codeHash: version.codeHash, deployed },
  });
}

export async function deleteFunction(context: RequestContext, key: FunctionKey) {
  const found = await loadForChange(context, key);
  if (!found.ok) return found;
  const { row } = found.value;
  return commit(context, {
    statements: [
      guard('revision', functionUnchanged(row)),
      updateFunctionRow(context.db, row, { deletedAt: context.now, liveName: null }),
    ],
    accountId: key.accountId,
    target: { kind: 'function', id: key.functionId },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: { status: 204, body: null },
  });
}

export async function rollbackFunction(context: RequestContext, key: FunctionKey) {
  const found = await loadForChange(context, key);
  if (!found.ok) return found;
  const { row, latest } = found.value;
  if (row.previousVersionId === null) return err('functions.no_earlier_version');
  const earlier = await loadVersion(context.db, key.accountId, row.previousVersionId);
  if (!earlier) return err('functions.no_earlier_version');
  return commitChange(context, row, {
    changes: {
      activeVersionId: earlier.versionId,
      previousVersionId: row.activeVersionId,
    },
    versions: { active: earlier, latest },
    details: { versionId: earlier.versionId },
  });
}

export async function deployVersion(
  context: RequestContext,
  key: FunctionKey & { readonly versionId: string },
) {
  const found = await loadForChange(context, key);
  if (!found.ok) return found;
  const version = await loadVersion(context.db, key.accountId, key.versionId);
  if (!version || version.functionId !== key.functionId) return err('request.not_found');
  const compiled = await compileContent(key.accountId, version);
  if (!compiled.ok) {
    if (compiled.failure.code !== 'functions.capacity')
      await markFailed(context, version, compiled.failure);
    return compiled;
  }
  const { row, latest } = found.value;
  const state = readyState(context, version, compiled.value);
  const active = { ...version, ...state };
  const changed = row.activeVersionId !== version.versionId;
  return commitChange(context, row, {
    changes: changed
      ? { activeVersionId: version.versionId, previousVersionId: row.activeVersionId }
      : {},
    versions: { active, latest: latest.versionId === version.versionId ? active : latest },
    statements: [updateVersionState(context.db, version.versionId, state)],
    details: { versionId: version.versionId, codeHash: version.codeHash },
  });
}

/** An effect of its own: the request is refused, and its idempotency key is free again. */
async function markFailed(context: RequestContext, version: VersionRow, failure: Failure) {
  const { versionId, accountId, runtimeVersion, gasScopes } = version;
  const reason = failure.detail ?? failure.fields?.[0]?.detail ?? failure.code;
  const state = { state: 'failed', failure: reason, runtimeVersion, gasScopes } as const;
  await commit(
    { ...context, claim: undefined },
    {
      statements: [updateVersionState(context.db, versionId, state)],
      accountId,
      target: { kind: 'functionVersion', id: versionId },
      details: { state: 'failed' },
      answer: { status: 200, body: null },
    },
  );
}
