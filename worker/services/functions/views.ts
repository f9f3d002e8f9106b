/** Rows of functions and versions as the wire shows them. */
import type * as z from 'zod';
import { toTimestamp } from '../../core/clock.ts';
import { readPermissions } from '../../core/functions-runtime/permissions.ts';
import { listRefusedUses, type SourceUses } from '../../core/functions-runtime/source-uses.ts';
import type { versionSchema } from './shapes.ts';
import type { FunctionWithVersions, VersionSummary } from './store.ts';
import type { Permissions } from './tables.ts';

type VersionView = z.input<typeof versionSchema>;

export const toVersion = (row: VersionSummary): VersionView => ({
  id: row.versionId,
  number: row.number,
  state: row.state,
  failure: row.failure,
  codeHash: row.codeHash,
  entryForm: row.entryForm.kind,
  sourceBytes: row.sourceBytes,
  secrets: [...row.secrets],
  permissions: toPermissions(row.permissions),
  limits: row.limits,
  // It came in through the schema it leaves by.
  inputSchema: row.inputSchema as VersionView['inputSchema'],
  uses: {
    modules: [...row.uses.modules],
    http: row.uses.http,
    httpHosts: [...row.uses.httpHosts],
    refused: refusedUses(row.uses, row.permissions),
  },
  runtimeVersion: row.runtimeVersion,
  createdAt: toTimestamp(row.createdAt),
  createdBy: row.createdBy,
});

/** With the modules it has, also where a version of before `chain` names none. */
const toPermissions = (stored: Permissions): VersionView['permissions'] => ({
  modules: [...readPermissions(stored).modules],
  ...(stored.httpHosts === undefined ? {} : { httpHosts: [...stored.httpHosts] }),
});

/** What the source names and its permissions will refuse at run time; `http` when they allow no host at all. */
function refusedUses(uses: SourceUses, stored: Permissions): string[] {
  const permissions = readPermissions(stored);
  const refused = listRefusedUses(uses, permissions);
  const noHttp = uses.http && permissions.httpHosts.length === 0;
  return [...refused.modules, ...(noHttp ? ['http'] : []), ...refused.httpHosts];
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
