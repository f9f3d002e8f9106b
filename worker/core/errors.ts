/**
 * The catalogue of everything the API refuses or fails with, by subject in errors/. A code is
 * stable for ever; its title may be reworded. `retryable` tells clients whether the same request
 * can succeed later without a change.
 */
import { CHAIN_ERRORS } from './errors/chain.ts';
import { CONTRACT_ERRORS } from './errors/contracts.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { FOLLOWER_ERRORS } from './errors/follower.ts';
import { FUNCTION_ERRORS } from './errors/functions.ts';
import { GASBANK_ERRORS } from './errors/gasbank.ts';
import { METERING_ERRORS } from './errors/metering.ts';
import { PLATFORM_ERRORS } from './errors/platform.ts';
import { PROOF_ERRORS } from './errors/proofs.ts';
import { REQUEST_ERRORS } from './errors/requests.ts';
import { SENDER_ERRORS } from './errors/senders.ts';
import { SESSION_ERRORS } from './errors/sessions.ts';
import { SIGNATURE_ERRORS } from './errors/signatures.ts';
import { SPONSORSHIP_ERRORS } from './errors/sponsorships.ts';
import { TRANSACTION_ERRORS } from './errors/transactions.ts';
import { VAULT_ERRORS } from './errors/vault.ts';
import { VAULTS_ERRORS } from './errors/vaults.ts';
import { WALLET_ERRORS } from './errors/wallets.ts';
import { WITHDRAWAL_ERRORS } from './errors/withdrawals.ts';

export type { ErrorEntry };

export const ERRORS = {
  ...REQUEST_ERRORS,
  ...VAULT_ERRORS,
  ...WALLET_ERRORS,
  ...SESSION_ERRORS,
  ...SIGNATURE_ERRORS,
  ...FUNCTION_ERRORS,
  ...CHAIN_ERRORS,
  ...TRANSACTION_ERRORS,
  ...CONTRACT_ERRORS,
  ...FOLLOWER_ERRORS,
  ...SENDER_ERRORS,
  ...GASBANK_ERRORS,
  ...SPONSORSHIP_ERRORS,
  ...VAULTS_ERRORS,
  ...WITHDRAWAL_ERRORS,
  ...METERING_ERRORS,
  ...PROOF_ERRORS,
  ...PLATFORM_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_TYPE_PREFIX = '/docs/errors#';
