/** Wallets of accounts on a Neo network. */
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ChainKeyPurpose } from '../../core/wallets/chain-key.ts';
import type { PolicyForm } from '../../core/wallets/policy-form.ts';
import { bytes } from '../../db/bytes-column.ts';

export const chainWallets = sqliteTable(
  'chain_wallets',
  {
    walletId: text('wallet_id').primaryKey(),
    accountId: text('account_id').notNull(),
    /** CAIP-2 id, as the network was called when the wallet was made; the magic is what binds. */
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    address: text('address').notNull(),
    scriptHash: text('script_hash').$type<ScriptHash>().notNull(),
    publicKey: text('public_key').$type<PublicKey>().notNull(),
    purpose: text('purpose').$type<ChainKeyPurpose>().notNull(),
    exportable: integer('exportable', { mode: 'boolean' }).notNull(),
    /** Under the account's data key, bound to the facts above; null once the account is purged. */
    sealedKey: bytes('sealed_key'),
    label: text('label'),
    status: text('status', { enum: ['active', 'retired'] }).notNull(),
    policy: text('policy', { mode: 'json' }).$type<PolicyForm>().notNull(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    retiredAt: integer('retired_at'),
    exportedAt: integer('exported_at'),
  },
  (table) => [
    unique().on(table.networkMagic, table.scriptHash),
    index('chain_wallets_account').on(table.accountId, table.walletId),
  ],
);
