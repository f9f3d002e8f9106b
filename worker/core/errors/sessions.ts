/** Challenges, wallet sign-in and sessions. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const SESSION_ERRORS = {
  'sign_in.unconfigured': {
    status: 503,
    title: 'No site is configured that wallets sign in to',
    retryable: true,
    help: 'An operator must set `SIGN_IN_ORIGINS`, and `NEO_NETWORKS` for wallets of Neo.',
  },
  'sign_in.busy': {
    status: 503,
    title: 'Too many challenges are open',
    retryable: true,
    help: 'Repeat after `Retry-After` seconds; open challenges end after five minutes.',
  },
  'sign_in.wallet_unknown': {
    status: 403,
    title: 'The wallet opens no account',
    retryable: false,
    help:
      'The signature is right. Add the wallet to an account and verify it there; a wallet without ' +
      'an account opens one only where the operator allows it.',
  },
  'sign_in.account_required': {
    status: 409,
    title: 'The wallet belongs to several accounts',
    retryable: false,
    help: 'Send the same answer again with one of the ids named in `fields` as `accountId`.',
  },
  'sign_in.form_refused': {
    status: 403,
    title: 'The account does not accept this form of challenge',
    retryable: false,
    help:
      'Sign in with the form `text`. Others are enabled with ' +
      '`PUT /accounts/{accountId}/sign-in-settings`; some of them bind less.',
  },
  'challenges.ended': {
    status: 409,
    title: 'The challenge cannot be answered any more',
    retryable: false,
    help:
      'It is unknown, older than five minutes, used, or was given for another purpose. Ask for a ' +
      'new one and sign that.',
  },
  'challenges.answer_refused': {
    status: 403,
    title: 'The signature does not answer the challenge',
    retryable: false,
    help:
      'The text must be signed as it is, by the key of the wallet that the challenge names. Send ' +
      'the `salt` where the wallet gives one. A wallet of several keys, or a contract, has no key ' +
      'that could answer.',
  },
  'sessions.refresh_refused': {
    status: 403,
    title: 'The refresh token does not continue a session',
    retryable: false,
    help:
      'It is unknown, or its session has ended. A token that is used twice ends its session, ' +
      'since nobody can tell who used it first. Sign in again.',
  },
} as const satisfies Record<string, ErrorEntry>;
