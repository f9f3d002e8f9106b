/** Wallets whose keys live in the bridge, and the proof of those that do not. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const WALLET_ERRORS = {
  'wallets.signing_refused': {
    status: 422,
    title: 'The key of the wallet does not sign this',
    retryable: false,
    help:
      'A key signs whole transactions of its own network in which its wallet is a signer, and ' +
      'only for the purpose it was made for. `detail` tells which of these failed.',
  },
  'wallets.not_exportable': {
    status: 409,
    title: 'The key of the wallet never leaves',
    retryable: false,
    help: 'Whether a key can be exported is fixed when its wallet is made.',
  },
  'wallets.not_single_key': {
    status: 422,
    title: 'The public key is not the one of this wallet',
    retryable: false,
    help:
      'Send the public key whose address the wallet has. A wallet of several keys or a contract ' +
      'has no such key: it cannot be verified by a signature, and cannot approve or sign in.',
  },
  'wallets.verifier_too_narrow': {
    status: 403,
    title: 'The credential cannot let a wallet sign in',
    retryable: false,
    help:
      'A verified wallet signs in with every scope and without an end. Verify it with a key that ' +
      'has all scopes and no expiry, with a session, or as an operator.',
  },
  'wallets.policy_absent': {
    status: 409,
    title: 'The account has no wallet policy',
    retryable: false,
    help: 'Without a policy nothing needs approvals.',
  },
  'wallets.sign_in_required': {
    status: 403,
    title: 'Only a wallet that has just signed in may do this',
    retryable: false,
    help:
      'Sign in with a wallet again and use the access token at once. API keys and operator tokens ' +
      'are refused, since they can be copied without anybody noticing.',
  },
  'wallets.still_active': {
    status: 409,
    title: 'The account has wallets that are not retired',
    retryable: false,
    help:
      'Their keys would be destroyed, and with them what they hold. Move it, or export the keys, ' +
      'and retire each wallet; `GET /accounts/{accountId}/wallets?status=active` lists them.',
  },
  'wallets.policy_refused': {
    status: 422,
    title: 'The policy of the wallet refuses the transaction',
    retryable: false,
    help:
      '`detail` tells why. `wallets.checkTransaction` asks the policy without sending; what it has ' +
      'no place for no approval lets pass.',
  },
  'wallets.retired': {
    status: 409,
    title: 'The wallet is retired',
    retryable: false,
    help: 'It signs nothing any more, and that cannot be undone. Make another wallet.',
  },
} as const satisfies Record<string, ErrorEntry>;
