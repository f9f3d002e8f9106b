/** Transactions on a Neo network. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const TRANSACTION_ERRORS = {
  'transactions.script_refused': {
    status: 422,
    title: 'This is not a script a node would take',
    retryable: false,
    help:
      'A script is at most 65,534 bytes of instructions whose operands and jump targets fit; `detail` ' +
      'names the byte at which reading ended, or what the node said.',
  },
  'transactions.would_fault': {
    status: 422,
    title: 'The transaction would fail',
    retryable: false,
    help:
      'A node ran the script with this wallet and it ended in a FAULT; `detail` is the exception. ' +
      'Nothing was written. `transactions.simulateTransaction` shows the whole run.',
  },
  'transactions.fee_above_maximum': {
    status: 422,
    title: 'It costs more than the maximum that was given',
    retryable: false,
    help: '`fields` name what it needs, in datoshi. Give more, or leave the maximum out.',
  },
  'transactions.wallet_unknown': {
    status: 422,
    title: 'This is not a wallet of the account',
    retryable: false,
    help: 'Name a wallet of `wallets.listWallets`.',
  },
  'transactions.raw_refused': {
    status: 422,
    title: 'A transaction of this form is not sent from a wallet',
    retryable: false,
    help:
      'It has one signer, the wallet itself, and no `Conflicts` attribute, since that could void ' +
      'another transaction of the wallet. Nonce and validUntilBlock are written anew.',
  },
  'transactions.approvers_missing': {
    status: 422,
    title: 'There are too few wallets that could approve it',
    retryable: false,
    help:
      'The policy of the wallet asks for `limit` approvals, and `observed` wallets can give one: the ' +
      'verified members of the wallet policy of the account, or without one its verified wallets. ' +
      '`detail` tells why it is not free.',
  },
  'transactions.too_many_open': {
    status: 429,
    title: 'Too many transactions of the account are open',
    retryable: true,
    help: 'Repeat when some of them have ended, or cancel what is proposed.',
  },
  'transactions.request_conflict': {
    status: 409,
    title: 'This id belongs to another transaction',
    retryable: false,
    help: 'The same `requestId` was used with other contents. Use a fresh id for another transaction.',
  },
  'transactions.not_proposed': {
    status: 409,
    title: 'The transaction takes no approvals',
    retryable: false,
    help: 'Only one that is `proposed`, by wallets, and whose time is not over; `detail` says why.',
  },
  'transactions.not_an_approver': {
    status: 422,
    title: 'This wallet cannot approve the transaction',
    retryable: false,
    help:
      'Who may approve is fixed when a transaction is proposed (`approvers`), and must be a ' +
      'verified wallet of the account still.',
  },
  'transactions.not_multisig': {
    status: 409,
    title: 'The transaction is not signed by members',
    retryable: false,
    help: 'It is sent from a wallet, which signs it here; wallets of the workspace approve it.',
  },
  'transactions.signature_refused': {
    status: 422,
    title: 'This does not sign the transaction',
    retryable: false,
    help:
      'Sign the magic of the network and the hash of this very transaction with the key of a ' +
      'member; `transactions.getSignatures` shows both. `detail` tells what is wrong.',
  },
  'transactions.fee_above_approved': {
    status: 422,
    title: 'The fee is above what was approved',
    retryable: false,
    help: 'Approvals name a maximum fee, which no replacement exceeds: `limit`, in datoshi.',
  },
  'transactions.ended': {
    status: 409,
    title: 'The transaction has ended',
    retryable: false,
    help: 'It stays as it ended; `detail` is its status.',
  },
} as const satisfies Record<string, ErrorEntry>;
