/**
 * The one door through which a function reaches the world. Everything is checked here, by rules
 * that depend on the journal's entry 0 alone: the kind must exist, the request must be sound,
 * permissions and counts must allow it. A refused call never leaves and is not journaled, because a
 * replay refuses it again.
 *
 * A call leaves when the code next waits, not when it is made: a run that ends or dies first sends
 * nothing. Answers enter one by one, and the code runs until it is idle between two of them, so
 * that what it sees depends only on the order of completion, which the journal keeps.
 */
import { BUDGETS, type CallKind, findCallKind } from './call-kinds.ts';
import type { CallEntry, HostAnswer, InterruptReason } from './journal.ts';
import { type JsonValue, jsonDepth, parseJsonText, utf8Length } from './json-text.ts';
import { LIMITS } from './limits.ts';
import type { RunRights } from './permissions.ts';
import { refusal } from './recorder.ts';

export interface HostCall {
  readonly kind: string;
  /** The place of the call among the run's calls, from 0. */
  readonly index: number;
  readonly request: JsonValue;
  /** An answer may be this long as JSON text; a longer one is refused. */
  readonly answerBytesMax: number;
  readonly signal: AbortSignal;
}

/**
 * Does what a function asks for. Failures are answers; a rejection counts as
 * `upstream.unavailable`.
 */
export type Host = (call: HostCall) => Promise<HostAnswer>;

/** Where answers come from: the world, or a journal. */
export interface AnswerSource {
  launch(call: Omit<HostCall, 'signal'>): void;
  /** The next completed call, in the order of completion, or why there is none. */
  next(): Promise<CompletedCall | InterruptReason>;
  /** Calls that were launched and not answered, in the order in which the code made them. */
  readonly outstanding: number;
}

export interface CompletedCall {
  readonly index: number;
  readonly answer: HostAnswer;
}

interface IssuedCall {
  readonly kind: CallKind;
  readonly request: JsonValue;
  answer: HostAnswer | null;
}

export class HostDoor {
  private readonly rights: RunRights;
  private readonly source: AnswerSource;
  private readonly issued: IssuedCall[] = [];
  private launchedCount = 0;
  private bytes = 0;

  constructor(rights: RunRights, source: AnswerSource) {
    this.rights = rights;
    this.source = source;
  }

  /**
   * Answers the call's index, or a refusal. Runs while the guest's code is on the stack: it only
   * takes notes.
   */
  issue(name: string, requestText: string | undefined): string {
    const kind = findCallKind(name, this.rights.hostVersion);
    if (kind === undefined) return refusal('functions.call_invalid', `There is no call "${name}"`);
    const budget = BUDGETS[kind.budget];
    if (requestText === undefined) return refusal('functions.call_limit', budget.tooManyBytes);
    const reading = parseJsonText(requestText, LIMITS.jsonDepthMax.value);
    if (!reading.ok) return refusal('functions.call_invalid', `The request is ${reading.reason}`);
    const problem = kind.check(reading.value, this.rights.permissions);
    if (problem !== undefined) return problem;
    const spent = this.issued.filter((call) => call.kind.budget === kind.budget);
    if (spent.length >= budget.callsMax)
      return refusal('functions.call_limit', budget.tooManyCalls);
    this.bytes += utf8Length(requestText);
    if (this.bytes > LIMITS.httpBytesMax.value)
      return refusal('functions.call_limit', budget.tooManyBytes);
    this.issued.push({ kind, request: reading.value, answer: null });
    return String(this.issued.length - 1);
  }

  /** Sends what the code has asked for since it last waited. */
  launch(): void {
    for (const call of this.issued.slice(this.launchedCount)) {
      const answerBytesMax = LIMITS.httpBytesMax.value - this.bytes;
      this.source.launch({
        kind: call.kind.name,
        index: this.launchedCount,
        request: call.request,
        answerBytesMax,
      });
      this.launchedCount += 1;
    }
  }

  get waiting(): boolean {
    return this.source.outstanding > 0;
  }

  /** Takes the next answer in; one that the guest could not take becomes a refusal. */
  async next(): Promise<CompletedCall | InterruptReason> {
    const completed = await this.source.next();
    if (typeof completed === 'string') return completed;
    const call = this.issued[completed.index];
    if (call === undefined) throw new Error('an answer without a call');
    call.answer = this.admit(completed.answer, call.kind);
    return { index: completed.index, answer: call.answer };
  }

  /** Here and in the journal alike. */
  private admit(answer: HostAnswer, { budget }: CallKind): HostAnswer {
    const { tooManyBytes, depthMax } = BUDGETS[budget];
    const text = JSON.stringify(answer);
    const size = utf8Length(text);
    if (this.bytes + size > LIMITS.httpBytesMax.value) return tooMuch(tooManyBytes);
    if (depthMax !== null && jsonDepth(text) > depthMax)
      return tooMuch(`An answer nests at most ${depthMax} levels`);
    this.bytes += size;
    return answer;
  }

  entry(index: number): CallEntry {
    const call = this.issued[index];
    if (call === undefined) throw new Error('there is no such call');
    const { kind, request, answer } = call;
    return { type: 'call', index, kind: kind.name, request, answer };
  }

  /** Calls that were sent and whose answers the code never saw. */
  unanswered(): readonly CallEntry[] {
    return this.issued
      .slice(0, this.launchedCount)
      .flatMap(({ answer }, index) => (answer === null ? [this.entry(index)] : []));
  }
}

const tooMuch = (message: string): HostAnswer => ({
  ok: false,
  code: 'functions.call_limit',
  message,
});
