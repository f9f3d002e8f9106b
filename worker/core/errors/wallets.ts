/** Wallets whose keys live in the bridge. Rows of the catalogue (../errors.ts). */
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
} as const satisfies Record<string, ErrorEntry>;
