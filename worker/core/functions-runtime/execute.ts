/**
 * Runs a function once, for the first time (`execute`) or again from its journal (`replay`). Equal
 * runtime, source, params, secrets and journal entries give an equal outcome and equal fuel, in
 * Node and in workerd, in a guest made now or ahead. Nothing a function does makes these throw;
 * each way to end has its status.
 *
 * They do not run actions, store anything or measure time: the caller stops a waiting run through
 * `signal`, whose reason `cancelled` says who stopped it.
 */

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { ErrorCode } from '../errors.ts';
import { err, ok, type Result } from '../result.ts';
import { LiveAnswers, RecordedAnswers, ReplayDiverged } from './answers.ts';
import { Guest, USER_FILE } from './guest.ts';
import { type AnswerSource, type Host, HostDoor } from './host-calls.ts';
import type {
  CallEntry,
  DevpackContext,
  EntryForm,
  InterruptEntry,
  InterruptReason,
  Journal,
  StartEntry,
} from './journal.ts';
import { type JsonValue, jsonDepth } from './json-text.ts';
import { LIMITS, type RunLimits } from './limits.ts';
import { failedOutcome, type Outcome, parseOutcome } from './outcome.ts';
import type { Permissions } from './permissions.ts';
import { type LogLine, type QueuedAction, Recorder } from './recorder.ts';
import { createRedactor, type Secret } from './redact.ts';
import type { Runtime } from './runtime.ts';
import { seededRandom } from './seeded-random.ts';
import { EVAL, MemoryFull, type Value } from './vm.ts';

export interface SecretVersion extends Secret {
  readonly versionId: string;
}

/**
 * How a caller that runs many at once learns when this run waits for the world and lets it go on.
 */
export interface Pace {
  /** The code is idle; its memory has grown to this. */
  readonly away: (memoryBytes: number) => void;
  /** Resolves when the code may go on. */
  readonly back: () => Promise<void>;
}

/** What a function is and gets; the journal holds the rest. */
export interface RunInput {
  readonly runtime: Runtime;
  readonly source: string;
  /** Keys keep the order given here, and code can see it: store the text that was sent. */
  readonly params: JsonValue;
  readonly secrets: readonly SecretVersion[];
  /** Made ahead with `prepareGuest` from the same runtime. */
  readonly guest?: Guest;
  readonly pace?: Pace;
}

export interface ExecuteInput extends RunInput {
  readonly entryForm: EntryForm;
  readonly seed: Uint8Array;
  readonly clockMs: number;
  readonly limits: RunLimits;
  readonly permissions: Permissions;
  readonly context: DevpackContext;
  readonly host: Host;
  readonly signal: AbortSignal;
}

export interface ReplayInput extends RunInput {
  readonly journal: Journal;
}

/**
 * Output, error, logs and actions hold secret values where code put them: redact before storing.
 */
export type RunResult = Outcome & {
  readonly logs: readonly LogLine[];
  readonly logsTruncated: boolean;
  /** Empty unless the run succeeded: code that failed has asked for nothing. */
  readonly actions: readonly QueuedAction[];
  readonly fuelUsed: number;
  readonly memoryBytes: number;
  readonly journal: Journal;
};

export const prepareGuest = (runtime: Runtime): Guest => new Guest(runtime);

export async function execute(input: ExecuteInput): Promise<RunResult> {
  const start: StartEntry = {
    type: 'start',
    runtimeVersion: input.runtime.runtimeVersion,
    seed: bytesToHex(input.seed),
    clockMs: input.clockMs,
    limits: input.limits,
    permissions: input.permissions,
    entryForm: input.entryForm,
    context: input.context,
    secretVersionIds: input.secrets.map(({ versionId }) => versionId),
  };
  const ended = new AbortController();
  const source = new LiveAnswers(input.host, AbortSignal.any([input.signal, ended.signal]));
  try {
    return await new Run(input, start, source).toEnd();
  } finally {
    ended.abort('ended');
  }
}

