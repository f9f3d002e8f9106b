/**
 * What of a run may be read, and what the output hash of its receipt is over: status, output,
 * error, logs and actions, with secret values redacted. One definition for the platform's runs and
 * for replays anywhere.
 */
import type { RunResult } from './execute.ts';
import type { JsonValue } from './json-text.ts';
import type { JsonObject } from './outcome.ts';
import { createRedactor, type Secret } from './redact.ts';

export interface RecordedError {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface RecordedOutcome {
  readonly status: RunResult['status'];
  readonly output: JsonObject | null;
  readonly error: RecordedError | null;
  readonly logs: readonly { readonly level: string; readonly message: string }[];
  readonly actions: readonly { readonly type: string; readonly params: JsonValue }[];
}

export function recordedOutcome(result: RunResult, secrets: readonly Secret[]): RecordedOutcome {
  const redactor = createRedactor(secrets);
  return {
    status: result.status,
    output: result.status === 'succeeded' ? redactor.json(result.output) : null,
    error: result.status === 'succeeded' ? null : toRecordedError(result.error, redactor.text),
    logs: result.logs.map(({ level, message }) => ({ level, message: redactor.text(message) })),
    actions: result.actions.map(({ type, params }) => ({ type, params: redactor.json(params) })),
  };
}

/** Without the stack, which helps only the owner and is in no hash. */
const toRecordedError = (
  { code, message, line, column }: RecordedError,
  redact: (text: string) => string,
): RecordedError => ({
  code,
  message: redact(message),
  ...(line === undefined ? {} : { line }),
  ...(column === undefined ? {} : { column }),
});
