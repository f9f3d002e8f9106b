/**
 * Time in tests inside workerd: only `Date` is replaced, so that storage and timers go on as they
 * are. What the isolate remembers of credentials goes with the time it was remembered at.
 */
import { onTestFinished, vi } from 'vitest';

/** Stops the clock, at now unless told otherwise, and gives what moves it on. */
export function stopClock(at = Date.now()): { readonly pass: (ms: number) => void } {
  vi.useFakeTimers({ toFake: ['Date'], now: at });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return { pass: (ms) => vi.setSystemTime(Date.now() + ms) };
}

export const SECOND_MS = 1_000;
