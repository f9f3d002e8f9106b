/**
 * Secrets of accounts. Names are case-sensitive, as the properties are that functions read. A
 * version's row outlives its value, its secret and the secret's name: its primary key is what keeps
 * a version number from being used twice.
 */
import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import { bytes } from '../../db/bytes-column.ts';

export const accountDataKeys = sqliteTable('account_data_keys', {
  /** Or `platform`, for the keys of the platform's own wallets. */
  accountId: text('account_id').primaryKey(),
  /** Worth nothing without the master key and this account's id. */
  wrappedKey: text('wrapped_key').notNull(),
  masterKeyId: text('master_key_id').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const secrets = sqliteTable(
  'secrets',
  {
    secretId: text('secret_id').primaryKey(),
    accountId: text('account_id').notNull(),
    name: text('name').notNull(),
    currentVersion: integer('current_version').notNull(),
    /** Ids of the functions that may read it, sorted. */
    grants: text('grants', { mode: 'json' }).$type<readonly string[]>().notNull(),
    maxAgeDays: integer('max_age_days'),
    /** When the current version was made. */
    rotatedAt: integer('rotated_at').notNull(),
    rotationDueAt: integer('rotation_due_at'),
    /** When the sweep has the next thing to tell about its age; null when there is nothing. */
    nextNoticeAt: integer('next_notice_at'),
    /** The last version that was reported as due. */
    dueNotedVersion: integer('due_noted_version'),
    createdBy: text('created_by').notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    uniqueIndex('secrets_live_name')
      .on(table.accountId, table.name)
      .where(sql`${table.deletedAt} IS NULL`),
    index('secrets_account').on(table.accountId, table.secretId),
    index('secrets_next_notice')
      .on(table.nextNoticeAt)
      .where(sql`${table.nextNoticeAt} IS NOT NULL`),
  ],
);

export const secretVersions = sqliteTable(
  'secret_versions',
  {
    accountId: text('account_id').notNull(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    secretId: text('secret_id').notNull(),
    /** Null once erased. */
    sealed: bytes('sealed'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Null for the current version; past it, the version opens for nobody, erased or not. */
    usableUntil: integer('usable_until'),
    erasedAt: integer('erased_at'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.name, table.version] }),
    index('secret_versions_ending')
      .on(table.usableUntil)
      .where(sql`${table.usableUntil} IS NOT NULL AND ${table.erasedAt} IS NULL`),
  ],
);
