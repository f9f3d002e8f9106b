/** Contracts that an account has registered. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const CONTRACT_ERRORS = {
  'contracts.not_deployed': {
    status: 409,
    title: 'The network has no such contract now',
    retryable: false,
    help:
      'No node shows a contract under this hash: it was never deployed on this network, its ' +
      'deployment is not in a block yet, or it was destroyed. A hash is the same on every network, ' +
      'so look at the network too.',
  },
  'contracts.already_registered': {
    status: 409,
    title: 'The account has this contract already',
    retryable: false,
    help: 'A contract is registered once for each network; find it in the list of contracts.',
  },
  'contracts.not_updatable': {
    status: 422,
    title: 'The contract has no method to update it',
    retryable: false,
    help:
      'A contract updates itself: it needs a method `update` of (nef, manifest) or (nef, manifest, ' +
      'data). Without one its code can never change; with one of another form, invoke that method.',
  },
} as const satisfies Record<string, ErrorEntry>;
