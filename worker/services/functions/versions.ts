/**
 * The versions of a function: what a change makes of the latest one. A version is named by its
 * content, so content that is there already is that version again.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { actorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { type CompiledContent, type Content, compileContent } from './compiling.ts';
import { checkGranter, gasScopesWith, grant } from './granting.ts';
import { checkSourceRoom } from './source-room.ts';
import {
  type FunctionWithVersions,
  loadVersion,
  loadVersionByContent,
  type VersionRow,
} from './store.ts';

export interface FunctionKey {
  readonly accountId: string;
  readonly functionId: string;
}

export interface Configuration {
  readonly secrets?: readonly string[] | undefined;
  readonly permissions?: Content['permissions'] | undefined;
  readonly limits?: Content['limits'] | undefined;
  readonly inputSchema?: Record<string, unknown> | null | undefined;
}

export interface UpdateRequest extends Configuration {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly source?: string | undefined;
  readonly deploy: boolean;
}

/** It has compiled; only a deploy says that it is ready. */
export function makeVersion(
  context: RequestContext,
  { accountId, functionId }: FunctionKey,
  {
    content,
    compiled,
    number,
    deployed,
  }: {
    readonly content: Content;
    readonly compiled: CompiledContent;
    readonly number: number;
    readonly deployed: boolean;
  },
): VersionRow {
  const actor = actorOf(context.principal);
  return {
    ...content,
    ...compiled,
    versionId: newId('functionVersion', context.now),
    functionId,
    accountId,
    number,
    state: deployed ? 'ready' : 'validating',
    failure: null,
    createdAt: context.now,
    createdBy: actor.kind === 'operator' ? `operator:${actor.id}` : actor.id,
    gasScopes: gasScopesWith(context.principal),
  };
}

export const readyState = (
  { principal }: Pick<RequestContext, 'principal'>,
  { gasScopes }: Pick<VersionRow, 'gasScopes'>,
  { runtimeVersion }: Pick<VersionRow, 'runtimeVersion'>,
) =>
  ({
    state: 'ready',
    failure: null,
    runtimeVersion,
    gasScopes: gasScopesWith(principal, gasScopes),
  }) as const;

interface NextVersion {
  readonly version: FunctionWithVersions['latest'];
  /** Set when the content is new. */
  readonly isNew: VersionRow | undefined;
}

export async function nextVersion(
  context: RequestContext,
  key: FunctionKey,
  { latest }: FunctionWithVersions,
  request: UpdateRequest,
): Promise<Result<NextVersion>> {
  if (!request.deploy && !namesContent(request)) return ok({ version: latest, isNew: undefined });
  const before = await loadVersion(context.db, key.accountId, latest.versionId);
  if (!before) return err('request.not_found');
  const content: Content = {
    source: request.source ?? before.source,
    secrets: request.secrets ?? before.secrets,
    permissions: request.permissions
      ? grant(request.permissions, context.principal)
      : before.permissions,
    limits: request.limits ?? before.limits,
    inputSchema: request.inputSchema === undefined ? before.inputSchema : request.inputSchema,
  };
  const compiled = await compileContent(key.accountId, content);
  if (!compiled.ok) return compiled;
  const { codeHash } = compiled.value;
  const same = await loadVersionByContent(context.db, key.functionId, codeHash);
  if (same) {
    const version = request.deploy
      ? { ...same, ...readyState(context, same, compiled.value) }
      : same;
    return ok({ version, isNew: undefined });
  }
  const granted = checkGranter(context.principal, content.permissions);
  if (!granted.ok) return granted;
  const room = await checkSourceRoom(context.db, key.accountId, compiled.value.sourceBytes);
  if (!room.ok) return room;
  const number = latest.number + 1;
  const deployed = request.deploy;
  const version = makeVersion(context, key, {
    content,
    compiled: compiled.value,
    number,
    deployed,
  });
  return ok({ version, isNew: version });
}

/** A change of name or description alone needs no compiling. */
const namesContent = ({ source, secrets, permissions, limits, inputSchema }: UpdateRequest) =>
  [source, secrets, permissions, limits, inputSchema].some((part) => part !== undefined);
