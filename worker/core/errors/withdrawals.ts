/** GAS that leaves the platform. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const WITHDRAWAL_ERRORS = {
  'withdrawals.route_unavailable': {
    status: 503,
    title: 'Nothing pays withdrawals of this network here',
    retryable: false,
    help: 'The network has no vault, or no resolver is configured. Ask the operator.',
  },
  'withdrawals.amount_too_small': {
    status: 422,
    title: 'The amount is below the least that is paid out',
    retryable: false,
    help: '`limit` is the least, in datoshi.',
  },
  'withdrawals.above_cap': {
    status: 422,
    title: 'The vault never pays so much in one day',
    retryable: false,
    help: '`limit` is its cap of a day, in datoshi. Withdraw in parts.',
  },
  'withdrawals.destination_refused': {
    status: 403,
    title: 'Nothing is paid to this destination',
    retryable: false,
    help:
      'It is the vault, a wallet of the platform or a contract of the node, it refused payments ' +
      'lately, the withdrawal policy does not name it, or not yet, or it is none of the wallets that ' +
      'a deleted account had verified; `detail` says which.',
  },
  'withdrawals.would_fault': {
    status: 422,
    title: 'The release would fail',
    retryable: false,
    help:
      'Nodes ran it and it ended in a FAULT: a contract that takes no GAS, or a vault that has not ' +
      'enough. `detail` is the exception. Nothing was held.',
  },
  'withdrawals.fee_too_high': {
    status: 422,
    title: 'The release costs more than may be paid for it',
    retryable: false,
    help:
      '`observed` is what it needs and `limit` the most, in datoshi: your `feeMax`, or the bound of ' +
      'the platform. The code of the recipient sets what it costs.',
  },
  'withdrawals.schedule_invalid': {
    status: 422,
    title: 'It cannot be scheduled for that time',
    retryable: false,
    help: 'Choose a time in the future, at most `limit` days ahead.',
  },
  'withdrawals.request_conflict': {
    status: 409,
    title: 'This id belongs to another withdrawal',
    retryable: false,
    help: 'The same `id` was used with other contents. Use a fresh id for another withdrawal.',
  },
  'withdrawals.too_many_open': {
    status: 429,
    title: 'Too many withdrawals of the account are open',
    retryable: true,
    help: 'Repeat when some of them have ended, or cancel what was not sent.',
  },
  'withdrawals.approvers_missing': {
    status: 422,
    title: 'There are too few wallets that could approve it',
    retryable: false,
    help:
      'The withdrawal policy asks for `limit` approvals and `observed` wallets can give one: the ' +
      'verified members of the wallet policy, or without one the verified wallets of the account.',
  },
  'withdrawals.not_proposed': {
    status: 409,
    title: 'The withdrawal does not wait for approvals',
    retryable: false,
    help: '`detail` is its status.',
  },
  'withdrawals.not_an_approver': {
    status: 403,
    title: 'This wallet does not approve this withdrawal',
    retryable: false,
    help:
      'Approvers are fixed when a withdrawal is asked for (`approvers`), and each counts while it ' +
      'is verified.',
  },
  'withdrawals.not_cancellable': {
    status: 409,
    title: 'The withdrawal can no longer be taken back',
    retryable: false,
    help: '`detail` is its status. What may have been signed ends by the chain alone.',
  },
  'withdrawals.not_replayable': {
    status: 409,
    title: 'The withdrawal is not one that waits for an operator',
    retryable: false,
    help: '`detail` is its status. Only `dead_letter` and `unresolved` are replayed or resolved.',
  },
  'withdrawals.contradicts_chain': {
    status: 409,
    title: 'The vault says otherwise',
    retryable: false,
    help:
      'What was paid under the id of the withdrawal is read from the vault by a quorum; no word of ' +
      'an operator passes it by. `detail` says what it has.',
  },
} as const satisfies Record<string, ErrorEntry>;
