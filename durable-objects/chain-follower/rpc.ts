/** What crosses RPC to a ChainFollower: plain structured-clone values. */
import type { ChainEvent } from '../../worker/core/chain-follower/event.ts';
import type { ChainPosition, VerifiedHeader } from '../../worker/core/chain-follower/position.ts';
import type { ReadReport } from '../../worker/core/chain-follower/reading.ts';
import type {
  EndpointFault,
  FollowerAlert,
  GapReason,
  HeightRange,
} from '../../worker/core/chain-follower/status.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { Result } from '../../worker/core/result.ts';

export interface Configure {
  /** CAIP-2. */
  readonly networkId: string;
  readonly magic: number;
  readonly msPerBlock: number;
  readonly endpoints: readonly string[];
  readonly quorum: number;
  readonly checkpoint: ChainPosition;
}

export interface Subscribe {
  readonly subscriberId: string;
  readonly contract: ScriptHash;
  /** Null for every event of the contract. */
  readonly eventName: string | null;
  /** Null from the next block on. */
  readonly fromHeight: number | null;
}

export type Unsubscribe = Omit<Subscribe, 'fromHeight'>;

export interface Rescan {
  readonly subscriberId: string;
  readonly fromHeight: number;
  /** Included. */
  readonly toHeight: number;
}

export interface DeliveredEvent extends ChainEvent {
  /** Grows along the subscriber's stream; acknowledged up to one. */
  readonly position: number;
}

export interface EventPage {
  readonly events: readonly DeliveredEvent[];
  readonly hasMore: boolean;
}

export interface SubscriberView {
  readonly state: 'live' | 'catching_up';
  readonly pending: number;
  /** The next block of its catch-up; null when it is live. */
  readonly catchUpHeight: number | null;
  readonly openScans: number;
}

export interface FollowerStatus {
  readonly verifiedHeight: number;
  /** All events up to and with this block are handed out. */
  readonly deliveredHeight: number;
  readonly networkHeight: number | null;
  /** Blocks that the network has and that are not delivered. */
  readonly behindBlocks: number;
  /** Age of the last verified block by its own time. */
  readonly lastBlockAgeMs: number | null;
  readonly alert: FollowerAlert | null;
  readonly gaps: readonly (HeightRange & { readonly reason: GapReason })[];
  readonly faults: readonly EndpointFault[];
  readonly subscribers: number;
  readonly catchingUp: number;
  readonly subscriptions: number;
  readonly pendingEvents: number;
  /** The last alarm that failed: a defect, for operators. */
  readonly lastFault: { readonly at: number; readonly message: string } | null;
}

/** The methods others may call; stubs of the object satisfy it. */
export interface ChainFollowerRpc {
  /** Safe to repeat; the first one sets where following begins. */
  configure(command: Configure): Promise<Result<null, 'follower.config_conflict'>>;
  /** Safe to repeat: a subscription that stands is left as it is. */
  subscribe(
    command: Subscribe,
  ): Promise<
    Result<
      { readonly fromHeight: number },
      'follower.not_configured' | 'follower.height_out_of_range' | 'follower.limit_reached'
    >
  >;
  unsubscribe(command: Unsubscribe): Promise<Result<null, never>>;
  /** With everything that waits for it. */
  removeSubscriber(subscriberId: string): Promise<Result<null, never>>;
  /** From the oldest not acknowledged; the same page again until it is. */
  readEvents(query: {
    readonly subscriberId: string;
    readonly limit: number;
  }): Promise<Result<EventPage, 'request.not_found'>>;
  acknowledge(command: {
    readonly subscriberId: string;
    readonly position: number;
  }): Promise<
    Result<{ readonly pending: number }, 'request.not_found' | 'follower.position_unknown'>
  >;
  /** Delivers a range again, under the same ids. */
  rescan(
    command: Rescan,
  ): Promise<
    Result<
      null,
      | 'follower.not_configured'
      | 'request.not_found'
      | 'follower.height_out_of_range'
      | 'follower.limit_reached'
    >
  >;
  subscriber(subscriberId: string): Promise<Result<SubscriberView, 'request.not_found'>>;
  /** A verified header, while it is kept. */
  header(height: number): Promise<Result<VerifiedHeader, 'request.not_found'>>;
  status(): Promise<Result<FollowerStatus, 'follower.not_configured'>>;
  reportRead(report: ReadReport): Promise<Result<null, 'follower.lease_stale'>>;
  /** For the sweep: sets the alarm again, whatever became of it. */
  wake(): Promise<Result<null, never>>;
}