export async function replay(
  input: ReplayInput,
): Promise<Result<RunResult, 'functions.replay_diverged' | 'functions.runtime_retired'>> {
  const [start] = input.journal;
  if (start.runtimeVersion !== input.runtime.runtimeVersion) {
    return err('functions.runtime_retired', { detail: start.runtimeVersion });
  }
  const redactor = createRedactor(input.secrets);
  const source = new RecordedAnswers(input.journal, (request) => redactor.json(request));
  try {
    const result = await new Run(input, start, source).toEnd();
    source.assertUsedUp();
    return ok(result);
  } catch (error) {
    if (!(error instanceof ReplayDiverged)) throw error;
    return err('functions.replay_diverged', { detail: error.message });
  }
}

const INTERRUPT_CODES = {
  timed_out: 'functions.timed_out',
  cancelled: 'functions.cancelled',
} as const satisfies Record<InterruptReason, ErrorCode>;

class Run {
  private readonly input: RunInput;
  private readonly start: StartEntry;
  private readonly guest: Guest;
  private readonly recorder: Recorder;
  private readonly door: HostDoor;
  private readonly entries: (CallEntry | InterruptEntry)[] = [];

  constructor(input: RunInput, start: StartEntry, source: AnswerSource) {
    this.input = input;
    this.start = start;
    this.guest = input.guest ?? new Guest(input.runtime);
    if (this.guest.runtimeVersion !== input.runtime.runtimeVersion) {
      throw new Error('the guest was made from another runtime');
    }
    const { hostVersion } = input.runtime;
    const rights = { permissions: start.permissions, hostVersion };
    this.recorder = new Recorder(rights);
    this.door = new HostDoor(rights, source);
    const random = seededRandom(hexToBytes(start.seed));
    this.guest.attach({ recorder: this.recorder, door: this.door, random });
  }

  async toEnd(): Promise<RunResult> {
    const { vm } = this.guest;
    const { limits, clockMs } = this.start;
    vm.begin({ fuel: limits.fuel, memoryBytes: limits.memoryBytes, clockMs });
    const outcome = await this.guarded();
    const fuelUsed = BigInt(limits.fuel) - (vm.fuelLeft < 0n ? 0n : vm.fuelLeft);
    const redactor = createRedactor(this.input.secrets);
    const entries = [...this.entries, ...this.door.unanswered()].toSorted(interruptLast);
    return {
      ...outcome,
      logs: this.recorder.logs,
      logsTruncated: this.recorder.logsTruncated,
      actions: outcome.status === 'succeeded' ? this.recorder.actions : [],
      fuelUsed: Number(fuelUsed),
      memoryBytes: vm.memoryBytes,
      journal: [
        this.start,
        ...entries.map((entry) =>
          entry.type === 'call' ? { ...entry, request: redactor.json(entry.request) } : entry,
        ),
      ],
    };
  }

  /** A trap leaves the VM lost but the reason known. */
  private async guarded(): Promise<Outcome> {
    const { vm } = this.guest;
    try {
      const outcome = await this.drive();
      return vm.fuelLeft < 0n
        ? failedOutcome('fuel_exhausted', 'functions.fuel_exhausted')
        : outcome;
    } catch (error) {
      if (error instanceof ReplayDiverged) throw error;
      if (vm.fuelLeft < 0n) return failedOutcome('fuel_exhausted', 'functions.fuel_exhausted');
      if (vm.stackPassed(this.input.runtime.vmOptions.stackSlotsMax)) {
        return failedOutcome('stack_exhausted', 'functions.stack_exhausted');
      }
      if (vm.memoryRefused || error instanceof MemoryFull) return this.memoryExhausted();
      return failedOutcome('crashed', 'functions.runtime_failed');
    }
  }

