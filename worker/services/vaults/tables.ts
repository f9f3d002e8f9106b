/** The platform's own wallets, the vault of each network, and the deposits its book has decided. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { Hash256 } from '../../core/neo/hash256.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { bytes } from '../../db/bytes-column.ts';

/** Pays a sponsor wallet from the vault when it runs low; amounts are decimal datoshi. */
export interface RefillRule {
  readonly below: string;
  readonly upTo: string;
}

/**
 * `operator` pays what the vault releases; `sponsor` pays fees of others' transactions; `anchor`
 * writes roots of proofs on the chain.
 */
export const PLATFORM_PURPOSES = ['operator', 'sponsor', 'anchor'] as const;

export const platformWallets = sqliteTable(
  'platform_wallets',
  {
    walletId: text('wallet_id').primaryKey(),
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    purpose: text('purpose', { enum: PLATFORM_PURPOSES }).notNull(),
    address: text('address').notNull(),
    scriptHash: text('script_hash').$type<ScriptHash>().notNull(),
    publicKey: text('public_key').$type<PublicKey>().notNull(),
    /** Under the platform's data key, bound to the facts above. */
    sealedKey: bytes('sealed_key').notNull(),
    status: text('status', { enum: ['active', 'retired'] }).notNull(),
    /** The block whose end its opening balance is of; null until it is booked (M10). */
    watchedHeight: integer('watched_height'),
    /** As they were read once, before the book was told: a second reading would be another order. */
    openingHeight: integer('opening_height'),
    opening: integer('opening'),
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
  openingHeight: integer('opening_height'),
  opening: integer('opening'),
  /** Everything of the chain up to this block is in the platform's book. */
  bookedHeight: integer('booked_height'),
  revision: integer('revision').notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const DEPOSIT_STATUSES = [
  'credited',
  'suspense',
  'assigned',
  'returning',
  'returned',
] as const;

export const gasbankDeposits = sqliteTable(
  'gasbank_deposits',
  {
    depositId: text('deposit_id').primaryKey(),
    /** The id under which every book knows it (M2). */
    chainKey: text('chain_key').notNull().unique(),
    network: text('network').notNull(),
    networkMagic: integer('network_magic').notNull(),
    /** Null while it lies in suspense. */
    accountId: text('account_id'),
    gasAccountId: text('gas_account_id'),
    /** Datoshi. */
    amount: integer('amount').notNull(),
    /** Null for what the network minted. */
    fromScriptHash: text('from_script_hash').$type<ScriptHash>(),
    toScriptHash: text('to_script_hash').$type<ScriptHash>().notNull(),
    transactionHash: text('transaction_hash').$type<Hash256>(),
    height: integer('height').notNull(),
    status: text('status', { enum: DEPOSIT_STATUSES }).notNull(),
    /** Why it lies in suspense, or what an operator gave as reason. */
    reason: text('reason'),
    /** When to look whether the other book took it; null once that is long known. */
    dueAt: integer('due_at'),
    revision: integer('revision').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('gasbank_deposits_account')
      .on(table.accountId, table.depositId)
      .where(sql`${table.accountId} IS NOT NULL`),
    index('gasbank_deposits_suspense')
      .on(table.networkMagic, table.depositId)
      .where(sql`${table.status} = 'suspense'`),
    index('gasbank_deposits_due_at').on(table.dueAt).where(sql`${table.dueAt} IS NOT NULL`),
  ],
);
