/** Open challenges; a row goes when it is used, and a while after it has ended. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { CHALLENGE_FORMS } from '../../core/sessions/challenge.ts';
import { WALLET_KINDS } from '../../core/wallets/wallet-address.ts';

export const walletChallenges = sqliteTable(
  'wallet_challenges',
  {
    challengeId: text('challenge_id').primaryKey(),
    /** JSON of a purpose (core/sessions/challenge.ts); its text is made of it anew. */
    purpose: text('purpose').notNull(),
    kind: text('kind', { enum: WALLET_KINDS }).notNull(),
    /** Null for a sign-in: which account it will be is not known before the signature is. */
    accountId: text('account_id'),
    walletId: text('wallet_id'),
    network: text('network').notNull(),
    address: text('address').notNull(),
    form: text('form', { enum: CHALLENGE_FORMS }).notNull(),
    origin: text('origin').notNull(),
    nonce: text('nonce').notNull(),
    issuedAt: integer('issued_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('wallet_challenges_expires_at').on(table.expiresAt),
    index('wallet_challenges_wallet').on(table.walletId).where(sql`wallet_id IS NOT NULL`),
  ],
);
