/**
 * What any request can be refused with, and the refusals of accounts, keys and wallets. Rows of the
 * catalogue (../errors.ts).
 */
import type { ErrorEntry } from './entry.ts';

export const REQUEST_ERRORS = {
  'request.malformed': {
    status: 400,
    title: 'The request is not valid',
    retryable: false,
    help: 'Mend each place named in `fields`.',
  },
  'request.unauthenticated': {
    status: 401,
    title: 'A valid credential is required',
    retryable: false,
    help:
      'Send `Authorization: Bearer <API key or operator token>`. Unknown, expired, revoked and ' +
      'malformed credentials get the same answer.',
  },
  'request.forbidden': {
    status: 403,
    title: 'The credential does not allow this operation',
    retryable: false,
    help: 'Use a key whose scopes include the one named in `detail`.',
  },
  'request.not_found': {
    status: 404,
    title: 'There is no such resource',
    retryable: false,
    help: 'It does not exist, was deleted, or belongs to another account.',
  },
  'request.method_not_allowed': {
    status: 405,
    title: 'The method is not allowed here',
    retryable: false,
    help: 'Use a method named in the `Allow` header.',
  },
  'request.body_too_large': {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    help: 'Send at most `limit` bytes.',
  },
  'request.media_type_unsupported': {
    status: 415,
    title: 'The body must be JSON',
    retryable: false,
    help: 'Send `Content-Type: application/json`.',
  },
  'request.rate_limited': {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    help: 'Wait `Retry-After` seconds. The `RateLimit` header tells what is left.',
  },
  'request.precondition_failed': {
    status: 412,
    title: 'The resource has changed',
    retryable: false,
    help: 'Read it again and repeat the change with the new `ETag` in `If-Match`.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'The idempotency key belongs to another request',
    retryable: false,
    help: 'The same `Idempotency-Key` was used with another method, path or body. Make a new key.',
  },
  'idempotency.in_progress': {
    status: 409,
    title: 'The first request with this key is still running',
    retryable: true,
    help: 'Repeat after `Retry-After` seconds; a dead first request loses its lease.',
  },
  'quota.exceeded': {
    status: 403,
    title: 'A quota of the account is used up',
    retryable: false,
    help: 'Delete what is not needed, or ask the operator to raise the quota; `limit` and `observed` tell the numbers.',
  },
  'accounts.state_conflict': {
    status: 409,
    title: 'The account is not in a state that allows this',
    retryable: false,
    help: 'Only an active account can be suspended and only a suspended one resumed; read its `status`.',
  },
  'keys.wider_than_creator': {
    status: 403,
    title: 'A key cannot give more than it has',
    retryable: false,
    help: 'Ask for scopes and a lifetime within those of the key you use; `detail` names what is beyond.',
  },
  'keys.origin_refused': {
    status: 403,
    title: 'The key is not for this site',
    retryable: false,
    help: 'A publishable key works in pages of its `origins`, whose browser names one in `Origin`.',
  },
  'keys.ended': {
    status: 409,
    title: 'The key has ended',
    retryable: false,
    help: 'An expired, revoked or already rotated key cannot be rotated; make a new one.',
  },
  'wallets.approvals_required': {
    status: 403,
    title: 'The change needs approvals of the wallet policy',
    retryable: false,
    help: 'Collect `limit` approvals of the present members; `observed` were given.',
  },
  'wallets.address_taken': {
    status: 409,
    title: 'The account has this wallet already',
    retryable: false,
    help: 'A wallet is kept once, however its address is written. Find it in the list of wallets.',
  },
  'wallets.member_unknown': {
    status: 422,
    title: 'A member of the policy is not a wallet of the account',
    retryable: false,
    help: 'Name only wallets of this account; `fields` point at those that are not, or were removed meanwhile.',
  },
  'wallets.policy_unverified': {
    status: 422,
    title: 'Too few members of the policy are verified',
    retryable: false,
    help:
      'At least `limit` members must be verified, `observed` are. A policy nobody could satisfy ' +
      'would lock the account.',
  },
  'account.suspended': {
    status: 403,
    title: 'The account is suspended',
    retryable: false,
    help: 'Ask the operator to resume it.',
  },
} as const satisfies Record<string, ErrorEntry>;
