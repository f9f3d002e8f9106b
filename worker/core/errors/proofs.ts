/** Trial balances of the gas bank. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const PROOF_ERRORS = {
  'proofs.not_ready': {
    status: 409,
    title: 'There is nothing to prove yet',
    retryable: true,
    help:
      'The network has no vault, or the platform’s book does not have all of the chain up to where ' +
      'its vault is watched from. Configure the vault, or wait for the follower.',
  },
  'proofs.tree_gone': {
    status: 410,
    title: 'The tree of this checkpoint is not kept any more',
    retryable: false,
    help: 'Trees are kept for a week of hourly checkpoints; keep the proofs you want for longer.',
  },
} as const satisfies Record<string, ErrorEntry>;
