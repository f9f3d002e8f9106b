/**
 * When a sender looks again, how long a state may last, and what a reader of the resource is told
 * to expect. Blocks are turned into time by the network's own block time.
 */
import { type Attempt, type Intent, mayBeIncluded } from './intent.ts';
import { LIMITS } from './limits.ts';

const clampCadence = (ms: number): number =>
  Math.min(Math.max(ms, LIMITS.senderCadenceMsMin.value), LIMITS.senderCadenceMsMax.value);

/** How often the chain is read for an intent: twice a block, so that a verdict is half a block late. */
const observeEveryMs = (msPerBlock: number): number => clampCadence(msPerBlock / 2);

/** Slower once the window should be over: then the chain stands, or the endpoints are cut off. */
export function observeAgainAt(attempts: readonly Attempt[], { now, msPerBlock }: Pace): number {
  const isLate = now > lastWindowEnd(attempts, msPerBlock) + 2 * msPerBlock;
  return now + (isLate ? LIMITS.senderCadenceMsMax.value : observeEveryMs(msPerBlock));
}

/** How soon the same bytes are sent again while nobody sound is known to hold them. */
export const rebroadcastSoonMs = (msPerBlock: number): number => clampCadence(msPerBlock);

/** And while somebody does: pools lose transactions, and nodes that were cut off keep theirs. */
export const rebroadcastMs = (msPerBlock: number): number =>
  LIMITS.senderRebroadcastBlocks.value * clampCadence(msPerBlock);

/** When the last block that may hold it should be there. */
export const windowEndsAt = (preparedAt: number, windowBlocks: number, msPerBlock: number) =>
  preparedAt + (windowBlocks + 1) * msPerBlock;

/**
 * How long an intent may be bound to the chain before a person is asked. A chain that stands still
 * can go on and take the transaction, so the time alone never ends it otherwise.
 */
export const followedUntil = (preparedAt: number, windowBlocks: number, msPerBlock: number) =>
  preparedAt + 2 * (windowBlocks + 2) * msPerBlock + LIMITS.senderUnreadableMaxMs.value;

export interface Pace {
  readonly now: number;
  readonly msPerBlock: number;
}

/** When the last of the windows of all that may be included should be over; 0 without any. */
const lastWindowEnd = (attempts: readonly Attempt[], msPerBlock: number): number =>
  attempts
    .filter(mayBeIncluded)
    .map(({ transaction: { preparedAt, preparedHeight, validUntilBlock } }) =>
      windowEndsAt(preparedAt, validUntilBlock - preparedHeight, msPerBlock),
    )
    .reduce((last, end) => Math.max(last, end), 0);

export interface Expectation {
  /** When its state should have changed, if all goes as usual; null when nobody can say. */
  readonly expectedAt: number | null;
  /** When it will have changed at the latest; null when only an operator changes it, or nothing. */
  readonly latestAt: number | null;
}

export function expectationOf(
  intent: Intent,
  attempts: readonly Attempt[],
  { now, msPerBlock }: Pace,
): Expectation {
  const latestAt = intent.deadlineAt;
  if (latestAt === null) return { expectedAt: null, latestAt };
  // Waiting for GAS ends when somebody pays some in, which is nobody's estimate.
  if (intent.state === 'intended' && intent.reason !== null) return { expectedAt: null, latestAt };
  const usual = intent.stateSince + (intent.state === 'live' ? 2 * msPerBlock : 2_000);
  if (usual > now) return { expectedAt: Math.min(usual, latestAt), latestAt };
  const last = Math.max(now, lastWindowEnd(attempts, msPerBlock)) + observeEveryMs(msPerBlock);
  return { expectedAt: Math.min(last, latestAt), latestAt };
}
