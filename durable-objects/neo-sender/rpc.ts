/** What crosses RPC to a NeoSender: plain structured-clone values. */
import type { Hash256 } from '../../worker/core/neo/hash256.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { AdoptCommand } from '../../worker/core/neo-sender/adopt.ts';
import type {
  ReplaceCommand,
  ResolveCommand,
  SendCommand,
} from '../../worker/core/neo-sender/commands.ts';
import type {
  AttemptKind,
  AttemptState,
  Inclusion,
  IntentReason,
  IntentState,
  SenderIdentity,
} from '../../worker/core/neo-sender/intent.ts';
import type { Leave } from '../../worker/core/neo-sender/leave.ts';
import type { StepReport } from '../../worker/core/neo-sender/steps.ts';
import type { Result } from '../../worker/core/result.ts';
import type { Spent } from '../../worker/core/wallets/wallet-policy.ts';

/** From the operator's configuration of the network; the latest one counts. */
export interface NetworkFacts {
  /** Equal votes that decide (M5). */
  readonly quorum: number;
  readonly msPerBlock: number;
}

export interface Send {
  /** Of this object; another one is a mistake of the caller (M1). */
  readonly sender: SenderIdentity;
  readonly network: NetworkFacts;
  readonly command: SendCommand;
  /** Null for a wallet of the platform, which is bound by the purpose of its key alone. */
  readonly leave: Leave | null;
}

export interface Replace {
  readonly command: ReplaceCommand;
  /** Null exactly when it was sent with none. */
  readonly leave: Leave | null;
}

/** A transaction that was signed elsewhere is followed like one of ours. */
export interface Adopt {
  readonly sender: SenderIdentity;
  readonly network: NetworkFacts;
  readonly command: AdoptCommand;
}

/** A transaction that this wallet signs, and another account pays for and sends. */
export interface SpendBeside {
  readonly id: string;
  /** Of this object. */
  readonly wallet: ScriptHash;
  /** Without its witnesses. */
  readonly transaction: Uint8Array;
  readonly leave: Leave;
}

export interface EndBeside {
  readonly id: string;
  /** Whether it is on the chain; a fault keeps what it counted, too. */
  readonly isMoved: boolean;
}

export interface Sent {
  readonly id: string;
  readonly state: IntentState;
  /** True when the same command had come before. */
  readonly isRepeat: boolean;
}

export interface AttemptView {
  readonly number: number;
  readonly kind: AttemptKind;
  readonly state: AttemptState;
  /** Null until it is prepared. */
  readonly transaction: {
    readonly hash: Hash256;
    readonly systemFee: bigint;
    readonly networkFee: bigint;
    readonly validUntilBlock: number;
  } | null;
}

export interface TransactionView {
  readonly id: string;
  readonly purpose: string;
  readonly state: IntentState;
  readonly stateSince: number;
  /** When the state should change, if all goes as usual; null when nobody can say. */
  readonly expectedAt: number | null;
  /** When it changes at the latest; null when it is an end, or an operator's to change. */
  readonly latestAt: number | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** Why it ended, is disputed, or still waits to be prepared. */
  readonly reason: IntentReason | null;
  readonly detail: string | null;
  readonly attempts: readonly AttemptView[];
  readonly inclusion: Inclusion | null;
}

export interface ListTransactions {
  readonly state?: IntentState;
  /** The last id of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** By id, newest first for ids that sort by time. */
export interface TransactionPage {
  readonly items: readonly TransactionView[];
  readonly nextCursor: string | null;
}

export interface SenderEvent {
  readonly sequence: number;
  /** The same for every delivery of the event. */
  readonly id: string;
  readonly type: `transaction.${IntentState}`;
  /** The intent's id. */
  readonly subject: string;
  readonly time: number;
  /** JSON; amounts are decimal strings. */
  readonly dataJson: string;
}

export interface SenderStats {
  readonly states: readonly { readonly state: IntentState; readonly intents: number }[];
  readonly events: number;
  /** Datoshi that open intents may still cost. */
  readonly reserved: bigint;
  readonly nextAlarmAt: number | null;
  readonly lastFault: { readonly at: number; readonly message: string } | null;
}

/** The methods others may call; stubs of the object satisfy it. */
export interface NeoSenderRpc {
  /** The same command again gives the same answer, whatever the policy says by then. */
  send(
    send: Send,
  ): Promise<
    Result<
      Sent,
      | 'sender.intent_invalid'
      | 'sender.intent_conflict'
      | 'sender.full'
      | 'sender.policy_refused'
      | 'sender.approvals_required'
    >
  >;
  /** The same bytes again give the same answer. */
  adopt(
    adopt: Adopt,
  ): Promise<Result<Sent, 'sender.intent_invalid' | 'sender.intent_conflict' | 'sender.full'>>;
  /** A replacement that pays more, or one that cancels; on an intent still unsent, a withdrawal. */
  replace(
    replace: Replace,
  ): Promise<
    Result<
      TransactionView,
      | 'request.not_found'
      | 'sender.not_replaceable'
      | 'sender.attempt_conflict'
      | 'sender.intent_invalid'
      | 'sender.policy_refused'
      | 'sender.approvals_required'
    >
  >;
  /** Counts what it moves against the days of the wallet, before the wallet signs. */
  spendBeside(
    command: SpendBeside,
  ): Promise<Result<null, 'sender.policy_refused' | 'sender.approvals_required'>>;
  endBeside(command: EndBeside): Promise<Result<null, never>>;
  /** What the intents of this day (UTC) took of it, for a forecast; the turn of `send` decides. */
  spent(): Promise<Result<Spent, never>>;
  /** For operators. */
  resolve(
    command: ResolveCommand,
  ): Promise<
    Result<TransactionView, 'request.not_found' | 'sender.not_disputed' | 'sender.intent_invalid'>
  >;
  get(id: string): Promise<Result<TransactionView, 'request.not_found'>>;
  list(query: ListTransactions): Promise<Result<TransactionPage, never>>;
  /** What ChainPort did; refused when its lease is over. */
  report(report: StepReport): Promise<Result<null, 'request.not_found' | 'sender.lease_stale'>>;
  /** Oldest first; an event stays until it is acknowledged. */
  listEvents(query: {
    readonly afterSequence: number;
    readonly limit: number;
  }): Promise<Result<{ readonly items: readonly SenderEvent[] }, never>>;
  acknowledgeEvents(throughSequence: number): Promise<Result<{ readonly removed: number }, never>>;
  /** Datoshi that open intents may still cost. */
  reserved(): Promise<Result<bigint, never>>;
  stats(): Promise<Result<SenderStats, never>>;
  /** For a sweep of lost alarms: sets the alarm again. */
  wake(): Promise<Result<{ readonly nextAlarmAt: number | null }, never>>;
}
