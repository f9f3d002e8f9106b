/** What a reader is told of an intent: its state, since when, what to expect, and the evidence. */
import type { Attempt } from '../../worker/core/neo-sender/intent.ts';
import type { Dossier, Moment } from '../../worker/core/neo-sender/lifecycle.ts';
import { expectationOf } from '../../worker/core/neo-sender/timing.ts';
import type { AttemptView, TransactionView } from './rpc.ts';

export const viewOf = ({ intent, attempts }: Dossier, moment: Moment): TransactionView => ({
  id: intent.id,
  purpose: intent.purpose,
  state: intent.state,
  stateSince: intent.stateSince,
  ...expectationOf(intent, attempts, moment),
  createdAt: intent.createdAt,
  endedAt: intent.endedAt,
  reason: intent.reason,
  detail: intent.detail,
  attempts: attempts.map(attemptView),
  inclusion: intent.inclusion,
});

const attemptView = ({ number, kind, state, transaction }: Attempt): AttemptView => ({
  number,
  kind,
  state,
  transaction: transaction && {
    hash: transaction.hash,
    systemFee: transaction.systemFee,
    networkFee: transaction.networkFee,
    validUntilBlock: transaction.validUntilBlock,
  },
});
