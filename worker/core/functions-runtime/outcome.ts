/**
 * How a run ended, in one word and, when it failed, with the place in the user's own source. The
 * guest describes its result or throw as one string (prelude/5-outcome.quickjs); everything in it
 * is read as hostile text.
 */
import { ERRORS, type ErrorCode } from '../errors.ts';
import type { EntryForm } from './journal.ts';
import { type JsonValue, parseJsonText, utf8Length } from './json-text.ts';
import { LIMITS } from './limits.ts';

export type FailedStatus =
  | 'failed'
  | 'fuel_exhausted'
  | 'memory_exhausted'
  | 'stack_exhausted'
  | 'never_settled'
  | 'output_invalid'
  | 'timed_out'
  | 'cancelled'
  | 'crashed';

export type JsonObject = { readonly [name: string]: JsonValue };

export interface RunError {
  readonly code: ErrorCode;
  readonly message: string;
  /** From 1, in the user's own source. */
  readonly line?: number;
  readonly column?: number;
  readonly stack?: string;
}

export type Outcome =
  | { readonly status: 'succeeded'; readonly output: JsonObject }
  | { readonly status: FailedStatus; readonly error: RunError };

const STATUS_OF_CODE: Partial<Record<ErrorCode, FailedStatus>> = {
  'functions.memory_exhausted': 'memory_exhausted',
  'functions.stack_exhausted': 'stack_exhausted',
  'functions.output_invalid': 'output_invalid',
  'functions.output_too_large': 'output_invalid',
};

export const failedOutcome = (status: FailedStatus, code: ErrorCode): Outcome => ({
  status,
  error: { code, message: ERRORS[code].title },
});

/** Reads what the prelude's `start` or `describe` answered. */
export function parseOutcome(text: string | undefined, form: EntryForm): Outcome {
  if (text === undefined) return failedOutcome('memory_exhausted', 'functions.memory_exhausted');
  return text.startsWith('+') ? parseOutput(text.slice(1)) : parseThrown(text.slice(1), form);
}

function parseOutput(text: string): Outcome {
  if (utf8Length(text) > LIMITS.resultBytesMax.value) {
    const message = `The result is larger than ${LIMITS.resultBytesMax.value} bytes`;
    return { status: 'output_invalid', error: { code: 'functions.output_too_large', message } };
  }
  const reading = parseJsonText(text, LIMITS.jsonDepthMax.value);
  if (reading.ok && isObject(reading.value)) return { status: 'succeeded', output: reading.value };
  const reason = reading.ok ? 'it is no object' : reading.reason;
  const message = `The result is not JSON: ${reason}`;
  return { status: 'output_invalid', error: { code: 'functions.output_invalid', message } };
}

function parseThrown(text: string, form: EntryForm): Outcome {
  const thrown = toObject(parseJsonText(text, LIMITS.jsonDepthMax.value));
  const name = toText(thrown['name']);
  const plain = toText(thrown['message']);
  const code = toErrorCode(toText(thrown['code']));
  const isCoded = code !== 'functions.function_failed';
  const message = name === '' || name === 'Error' || isCoded ? plain : `${name}: ${plain}`;
  const stack = ownFrames(toText(thrown['stack']), form);
  return {
    status: STATUS_OF_CODE[code] ?? 'failed',
    error: { code, message: message === '' ? ERRORS[code].title : message, ...placeOf(stack) },
  };
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toObject = (reading: ReturnType<typeof parseJsonText>): JsonObject =>
  reading.ok && isObject(reading.value) ? reading.value : {};

const toText = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

const toErrorCode = (text: string): ErrorCode =>
  Object.hasOwn(ERRORS, text) ? (text as ErrorCode) : 'functions.function_failed'; // Just looked up.

const FRAME = /\bfunction\.js:(\d+)(?::(\d+))?/;

/**
 * The frames of the user's own file. An expression is evaluated behind one bracket that stands
 * before it on line 1; columns there are moved back by one. Lines are the user's own throughout.
 */
function ownFrames(stack: string, form: EntryForm): readonly string[] {
  const shift = form.kind === 'expression' ? 1 : 0;
  return stack
    .split('\n')
    .filter((line) => FRAME.test(line))
    .map((line) =>
      line.replace(/\bfunction\.js:1:(\d+)/, (_all, column: string) => {
        return `function.js:1:${Math.max(1, Number(column) - shift)}`;
      }),
    );
}

function placeOf(frames: readonly string[]): Partial<RunError> {
  const match = FRAME.exec(frames[0] ?? '');
  if (match === null) return {};
  const [, line, column] = match;
  return {
    line: Number(line),
    ...(column === undefined ? {} : { column: Number(column) }),
    stack: frames.map((frame) => frame.trim()).join('\n'),
  };
}
