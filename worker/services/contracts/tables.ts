/** Contracts that accounts have registered. */
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { ScriptHash } from '../../core/neo/script-hash.ts';

export const contracts = sqliteTable(
  'contracts',
  {
    contractId: text('contract_id').primaryKey(),
    accountId: text('account_id').notNull(),
    /** CAIP-2 id, as the network was called then; the magic is what binds. */
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    scriptHash: text('script_hash').$type<ScriptHash>().notNull(),
    label: text('label'),
    standing: text('standing', { enum: ['pending', 'deployed', 'absent'] }).notNull(),
    name: text('name').notNull(),
    updateCounter: integer('update_counter').notNull(),
    nefChecksum: integer('nef_checksum').notNull(),
    supportedStandards: text('supported_standards', { mode: 'json' })
      .$type<readonly string[]>()
      .notNull(),
    deploymentTransactionId: text('deployment_transaction_id'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When a node told the facts above; null while none has. */
    readAt: integer('read_at'),
  },
  (table) => [
    unique().on(table.accountId, table.networkMagic, table.scriptHash),
    index('contracts_account').on(table.accountId, table.contractId),
  ],
);
