/** Functions and their versions. A version's content never changes; its state and runtime do. */

import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Scope } from '../../core/access.ts';
import type { EntryForm } from '../../core/functions-runtime/journal.ts';
import type { DevpackModule } from '../../core/functions-runtime/permissions.ts';
import type { SourceUses } from '../../core/functions-runtime/source-uses.ts';

export interface Permissions {
  readonly modules?: readonly DevpackModule[] | undefined;
  readonly httpHosts?: readonly string[] | undefined;
}
export interface RunLimits {
  readonly fuel?: number | undefined;
  readonly memoryBytes?: number | undefined;
}
export const functions = sqliteTable(
  'functions',
  {
    functionId: text('function_id').primaryKey(),
    accountId: text('account_id').notNull(),
    name: text('name').notNull(),
    /** Equal to the name while live, null once deleted, so that the name can be used again. */
    liveName: text('live_name'),
    description: text('description'),
    activeVersionId: text('active_version_id'),
    previousVersionId: text('previous_version_id'),
    latestVersionId: text('latest_version_id').notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('functions_live_name').on(table.accountId, table.liveName),
    index('functions_account').on(table.accountId, table.functionId),
  ],
);

export const functionVersions = sqliteTable(
  'function_versions',
  {
    versionId: text('version_id').primaryKey(),
    functionId: text('function_id').notNull(),
    accountId: text('account_id').notNull(),
    number: integer('number').notNull(),
    codeHash: text('code_hash').notNull(),
    source: text('source').notNull(),
    sourceBytes: integer('source_bytes').notNull(),
    entryForm: text('entry_form', { mode: 'json' }).$type<EntryForm>().notNull(),
    secrets: text('secrets', { mode: 'json' }).$type<readonly string[]>().notNull(),
    permissions: text('permissions', { mode: 'json' }).$type<Permissions>().notNull(),
    limits: text('limits', { mode: 'json' }).$type<RunLimits>().notNull(),
    inputSchema: text('input_schema', { mode: 'json' }).$type<Record<string, unknown>>(),
    uses: text('uses', { mode: 'json' }).$type<SourceUses>().notNull(),
    state: text('state', { enum: ['validating', 'ready', 'failed'] }).notNull(),
    failure: text('failure'),
    runtimeVersion: text('runtime_version').notNull(),
    createdAt: integer('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    /** What its actions may do in the gas bank; no content, since deploying adds to it. */
    gasScopes: text('gas_scopes', { mode: 'json' }).$type<readonly Scope[]>().notNull().default([]),
  },
  (table) => [
    uniqueIndex('function_versions_number').on(table.functionId, table.number),
    uniqueIndex('function_versions_content').on(table.functionId, table.codeHash),
    index('function_versions_sources').on(table.accountId, table.sourceBytes),
  ],
);
