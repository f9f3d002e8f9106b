/** Neo networks and the nodes behind them. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const CHAIN_ERRORS = {
  'chain.network_unknown': {
    status: 404,
    title: 'This network is not served here',
    retryable: false,
    help: '`GET /chain/networks` lists the networks of this deployment; an operator adds one to `NEO_NETWORKS`.',
  },
  'chain.unavailable': {
    status: 503,
    title: 'No node of the network could answer',
    retryable: true,
    help:
      'Repeat with backoff. Operators read in `/readyz` whether the endpoints are down, behind, or ' +
      'on another network than the configured one.',
  },
} as const satisfies Record<string, ErrorEntry>;
