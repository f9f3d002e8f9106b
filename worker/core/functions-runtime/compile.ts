/**
 * Compiles a function's source without running any of it: finds its entry form, or the line and
 * column of what is wrong, and lists what it uses.
 *
 * Three forms are tried in turn: the whole source as an expression; the source up to a trailing `;`
 * as an expression, since nothing but blanks, comments and further `;` may follow the cut; and an
 * ES module with a default export. It parses on the metered VM, so that a hostile source costs no
 * more fuel than `compileFuel` a form, and all forms share one guest and its memory. Nothing of the
 * source has run in it when the next form is tried.
 */
import { type Failure, ok } from '../result.ts';
import { Guest, PROBE, USER_FILE } from './guest.ts';
import { HostDoor } from './host-calls.ts';
import type { EntryForm } from './journal.ts';
import { LIMITS } from './limits.ts';
import { parseOutcome, type RunError } from './outcome.ts';
import { DEFAULT_PERMISSIONS } from './permissions.ts';
import { Recorder } from './recorder.ts';
import type { Runtime } from './runtime.ts';
import { listUses, type SourceUses } from './source-uses.ts';
import { HOST_VERSION } from './version.ts';
import { EVAL } from './vm.ts';

export interface CompiledSource {
  readonly entryForm: EntryForm;
  readonly uses: SourceUses;
}

/** `detail` is the compiler's message. */
export interface SourceFailure extends Failure<'functions.source_invalid'> {
  readonly detail: string;
  readonly line?: number;
  readonly column?: number;
}

export type CompileResult =
  | { readonly ok: true; readonly value: CompiledSource }
  | { readonly ok: false; readonly failure: SourceFailure };

/** `guest` is for a caller that counts memory; it is used up. */
export function compile(
  runtime: Runtime,
  source: string,
  guest: Guest = new Guest(runtime),
): CompileResult {
  const bytes = new TextEncoder().encode(source).length;
  const limit = LIMITS.sourceBytesMax.value;
  if (bytes > limit) {
    return refusedWith({
      detail: `The source is larger than ${limit} bytes`,
      limit,
      observed: bytes,
    });
  }
  prepare(guest);
  const whole: EntryForm = { kind: 'expression', end: source.length };
  const expressionError = tryForm(guest, source, whole);
  if (expressionError === undefined) return compiled(source, whole);
  const others: readonly EntryForm[] = [
    ...trailingCuts(source).map((end): EntryForm => ({ kind: 'expression', end })),
    { kind: 'module' },
  ];
  let error = expressionError;
  for (const form of others) {
    // The guest is lost, and another form would cost as much.
    if (error === TOO_COMPLEX) return refused(expressionError);
    const formError = tryForm(guest, source, form);
    if (formError === undefined) return compiled(source, form);
    error = formError;
  }
  return refused(looksLikeModule(source) && error !== TOO_COMPLEX ? error : expressionError);
}

const compiled = (source: string, entryForm: EntryForm): CompileResult =>
  ok({ entryForm, uses: listUses(source) });

const refused = ({ message, line, column }: RunError): CompileResult =>
  refusedWith({
    detail: message,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  });

const refusedWith = (facts: Omit<SourceFailure, 'code'>): CompileResult => ({
  ok: false,
  failure: { code: 'functions.source_invalid', ...facts },
});

/** Only decides which of two error messages helps more. */
const looksLikeModule = (source: string): boolean => /^\s*(import|export)\b/m.test(source);

