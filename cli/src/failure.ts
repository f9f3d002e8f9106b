/**
 * * What can go wrong, as one class with an exit code that scripts may rely on. The codes are part
 * of the interface and listed in README.md and in `slctl --help`; a code keeps its meaning for
 * ever.
 */
export const EXIT = {
  ok: 0,
  /** The command did its work and the outcome is a failure: the function threw. */
  outcome: 1,
  usage: 2,
  denied: 3,
  notFound: 4,
  conflict: 5,
  refused: 6,
  limited: 7,
  unavailable: 8,
  unverified: 9,
  /** EX_SOFTWARE of sysexits.h: a fault of slctl itself. */
  fault: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.outcome, 'the function ran and failed'],
  [EXIT.usage, 'the command line or a local file is wrong'],
  [EXIT.denied, 'not authenticated or not allowed'],
  [EXIT.notFound, 'there is no such thing, or it is gone'],
  [EXIT.conflict, 'conflict with another change or a precondition'],
  [EXIT.refused, 'the server refused the input'],
  [EXIT.limited, 'rate limit or quota'],
  [EXIT.unavailable, 'the server failed or cannot be reached'],
  [EXIT.unverified, 'verification failed'],
  [EXIT.fault, 'a fault of slctl itself'],
  [EXIT.interrupted, 'interrupted'],
];

export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

export interface FailureFacts {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly detail: string;
  readonly status?: number;
  readonly fields?: readonly FieldProblem[];
  readonly requestId?: string;
  readonly limit?: number;
  readonly observed?: number;
  readonly retryAfterSeconds?: number;
}

export class CliFailure extends Error {
  readonly facts: FailureFacts;

  constructor(facts: FailureFacts, options?: ErrorOptions) {
    super(facts.detail, options);
    this.name = 'CliFailure';
    this.facts = facts;
  }
}

export const usage = (detail: string): CliFailure =>
  new CliFailure({ exitCode: EXIT.usage, code: 'usage', detail });

/** 402 and 429 are about amounts, and so is the one 403 that tells of a quota. */
export function exitCodeOf(status: number, code: string): ExitCode {
  if (status === 402 || status === 429 || code === 'quota.exceeded') return EXIT.limited;
  if (status === 401 || status === 403) return EXIT.denied;
  if (status === 404 || status === 410) return EXIT.notFound;
  if (status === 409 || status === 412) return EXIT.conflict;
  return status >= 500 ? EXIT.unavailable : EXIT.refused;
}
