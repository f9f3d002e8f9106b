/**
 * A failure the person at the terminal can mend: it is printed as its message alone. Everything
 * else that is thrown is a fault of ours and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** For the top of a script: prints the failure and ends the process with 1. */
export function endWith(error: unknown): never {
  process.stderr.write(
    error instanceof UserError ? `${error.message}\n` : `${describeFault(error)}\n`,
  );
  process.exit(1);
}

function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
