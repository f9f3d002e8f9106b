/**
 * Notifications (events) of contracts, as application logs, invocations, `getblocknotifications`
 * and the WebSocket print them. A notification alone proves nothing: whether the execution that
 * raised it held is said by the log around it (application-log.ts), and any contract may raise an
 * event of any name: whoever counts tokens compares `contract` first.
 */
import { type Hash256, parseHash256 } from '../hash256.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { parseScriptHash, type ScriptHash } from '../script-hash.ts';
import { LIMITS } from './limits.ts';
import { readStackItem, type StackItem } from './stack-item.ts';
import { asBigInt, asBytes, asHash160, isNull } from './stack-item-values.ts';

export interface Notification {
  readonly contract: ScriptHash;
  readonly eventName: string;
  /** Null when the node could not print it (`error: ...`); that cannot happen to small values. */
  readonly state: readonly StackItem[] | null;
}

/** One that a stream or a block's list gives without its log, with the transaction or block. */
export interface ContainedNotification extends Notification {
  readonly container: Hash256;
}

function readNotification(reader: JsonReader): Notification {
  const state = reader.field('state');
  return {
    contract: reader.field('contract').parsed(parseScriptHash, 'a script hash'),
    eventName: reader.field('eventname').text(LIMITS.eventNameCharsMax.value),
    state: state.isText ? null : readState(state),
  };
}

function readState(reader: JsonReader): readonly StackItem[] {
  const item = readStackItem(reader);
  return item.type === 'Array' || item.type === 'Struct'
    ? item.value
    : reader.refuse('neither Array nor Struct');
}

export const readNotifications = (reader: JsonReader): Notification[] =>
  reader.list(LIMITS.notificationsPerExecutionMax.value, readNotification);

function readContained(reader: JsonReader): ContainedNotification {
  const container = reader.field('container').parsed(parseHash256, 'a hash');
  return { container, ...readNotification(reader) };
}

/** `notification_from_execution`; only those of HALTed executions are sent. */
export const parseContainedNotification = (json: unknown): Parsed<ContainedNotification> =>
  parseWhole(json, readContained);

export interface BlockNotifications {
  readonly onPersist: readonly ContainedNotification[];
  readonly application: readonly ContainedNotification[];
  readonly postPersist: readonly ContainedNotification[];
}

/** `getblocknotifications`, which leaves faulted executions and empty groups out. */
export const parseBlockNotifications = (json: unknown): Parsed<BlockNotifications> =>
  parseWhole(json, (reader) => ({
    onPersist: readGroup(reader, 'onpersist'),
    application: readGroup(reader, 'application'),
    postPersist: readGroup(reader, 'postpersist'),
  }));

function readGroup(reader: JsonReader, name: string): readonly ContainedNotification[] {
  const group = reader.optional(name);
  if (group === null || group.isNull) return [];
  return group.list(LIMITS.notificationsPerExecutionMax.value, readContained);
}

/** A Transfer of NEP-17. Its `data` argument is in no event. */
export interface TokenTransfer {
  readonly token: ScriptHash;
  /** Null when the amount was minted. */
  readonly from: ScriptHash | null;
  /** Null when the amount was burned. */
  readonly to: ScriptHash | null;
  readonly amount: bigint;
}

export interface NftTransfer extends TokenTransfer {
  readonly tokenId: Uint8Array;
}

/**
 * Null for an event that is no Transfer of NEP-17: another name or count, another type at any
 * place, an amount below zero, or from nobody to nobody.
 */
export function toTokenTransfer(notification: Notification): TokenTransfer | null {
  return notification.state?.length === 3 ? toTransfer(notification) : null;
}

/** As above for NEP-11, whose Transfer has the token's id as a fourth value. */
export function toNftTransfer(notification: Notification): NftTransfer | null {
  const { state } = notification;
  const id = state?.length === 4 ? state[3] : undefined;
  const tokenId = id && asBytes(id);
  const transfer = toTransfer(notification);
  return transfer && tokenId ? { ...transfer, tokenId } : null;
}

function toTransfer({ contract, eventName, state }: Notification): TokenTransfer | null {
  const [fromItem, toItem, amountItem] = state ?? [];
  if (eventName !== 'Transfer' || !fromItem || !toItem || !amountItem) return null;
  const from = asHash160(fromItem);
  const to = asHash160(toItem);
  const amount = asBigInt(amountItem);
  // An account of a wrong form must not be taken for the nobody of a mint or a burn.
  if ((from === null && !isNull(fromItem)) || (to === null && !isNull(toItem))) return null;
  if (from === null && to === null) return null;
  return amount === null || amount < 0n ? null : { token: contract, from, to, amount };
}
