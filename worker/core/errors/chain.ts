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
  'chain.call_faulted': {
    status: 422,
    title: 'The called method ended in a FAULT',
    retryable: false,
    help:
      'The message is the exception of the virtual machine: the contract is not there, has no such ' +
      'method, refuses these arguments, or wants a witness that `signers` does not give.',
  },
  'chain.answer_unexpected': {
    status: 422,
    title: 'The contract answered in a form that cannot be read',
    retryable: false,
    help:
      'A token answers `symbol`, `decimals` and `balanceOf` as NEP-17 has them. What a method ' +
      'answers must be a value that a node can print: no more than 2,048 items in 512 levels.',
  },
  'chain.answer_too_large': {
    status: 422,
    title: 'The answer of the chain is larger than a function may read',
    retryable: false,
    help: 'One read answers at most 256 KiB: ask for less, such as the balance of one token.',
  },
} as const satisfies Record<string, ErrorEntry>;
