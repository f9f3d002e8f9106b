/**
 * How often a property is tried, and from which seed. A raised count is reached through a
 * `*.slow.ts` file that imports the test file, since SLOW=1 runs those files and no others. The seed
 * is printed, and SEED repeats a run.
 */
export interface Runs {
  readonly seed: number;
  readonly numRuns: number;
}

export function runsOf(
  name: string,
  often: { readonly usual: number; readonly slow: number },
): Runs {
  const seed = Number(process.env.SEED ?? Math.trunc(performance.timeOrigin % 2 ** 31));
  const numRuns = process.env.SLOW === '1' ? often.slow : often.usual;
  console.info(`${name}: SEED=${String(seed)} (${String(numRuns)} runs)`);
  return { seed, numRuns };
}
