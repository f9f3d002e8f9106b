/** Rows of functions and versions as the wire shows them. */
import { toTimestamp } from '../../core/clock.ts';
import type { SourceUses } from '../../core/functions-runtime/source-uses.ts';
import type { FunctionWithVersions, VersionSummary } from './store.ts';
import type { Permissions } from './tables.ts';

const mutable = <Value>(value: Value): Value => structuredClone(value);

export const toVersion = (row: VersionSummary) => ({
  id: row.versionId,
  number: row.number,
  state: row.state,
  failure: row.failure,
  codeHash: row.codeHash,
  entryForm: row.entryForm.kind,
  sourceBytes: row.sourceBytes,
  secrets: [...row.secrets],
  permissions: mutable(row.permissions) as never,
  limits: row.limits,
  inputSchema: (row.inputSchema ?? null) as never,
  uses: {
    modules: [...row.uses.modules],
    http: row.uses.http,
    httpHosts: [...row.uses.httpHosts],
    refused: [...refusedUses(row.uses, row.permissions)],
  },
  runtimeVersion: row.runtimeVersion,
  createdAt: toTimestamp(row.createdAt),
  createdBy: row.createdBy,
});

/** What the source names and its permissions will refuse at run time. */
export function refusedUses(uses: SourceUses, permissions: Permissions): readonly string[] {
  const allowed = permissions.modules;
  const modules: readonly string[] = allowed
    ? uses.modules.filter((module) => !allowed.includes(module))
    : [];
  const noHosts = uses.http && (permissions.httpHosts ?? []).length === 0;
  return noHosts ? [...modules, 'http'] : modules;
}

export const toFunction = ({ row, active, latest }: FunctionWithVersions) => ({
  id: row.functionId,
  name: row.name,
  description: row.description,
  runtime: 'javascript' as const,
  activeVersion: active === null ? null : toVersion(active),
  latestVersion: toVersion(latest),
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
});