  private async drive(): Promise<Outcome> {
    const { vm } = this.guest;
    const given = this.givenText();
    if (given === undefined) return failedOutcome('failed', 'functions.input_invalid');
    if (vm.isException(this.guest.enter('begin', [vm.string(given)]))) return this.indescribable();
    const value = this.evaluate();
    if (vm.isException(value)) return this.describeException();
    const isModule = this.start.entryForm.kind === 'module';
    const promise = this.guest.enter('start', isModule ? [value, value] : [value]);
    if (vm.isException(promise)) return this.describeException();
    for (;;) {
      vm.pump();
      if (vm.promiseState(promise) !== 'pending') return this.settled(promise);
      this.door.launch();
      if (!this.door.waiting) {
        return vm.jobFailed
          ? this.memoryExhausted()
          : failedOutcome('never_settled', 'functions.never_settled');
      }
      const interrupt = await this.takeAnswer();
      if (interrupt !== undefined) return failedOutcome(interrupt, INTERRUPT_CODES[interrupt]);
    }
  }

  private evaluate(): Value {
    const { entryForm } = this.start;
    return entryForm.kind === 'module'
      ? this.guest.vm.evaluate(this.input.source, USER_FILE, EVAL.module)
      : this.guest.vm.evaluate(
          `(${this.input.source.slice(0, entryForm.end)}\n)`,
          USER_FILE,
          EVAL.script,
        );
  }

  /**
   * Canonical text, so that an answer read back from a store enters the guest byte for byte as it
   * first did.
   */
  private async takeAnswer(): Promise<InterruptReason | undefined> {
    this.input.pace?.away(this.guest.vm.memoryBytes);
    const completed = await this.door.next();
    await this.input.pace?.back();
    if (typeof completed === 'string') {
      this.entries.push({ type: 'interrupt', reason: completed });
      return completed;
    }
    this.entries.push(this.door.entry(completed.index));
    const { vm } = this.guest;
    const text = canonicalize({ index: completed.index, answer: completed.answer });
    vm.free(this.guest.enter('settle', [vm.string(text ?? '')]));
    return undefined;
  }

  private settled(promise: Value): Outcome {
    const { vm } = this.guest;
    if (vm.promiseState(promise) === 'rejected') return this.indescribable();
    return this.parse(vm.promiseResult(promise));
  }

  private describeException(): Outcome {
    const { vm } = this.guest;
    const text = this.guest.enter('describe', [vm.takeException()]);
    return vm.isException(text) ? this.indescribable() : this.parse(text);
  }

  private parse(value: Value): Outcome {
    const textBytesMax = 8 * (LIMITS.resultBytesMax.value + LIMITS.errorCharsMax.value);
    return parseOutcome(this.guest.vm.text(value, textBytesMax), this.start.entryForm);
  }

  /**
   * The prelude catches everything; it fails itself without memory, or when QuickJS's own JSON was
   * broken.
   */
  private indescribable(): Outcome {
    return this.guest.vm.memoryRefused
      ? this.memoryExhausted()
      : failedOutcome('failed', 'functions.function_failed');
  }

  private memoryExhausted(): Outcome {
    return failedOutcome('memory_exhausted', 'functions.memory_exhausted');
  }

  /** Undefined when the params are nested so deeply that the guest could not read them. */
  private givenText(): string | undefined {
    const params = toJsonText(this.input.params);
    if (params === undefined || jsonDepth(params) > LIMITS.jsonDepthMax.value) return undefined;
    const byName = this.input.secrets.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const rest = JSON.stringify({
      secrets: Object.fromEntries(byName.map(({ name, value }) => [name, value])),
      context: this.start.context,
      resultCharsMax: LIMITS.resultBytesMax.value,
      errorCharsMax: LIMITS.errorCharsMax.value,
    });
    return `{"params":${params},${rest.slice(1)}`;
  }
}

function toJsonText(value: JsonValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // Nested so deeply that V8's own stack overflows.
  }
}

const interruptLast = (
  one: CallEntry | InterruptEntry,
  other: CallEntry | InterruptEntry,
): number => Number(one.type === 'interrupt') - Number(other.type === 'interrupt');
