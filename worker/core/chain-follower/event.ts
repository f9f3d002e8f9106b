/**
 * What followers deliver: notifications that happened, each under one id for ever. The network's
 * magic is in every id (money rule M1), since a transaction hash is the same on two networks:
 * `magic:txHash:index`, `magic:blockHash:trigger:index`, and `magic:txHash:fee` for the burn of a
 * transaction's fees (M10). Ids are made from verified blocks and the block's log alone, so a
 * re-scan makes the same ones and a consumer drops what it has seen.
 */
import type { Hash256 } from '../neo/hash256.ts';
import type { ScriptHash } from '../neo/script-hash.ts';
import type { Trigger } from '../neo/vm/execution.ts';
import type { EventPlace } from './position.ts';

export type EventTrigger = Exclude<Trigger, 'Verification'>;

export interface ChainEvent extends EventPlace {
  readonly id: string;
  readonly contract: ScriptHash;
  readonly eventName: string;
  readonly trigger: EventTrigger;
  /** Null for what the block itself did. */
  readonly transaction: Hash256 | null;
  readonly blockHash: Hash256;
  readonly blockTimeMs: number;
  /**
   * The state as `StdLib.serialize` writes it (`decodeStackItem` reads it); null when the node could
   * not print it. In JSON the same could be thirty times as long, and a stranger chooses how many
   * there are.
   */
  readonly state: Uint8Array<ArrayBuffer> | null;
  /** An endpoint contradicted the quorum about this block: money must not move by it (M5). */
  readonly isContradicted: boolean;
}

export interface EventContainer {
  readonly magic: number;
  readonly hash: Hash256;
}

export const transactionEventId = ({ magic, hash }: EventContainer, index: number): string =>
  `${String(magic)}:${hash}:${String(index)}`;

export const blockEventId = (
  { magic, hash }: EventContainer,
  trigger: EventTrigger,
  index: number,
): string => `${String(magic)}:${hash}:${trigger}:${String(index)}`;

export const feeEventId = ({ magic, hash }: EventContainer): string =>
  `${String(magic)}:${hash}:fee`;
