/** Prices and credits. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const METERING_ERRORS = {
  'metering.credits_not_sold': {
    status: 409,
    title: 'Credits are not sold on this network',
    retryable: false,
    help: 'The price list of the network has no rate. Work is paid with GAS there.',
  },
  'metering.allocation_unavailable': {
    status: 409,
    title: 'No credits are given away on this network',
    retryable: false,
    help: 'The operator has not turned it on, or all that was meant for it is given away.',
  },
  'metering.wallet_needed': {
    status: 409,
    title: 'A verified wallet is needed that has not received credits before',
    retryable: false,
    help: 'Verify a workspace wallet of the account; each address receives them once on a network.',
  },
} as const satisfies Record<string, ErrorEntry>;
