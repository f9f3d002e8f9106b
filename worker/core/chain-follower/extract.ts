/**
 * The events of one block, from the verified block and its logs. Notifications of executions that
 * did not HALT are left out (a faulted log lists what it raised before the fault, and none of it
 * happened); those of OnPersist and PostPersist are in.
 *
 * The block says what every transaction pays, so the burns of OnPersist are known before the log is
 * read: one a transaction, in order, also for those that FAULT. A log that says otherwise is not
 * this block's log, and is refused whole: an endpoint must not invent a burn or hide one (money
 * rule M10).
 */
import type { Hash256 } from '../neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import {
  type ApplicationLog,
  type LoggedNotification,
  loggedNotifications,
} from '../neo/vm/application-log.ts';
import { toTokenTransfer } from '../neo/vm/notification.ts';
import { encodeStackItem } from '../neo/vm/stack-item-bytes.ts';
import { blockEventId, type ChainEvent, feeEventId, transactionEventId } from './event.ts';
import { LIMITS } from './limits.ts';

/** What events need to know of a transaction; all of it under the verified merkle root. */
export interface FollowedTransaction {
  readonly hash: Hash256;
  /** The first signer, who pays. */
  readonly sender: ScriptHash;
  readonly systemFeeDatoshi: bigint;
  readonly networkFeeDatoshi: bigint;
}

export interface FollowedBlock {
  readonly height: number;
  readonly hash: Hash256;
  readonly timeMs: number;
  readonly transactions: readonly FollowedTransaction[];
}

/** All logs of a block: its own, and one a transaction in the block's order. */
export interface BlockLogs {
  readonly block: ApplicationLog;
  readonly transactions: readonly ApplicationLog[];
}

export type LogFault =
  | 'log_of_another_container'
  | 'log_incomplete'
  | 'fee_burns_differ'
  | 'event_too_large';

export type Extracted =
  | { readonly ok: true; readonly events: readonly ChainEvent[] }
  | { readonly ok: false; readonly fault: LogFault };

export interface ExtractOptions {
  readonly magic: number;
  readonly isContradicted: boolean;
  /** Events of other contracts are counted and not made; every contract when it is null. */
  readonly contracts: ReadonlySet<string> | null;
}

export function extractEvents(
  block: FollowedBlock,
  logs: BlockLogs,
  options: ExtractOptions,
): Extracted {
  const fault = findLogFault(block, logs);
  if (fault !== null) return { ok: false, fault };
  const raised = listRaised(block, logs, options.magic);
  if (raised === null) return { ok: false, fault: 'fee_burns_differ' };
  const events: ChainEvent[] = [];
  for (const [ordinal, { id, notification, transaction }] of raised.entries()) {
    const { contract, eventName, trigger } = notification;
    if (options.contracts !== null && !options.contracts.has(contract)) continue;
    const state = encodeState(notification);
    if ((state?.length ?? 0) > LIMITS.followerEventBytesMax.value)
      return { ok: false, fault: 'event_too_large' };
    events.push({
      height: block.height,
      ordinal,
      id,
      contract,
      eventName,
      // A log with another trigger is not parsed at all (application-log.ts).
      trigger: trigger as ChainEvent['trigger'],
      transaction,
      blockHash: block.hash,
      blockTimeMs: block.timeMs,
      state,
      isContradicted: options.isContradicted,
    });
  }
  return { ok: true, events };
}

const encodeState = ({ state }: LoggedNotification) =>
  state === null ? null : encodeStackItem({ type: 'Array', value: state });

/** Logs are evidence only for the containers they name, and only when whole. */
function findLogFault(block: FollowedBlock, logs: BlockLogs): LogFault | null {
  if (logs.transactions.length !== block.transactions.length) return 'log_incomplete';
  const isOwn =
    logs.block.kind === 'block' &&
    logs.block.container === block.hash &&
    logs.transactions.every(
      ({ kind, container }, index) =>
        kind === 'transaction' && container === block.transactions[index]?.hash,
    );
  if (!isOwn) return 'log_of_another_container';
  // OnPersist and PostPersist, and for each transaction its one Application execution.
  const isWhole =
    logs.block.executions.length === 2 &&
    logs.transactions.every(({ executions }) => executions.length === 1);
  return isWhole ? null : 'log_incomplete';
}

interface Raised {
  readonly id: string;
  readonly notification: LoggedNotification;
  readonly transaction: Hash256 | null;
}

/** In chain order; null when the burns are not those of the block's transactions. */
function listRaised(
  block: FollowedBlock,
  logs: BlockLogs,
  magic: number,
): readonly Raised[] | null {
  const own = { magic, hash: block.hash };
  const ofBlock = loggedNotifications(logs.block);
  const payers = block.transactions.filter((one) => feeOf(one) > 0n);
  const onPersist: Raised[] = [];
  let paid = 0;
  for (const notification of ofBlock) {
    if (notification.trigger !== 'OnPersist') continue;
    const burn = toBurn(notification);
    const payer = burn && payers[paid];
    if (burn === null) {
      const id = blockEventId(own, 'OnPersist', notification.index);
      onPersist.push({ id, notification, transaction: null });
      continue;
    }
    if (!payer || burn.from !== payer.sender || burn.amount !== feeOf(payer)) return null;
    const { hash } = payer;
    onPersist.push({ id: feeEventId({ magic, hash }), notification, transaction: hash });
    paid += 1;
  }
  if (paid !== payers.length) return null;
  const application = logs.transactions.flatMap((log) =>
    loggedNotifications(log).map((notification) => ({
      id: transactionEventId({ magic, hash: log.container }, notification.index),
      notification,
      transaction: log.container,
    })),
  );
  const postPersist = ofBlock
    .filter(({ trigger }) => trigger === 'PostPersist')
    .map((notification) => ({
      id: blockEventId(own, 'PostPersist', notification.index),
      notification,
      transaction: null,
    }));
  return [...onPersist, ...application, ...postPersist];
}

/** GAS mints and moves in OnPersist too; only what goes to nobody pays fees. */
function toBurn(notification: LoggedNotification) {
  if (notification.contract !== NATIVE_CONTRACTS.GasToken.hash) return null;
  const transfer = toTokenTransfer(notification);
  return transfer?.to === null && transfer.amount > 0n ? transfer : null;
}

const feeOf = ({ systemFeeDatoshi, networkFeeDatoshi }: FollowedTransaction): bigint =>
  systemFeeDatoshi + networkFeeDatoshi;
