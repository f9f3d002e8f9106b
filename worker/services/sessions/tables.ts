/** Sessions of wallets. No token is stored, only hashes of the parts of the last refresh token. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { CHALLENGE_FORMS } from '../../core/sessions/challenge.ts';

export const END_REASONS = ['signed_out', 'revoked', 'refresh_reused', 'displaced'] as const;

export const sessions = sqliteTable(
  'sessions',
  {
    sessionId: text('session_id').primaryKey(),
    accountId: text('account_id').notNull(),
    walletId: text('wallet_id').notNull(),
    address: text('address').notNull(),
    network: text('network').notNull(),
    form: text('form', { enum: CHALLENGE_FORMS }).notNull(),
    /** Which bytes the wallet signed: not all layouts bind equally much. */
    layout: text('layout').notNull(),
    /** The public key of its requests' signatures, named when the wallet signed in. */
    signingKey: text('signing_key'),
    familyHash: text('family_hash').notNull(),
    refreshHash: text('refresh_hash').notNull(),
    signedInAt: integer('signed_in_at').notNull(),
    refreshedAt: integer('refreshed_at').notNull(),
    /** The earlier of 30 days without use and 90 days after all; moved by each refresh. */
    expiresAt: integer('expires_at').notNull(),
    endedAt: integer('ended_at'),
    endReason: text('end_reason', { enum: END_REASONS }),
  },
  (table) => [
    index('sessions_account').on(table.accountId, table.sessionId),
    index('sessions_expires_at').on(table.expiresAt),
  ],
);
