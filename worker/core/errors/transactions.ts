/** Transactions on a Neo network. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const TRANSACTION_ERRORS = {
  'transactions.script_refused': {
    status: 422,
    title: 'This is not a script a node would take',
    retryable: false,
    help:
      'A script is at most 65,535 bytes of instructions whose operands and jump targets fit; `detail` ' +
      'names the byte at which reading ended, or what the node said.',
  },
} as const satisfies Record<string, ErrorEntry>;