const TRIVIA = /^(?:\s|;|\/\/[^\n\r\u2028\u2029]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*$/;
const CUTS_MAX = 8;
/** What follows the last expression is short; looking further would cost time and find nothing. */
const TAIL_CHARS_MAX = 4_096;

/**
 * The places of `;` that only blanks, comments and other `;` follow, last first. One inside a
 * comment or a string is harmless: cutting there leaves a source that does not parse any better
 * than the whole.
 */
function trailingCuts(source: string): readonly number[] {
  const cuts: number[] = [];
  const first = Math.max(0, source.length - TAIL_CHARS_MAX);
  let at = source.lastIndexOf(';');
  while (at >= first && at !== -1 && cuts.length < CUTS_MAX) {
    if (TRIVIA.test(source.slice(at))) cuts.push(at);
    at = at === 0 ? -1 : source.lastIndexOf(';', at - 1);
  }
  return cuts;
}

function prepare(guest: Guest): void {
  const rights = { permissions: DEFAULT_PERMISSIONS, hostVersion: HOST_VERSION };
  guest.attach({
    recorder: new Recorder(rights),
    door: new HostDoor(rights, nothingOutside),
    random: () => new Uint8Array(0),
  });
  refuel(guest);
  guest.vm.free(guest.enter('begin', [guest.vm.string(BEGIN_TEXT)]));
}

const refuel = ({ vm }: Guest): void =>
  vm.begin({
    fuel: LIMITS.compileFuel.value,
    memoryBytes: LIMITS.memoryBytesDefault.value,
    clockMs: 0,
  });

/** A trap: out of fuel, memory or stack. */
const TOO_COMPLEX: RunError = {
  code: 'functions.source_invalid',
  message: 'The source is too complex to compile',
};

function tryForm(guest: Guest, source: string, form: EntryForm): RunError | undefined {
  refuel(guest);
  try {
    if (form.kind === 'module') return errorOf(guest, form, source) ?? linkError(guest);
    const expression = source.slice(0, form.end);
    // A source that closes our bracket itself, `1); f(); (2`, does not fit another kind of bracket.
    const error =
      errorOf(guest, form, `(${expression}\n)`) ?? errorOf(guest, form, `[${expression}\n]`);
    return error === undefined ? undefined : withinSource(error, expression);
  } catch {
    return TOO_COMPLEX;
  }
}

const BEGIN_TEXT = JSON.stringify({
  params: null,
  secrets: {},
  context: {},
  resultCharsMax: LIMITS.resultBytesMax.value,
  errorCharsMax: LIMITS.errorCharsMax.value,
});

const nothingOutside = {
  outstanding: 0,
  launch: () => undefined,
  next: () => Promise.reject(new Error('compiling makes no calls')),
};

function errorOf(guest: Guest, form: EntryForm, code: string): RunError | undefined {
  const flags = EVAL.compileOnly | (form.kind === 'module' ? EVAL.module : EVAL.script);
  const value = guest.vm.evaluate(code, USER_FILE, flags);
  if (guest.vm.isException(value)) return describeException(guest, form);
  // A module belongs to its realm.
  if (form.kind === 'expression') guest.vm.free(value);
  return undefined;
}

function describeException(guest: Guest, form: EntryForm): RunError {
  const { vm } = guest;
  const described = vm.text(guest.enter('describe', [vm.takeException()]), 1_048_576);
  const outcome = parseOutcome(described, form);
  const error: RunError =
    outcome.status === 'succeeded'
      ? { code: 'functions.source_invalid', message: 'The source does not compile' }
      : outcome.error;
  return { ...error, message: error.message.replace(/^SyntaxError: /, '') };
}

/** The bracket behind the source is ours: an error there means that the source ends too early. */
function withinSource(error: RunError, expression: string): RunError {
  const lines = expression.split('\n');
  if (error.line === undefined || error.line <= lines.length) return error;
  return {
    ...error,
    message: expression.trim() === '' ? 'The source is empty' : 'The source ends too early',
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
  };
}

/** Whether every import of the graph exists, the default export of the user's module among them. */
function linkError(guest: Guest): RunError | undefined {
  const { vm } = guest;
  const probe = vm.evaluate(PROBE.source, PROBE.file, EVAL.module);
  // Linked: the evaluation has begun and its promise is rejected by the module that stops it.
  if (!vm.isException(probe)) return undefined;
  const error = describeException(guest, { kind: 'module' });
  if (!error.message.includes(USER_FILE)) return error;
  const message = 'The module has no default export; export the function with `export default`';
  return { code: 'functions.source_invalid', message };
}
