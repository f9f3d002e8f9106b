/** The platform's own wallets, and the vault of each network. */
import { integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { bytes } from '../../db/bytes-column.ts';

/** Pays a sponsor wallet from the vault when it runs low; amounts are decimal datoshi. */
export interface RefillRule {
  readonly below: string;
  readonly upTo: string;
}

export const platformWallets = sqliteTable(
  'platform_wallets',
  {
    walletId: text('wallet_id').primaryKey(),
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    /** `operator` pays what the vault releases; `sponsor` pays fees of others' transactions. */
    purpose: text('purpose', { enum: ['operator', 'sponsor'] }).notNull(),
    address: text('address').notNull(),
    scriptHash: text('script_hash').$type<ScriptHash>().notNull(),
    publicKey: text('public_key').$type<PublicKey>().notNull(),
    /** Under the platform's data key, bound to the facts above. */
    sealedKey: bytes('sealed_key').notNull(),
    status: text('status', { enum: ['active', 'retired'] }).notNull(),
    /** The block whose end its opening balance is of; null until it is booked (M10). */
    watchedHeight: integer('watched_height'),
    refillRule: text('refill_rule', { mode: 'json' }).$type<RefillRule>(),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    retiredAt: integer('retired_at'),
  },
  (table) => [unique().on(table.networkMagic, table.scriptHash)],
);

export const vaults = sqliteTable('vaults', {
  networkMagic: integer('network_magic').primaryKey(),
  network: text('network').notNull(),
  contract: text('contract').$type<ScriptHash>().notNull(),
  operatorWalletId: text('operator_wallet_id').notNull(),
  /** Datoshi, as the contract has it. */
  minimumDeposit: integer('minimum_deposit').notNull(),
  /** Script hashes whose GAS to a wallet of the platform is the operator's own. */
  funding: text('funding', { mode: 'json' }).$type<readonly ScriptHash[]>().notNull(),
  watchedHeight: integer('watched_height'),
  /** Everything of the chain up to this block is in the platform's book. */
  bookedHeight: integer('booked_height'),
  revision: integer('revision').notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});
