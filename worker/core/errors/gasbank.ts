/** The books of the gas bank. Rows of the catalogue (../errors.ts). */
import type { ErrorEntry } from './entry.ts';

export const GASBANK_ERRORS = {
  'gasbank.command_invalid': {
    status: 422,
    title: 'The command cannot be booked like this',
    retryable: false,
    help: 'Mend the place named in `fields`.',
  },
  'gasbank.command_conflict': {
    status: 409,
    title: 'This id belongs to another command',
    retryable: false,
    help: 'The same id was used with other contents. Use a fresh id for another command.',
  },
  'gasbank.book_closed': {
    status: 409,
    title: 'The book is closed',
    retryable: false,
    help: 'Its account was deleted; what was left over is unclaimed and still the owner’s.',
  },
  'gasbank.full': {
    status: 429,
    title: 'The book takes nothing new',
    retryable: false,
    help:
      'It has `limit` gas accounts, or all the entries it can keep. What is open can still end; ask ' +
      'the operator.',
  },
  'gasbank.fund_not_found': {
    status: 404,
    title: 'There is no such gas account',
    retryable: false,
    help: '`detail` names it. It was never opened, or is closed.',
  },
  'gasbank.fund_exists': {
    status: 409,
    title: 'This gas account exists already, or has existed',
    retryable: false,
    help: 'A name is used once, so that what comes late is never taken for another’s. Choose another.',
  },
  'gasbank.fund_not_empty': {
    status: 409,
    title: 'There is still GAS in it',
    retryable: false,
    help: 'Move or withdraw what is available, and wait for what is reserved or in transit.',
  },
  'gasbank.budget_exceeded': {
    status: 403,
    title: 'A budget would be exceeded',
    retryable: false,
    help: '`detail` names the budget, `limit` its cap, `observed` what it would have come to.',
  },
  'gasbank.insufficient_funds': {
    status: 402,
    title: 'There is not enough to pay for it',
    retryable: false,
    help: '`limit` is available, `observed` is needed, in datoshi. Deposit GAS or buy credits.',
  },
  'gasbank.hold_not_found': {
    status: 404,
    title: 'There is no such hold',
    retryable: false,
    help: 'Only the service that made a hold can name it.',
  },
  'gasbank.hold_ended': {
    status: 409,
    title: 'The hold has ended',
    retryable: false,
    help: '`detail` is how: captured, released or expired. Make a new one.',
  },
  'gasbank.hold_bound': {
    status: 409,
    title: 'The hold is bound to the chain',
    retryable: false,
    help: 'A transaction may have been signed; only its inclusion or proven absence ends the hold.',
  },
  'gasbank.amount_above_hold': {
    status: 422,
    title: 'More than is held',
    retryable: false,
    help: '`limit` is what may be taken of the hold, in datoshi.',
  },
  'gasbank.address_unwatched': {
    status: 409,
    title: 'The address is not booked',
    retryable: false,
    help: '`detail` is the address; register it first, with what lies on it.',
  },
  'gasbank.before_watch': {
    status: 409,
    title: 'The opening balance holds this event already',
    retryable: false,
    help: 'The address is booked from the block after `limit` on.',
  },
  'gasbank.not_in_suspense': {
    status: 409,
    title: 'This deposit is not in suspense',
    retryable: false,
    help: 'It went to a book, was assigned before, or is being sent back.',
  },
  'gasbank.gas_account_closed': {
    status: 409,
    title: 'The gas account is closed',
    retryable: false,
    help: 'It is closed for ever; open another one under another name.',
  },
  'gasbank.main_stays': {
    status: 409,
    title: 'The gas account `main` cannot be closed',
    retryable: false,
    help: 'A book always has it: whatever comes without another destination goes there.',
  },
  'gasbank.top_up_source': {
    status: 409,
    title: 'It cannot be topped up from that gas account',
    retryable: false,
    help:
      'The source is another open gas account of this account on the same network, without a rule ' +
      'of its own, and no gas account with a rule is a source: so no rule ever feeds itself.',
  },
  'gasbank.balance_left': {
    status: 409,
    title: 'The account still has GAS',
    retryable: false,
    help:
      '`observed` datoshi are left. Withdraw them, and wait for what is reserved or in transit. With ' +
      '`leaveGas=true` the account is deleted all the same, and they stay its owner’s as unclaimed.',
  },
  'gasbank.checkpoint_ahead': {
    status: 409,
    title: 'The message is of a checkpoint that is not reached here',
    retryable: true,
    help: 'The platform’s book closes its checkpoints by the chain alone; the move is told again.',
  },
  'gasbank.height_passed': {
    status: 409,
    title: 'The book has met later blocks already',
    retryable: false,
    help: 'Its balance at that height cannot be told any more; choose a height above `limit`.',
  },
} as const satisfies Record<string, ErrorEntry>;
