/** Vaults, the platform's wallets and deposits. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const VAULTS_ERRORS = {
  'vaults.contract_unfit': {
    status: 422,
    title: 'This contract cannot be the vault of the platform',
    retryable: false,
    help:
      '`fields` name what is wrong: it answers as no vault does, its owner is its operator, or its ' +
      'operator is no active operator wallet of this network.',
  },
  'vaults.contract_fixed': {
    status: 409,
    title: 'The network has another vault already',
    retryable: false,
    help:
      'What lies in a vault is owed to its depositors, so a network keeps its first one; its code ' +
      'can be changed by its owner.',
  },
  'vaults.vault_absent': {
    status: 409,
    title: 'The network has no vault yet',
    retryable: true,
    help: 'Nothing can be deposited on it before an operator has registered one.',
  },
  'vaults.wallet_in_use': {
    status: 409,
    title: 'The vault names this wallet as its operator',
    retryable: false,
    help: 'Make another operator wallet, let the owner of the vault set it, and register that first.',
  },
  'vaults.wallets_full': {
    status: 409,
    title: 'The platform has as many wallets on this network as it can',
    retryable: false,
    help: 'At most `limit`, retired ones included, since each is booked for ever.',
  },
  'vaults.not_a_sponsor': {
    status: 409,
    title: 'Only wallets of sponsors are refilled',
    retryable: false,
    help: 'An operator wallet is funded by the operator, from an address that the vault lists.',
  },
  'vaults.account_unfit': {
    status: 422,
    title: 'The deposit cannot be assigned to this gas account',
    retryable: false,
    help: '`fields` name why: it is unknown, closed, or on another network than the deposit.',
  },
} as const satisfies Record<string, ErrorEntry>;
