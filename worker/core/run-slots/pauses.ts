/**
 * When the thread of an isolate owes its other requests a moment. Promises and timers that are due
 * together are served one after the other before the event loop looks at sockets again, so a batch
 * of runs would hold up every other request for the sum of their computing. Here a short batch
 * passes in one go, and after a long one the next run must first have slept on a timer that was set
 * after the last run had ended: such a timer fires in a later round of the loop.
 *
 * Pure: time is an argument. In production the clock stands still while code computes, and moves on
 * between events.
 */
export interface PauseBounds {
  /** Computing that may pass without a pause. */
  readonly batchMs: number;
  /** The thread was idle for so long: it has looked at its sockets. */
  readonly idleMs: number;
}

export class Pauses {
  readonly #bounds: PauseBounds;
  #ended = 0;
  #endedAt = Number.NEGATIVE_INFINITY;
  #batchSince = Number.NEGATIVE_INFINITY;

  constructor(bounds: PauseBounds) {
    this.#bounds = bounds;
  }

  /** Kept by whoever goes to sleep, and shown on waking. */
  get mark(): number {
    return this.#ended;
  }

  /**
   * Whether a run may compute now: `mark` is of the last sleep, undefined for one that has not
   * slept.
   */
  mayCompute(mark: number | undefined, now: number): boolean {
    return this.#hasPaused(mark, now) || now - this.#batchSince <= this.#bounds.batchMs;
  }

  begin(mark: number | undefined, now: number): void {
    if (this.#hasPaused(mark, now)) this.#batchSince = now;
  }

  end(now: number): void {
    this.#ended += 1;
    this.#endedAt = now;
  }

  #hasPaused(mark: number | undefined, now: number): boolean {
    return mark === this.#ended || now - this.#endedAt > this.#bounds.idleMs;
  }
}
