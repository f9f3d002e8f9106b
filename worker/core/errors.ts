/**
 * The catalogue of everything the API refuses or fails with, by subject in errors/. A code is
 * stable for ever; its title may be reworded. `retryable` tells clients whether the same request
 * can succeed later without a change.
 */
import type { ErrorEntry } from './errors/entry.ts';
import { FUNCTION_ERRORS } from './errors/functions.ts';
import { PLATFORM_ERRORS } from './errors/platform.ts';
import { REQUEST_ERRORS } from './errors/requests.ts';
import { VAULT_ERRORS } from './errors/vault.ts';

export type { ErrorEntry };

export const ERRORS = {
  ...REQUEST_ERRORS,
  ...VAULT_ERRORS,
  ...FUNCTION_ERRORS,
  ...PLATFORM_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_TYPE_PREFIX = '/docs/errors#';
