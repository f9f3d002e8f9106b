/**
 * A broken invariant: a bug or damaged data, never a caller's mistake. Ends as 500; the text goes
 * to the log only.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Closes an exhaustive switch: the compiler refuses a case that was forgotten. */
export function assertNever(value: never): never {
  throw new InvariantError(`unreachable case: ${String(value)}`);
}
