/**
 * What becomes of a withdrawal that its sender has. The sender is asked, the chain is read by a
 * quorum, and core/withdrawals/verdict.ts chooses; whoever calls, an event or the sweep, comes to
 * the same, and only the first one's choice is written.
 */

import type { TransactionView } from '../../../durable-objects/neo-sender/rpc.ts';
import { assertNever } from '../../core/assert.ts';
import {
  decideBecomes,
  type Evidence,
  evidenceNeeded,
  type Heard,
} from '../../core/withdrawals/verdict.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { readPaidUnder, readPaymentEvent } from './chain-evidence.ts';
import type { PayoutDeps } from './deps.ts';
import { alarm, decisionOf, settle } from './ending.ts';
import { intentIdOf, senderOf } from './hand-over.ts';
import type { PayoutRow } from './store.ts';
import { tryAgain } from './trying.ts';

/** Of one that is `sending` and was handed over. */
export async function judge(deps: PayoutDeps, row: PayoutRow): Promise<unknown> {
  const sender = senderOf(deps, row);
  const view = await sender.get(intentIdOf(row));
  if (!view.ok) {
    deps.log.error('withdrawals.unknown_to_sender', { withdrawalId: row.withdrawalId });
    return undefined;
  }
  const heard = heardOf(view.value);
  if (heard.kind === 'working') return sender.wake();
  const evidence = await readEvidence(deps, row, heard);
  const payee = { to: row.recipient, amount: BigInt(row.amount) };
  const becomes = decideBecomes(heard, evidence, payee);
  switch (becomes.kind) {
    case 'wait':
      return undefined;
    case 'paid':
    case 'faulted':
    case 'returned':
      return settle(deps, row, { ...decisionOf(becomes), ...whereIncluded(heard) });
    case 'again':
      return tryAgain(deps, row, becomes.why);
    case 'operator':
      return alarm(deps, row, {
        status: 'unresolved',
        reason: becomes.reason,
        detail: view.value.detail,
      });
    default:
      return assertNever(becomes);
  }
}

const whereIncluded = (heard: Heard) =>
  heard.kind === 'included' ? { hash: heard.hash, blockIndex: heard.blockIndex } : {};

/** The sender's word about the attempt. */
function heardOf({ state, reason, detail, inclusion, attempts }: TransactionView): Heard {
  const lastBlock = Math.max(
    0,
    ...attempts.map(({ transaction }) => transaction?.validUntilBlock ?? 0),
  );
  switch (state) {
    case 'intended':
    case 'prepared':
    case 'live':
      return { kind: 'working' };
    case 'rejected':
      return { kind: 'rejected', why: detail ?? reason ?? 'no reason given' };
    case 'disputed':
      return { kind: 'disputed' };
    case 'expired':
      return { kind: 'gone', height: lastBlock };
    case 'cancelled':
      return { kind: 'gone', height: inclusion?.blockIndex ?? lastBlock };
    default: {
      const winner = attempts.find(({ number }) => number === inclusion?.attempt)?.transaction;
      if (inclusion === null || !winner) return { kind: 'working' };
      const { hash, systemFee, networkFee } = winner;
      const { blockIndex, vmState } = inclusion;
      return { kind: 'included', hash, blockIndex, vmState, fee: systemFee + networkFee };
    }
  }
}

const NOTHING: Evidence = { event: null, paidUnder: null };

async function readEvidence(
  { settings }: PayoutDeps,
  row: PayoutRow,
  heard: Heard,
): Promise<Evidence> {
  const network = findBoundNetwork(settings, row);
  const needed = evidenceNeeded(heard);
  if (!network.ok || needed === null) return NOTHING;
  if (needed === 'event' && heard.kind === 'included')
    return { ...NOTHING, event: await readPaymentEvent(network.value, row, heard.hash) };
  const height = heightOf(heard);
  return { ...NOTHING, paidUnder: await readPaidUnder(network.value, row, height) };
}

/** From which on the answer counts: past the last block that could have paid. */
function heightOf(heard: Heard): number {
  if (heard.kind === 'included') return heard.blockIndex;
  return heard.kind === 'gone' ? heard.height + 1 : 0;
}
