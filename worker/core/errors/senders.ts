/** Sending Neo transactions. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const SENDER_ERRORS = {
  'sender.intent_conflict': {
    status: 409,
    title: 'This id belongs to another transaction',
    retryable: false,
    help: 'The same id was used with other contents. Use a fresh id for another transaction.',
  },
  'sender.intent_invalid': {
    status: 422,
    title: 'The transaction cannot be sent like this',
    retryable: false,
    help: '`detail` names the part: its form, its fees, its window, or its first signer.',
  },
  'sender.policy_refused': {
    status: 422,
    title: 'The policy of the wallet refuses the transaction',
    retryable: false,
    help:
      '`detail` tells why. What the policy has no place for, no approval lets pass; an amount of ' +
      'the day comes back at midnight UTC, or when a transaction that counts ends unsent.',
  },
  'sender.approvals_required': {
    status: 403,
    title: 'The transaction needs approvals',
    retryable: false,
    help: '`limit` is how many, `detail` why. Collect them and send it with them.',
  },
  'sender.full': {
    status: 429,
    title: 'Too many transactions of this wallet are open',
    retryable: true,
    help: 'Repeat when some of them have ended; `limit` of them may be open at once.',
  },
  'sender.not_replaceable': {
    status: 409,
    title: 'The transaction cannot be replaced now',
    retryable: false,
    help:
      '`detail` is its state, or `pending` while another replacement is being made, or ' +
      '`cancelling` once a cancellation was asked for, or `signed elsewhere`: its signers make ' +
      'the one that displaces it. A transaction that ended stays as it ended.',
  },
  'sender.attempt_conflict': {
    status: 409,
    title: 'This attempt exists with other contents, or is not the next one',
    retryable: false,
    help: 'Read the transaction; the next attempt has the number after the last one.',
  },
  'sender.not_disputed': {
    status: 409,
    title: 'The transaction is not disputed',
    retryable: false,
    help: 'Only a disputed transaction is ended by an operator; `detail` is its state.',
  },
  'sender.lease_stale': {
    status: 409,
    title: 'The step was given to somebody else, or is over',
    retryable: false,
    help: 'Drop what was done under this lease; whoever holds it now does it again.',
  },
} as const satisfies Record<string, ErrorEntry>;
