/**
 * Load that is more than one request: some callers, each of whom does the whole of it again as soon
 * as it was done. What one of them throws fails the bench.
 */
import { type Timing, toTiming } from './statistics.ts';

export interface Callers {
  readonly callers: number;
  /** Nobody begins after that; what is under way is waited for and counted. */
  readonly seconds: number;
}

/** `act` tells how long it took, in milliseconds; each caller does it once at least. */
export async function measureCallers(
  act: (caller: number) => Promise<number>,
  { callers, seconds }: Callers,
): Promise<Timing> {
  const durationsMs: number[] = [];
  const startedAt = performance.now();
  const call = async (_: unknown, caller: number): Promise<void> => {
    do durationsMs.push(await act(caller));
    while (performance.now() - startedAt < seconds * 1000);
  };
  await Promise.all(Array.from({ length: callers }, call));
  return toTiming(durationsMs, performance.now() - startedAt);
}
