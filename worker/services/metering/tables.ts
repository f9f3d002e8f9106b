/** Price lists, what pays for metered work, and orders of credits. Amounts are datoshi. */
import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

/** Versions are only ever added. */
export const priceLists = sqliteTable(
  'price_lists',
  {
    networkMagic: integer('network_magic').notNull(),
    version: integer('version').notNull(),
    network: text('network').notNull(),
    execution: integer('execution').notNull(),
    /** Of 10^9. */
    fuel: integer('fuel').notNull(),
    /** Of a GiB and a day. */
    storage: integer('storage').notNull(),
    /** In 10^-8 credits; null where none are sold. */
    creditsPerGas: integer('credits_per_gas'),
    /** For an account, in 10^-8 credits; null while nothing is given away. */
    initialCredits: integer('initial_credits'),
    /** For all accounts together. */
    initialTotal: integer('initial_total'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.networkMagic, table.version] })],
);

/** Where an account has chosen what pays; else `main` of the network that has a price. */
export const billingAccounts = sqliteTable('billing_accounts', {
  accountId: text('account_id').primaryKey(),
  gasAccountId: text('gas_account_id').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

/** One row: how far the sweep has come with the storage of a day (since 1970, UTC). */
export const storageWalks = sqliteTable('storage_walks', {
  walk: integer('walk').primaryKey(),
  day: integer('day').notNull(),
  afterAccount: text('after_account').notNull(),
});

export const ORDER_KINDS = ['purchase', 'grant', 'initial'] as const;

export const creditOrders = sqliteTable(
  'credit_orders',
  {
    accountId: text('account_id').notNull(),
    networkMagic: integer('network_magic').notNull(),
    /** Also its id in the book: `purchase:<id>`, `grant:<id>`, `initial`. */
    orderKey: text('order_key').notNull(),
    network: text('network').notNull(),
    kind: text('kind', { enum: ORDER_KINDS }).notNull(),
    /** What pays for a purchase. */
    gasAccountId: text('gas_account_id'),
    /** Of a purchase, datoshi to pay; else 10^-8 credits. */
    amount: integer('amount').notNull(),
    /** Fixed with the purchase (M17). */
    creditsPerGas: integer('credits_per_gas'),
    priceVersion: integer('price_version').notNull(),
    /** `kind:address`, which receives once on a network. */
    wallet: text('wallet'),
    reason: text('reason'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When the sweep carries it out, unless it is booked. */
    dueAt: integer('due_at').notNull(),
    bookedAt: integer('booked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.networkMagic, table.orderKey] }),
    uniqueIndex('credit_orders_wallet')
      .on(table.networkMagic, table.wallet)
      .where(sql`wallet IS NOT NULL`),
    index('credit_orders_due_at').on(table.dueAt).where(sql`booked_at IS NULL`),
  ],
);
