/**
 * The two sources of answers to host calls: the world for a first run, the journal for a replay.
 */
import canonicalize from 'canonicalize';
import type { AnswerSource, CompletedCall, Host, HostCall } from './host-calls.ts';
import type { CallEntry, HostAnswer, InterruptReason, Journal } from './journal.ts';
import type { JsonValue } from './json-text.ts';

const UNAVAILABLE: HostAnswer = {
  ok: false,
  code: 'upstream.unavailable',
  message: 'The call was not answered',
};

/** Answers in the order in which the host's promises settle; stops waiting when `signal` aborts. */
export class LiveAnswers implements AnswerSource {
  outstanding = 0;
  private readonly host: Host;
  private readonly signal: AbortSignal;
  private readonly completed: CompletedCall[] = [];
  private wake: () => void = () => undefined;

  constructor(host: Host, signal: AbortSignal) {
    this.host = host;
    this.signal = signal;
  }

  launch(call: Omit<HostCall, 'signal'>): void {
    this.outstanding += 1;
    void this.ask({ ...call, signal: this.signal }).then((answer) => {
      this.completed.push({ index: call.index, answer });
      this.wake();
    });
  }

  async next(): Promise<CompletedCall | InterruptReason> {
    const first = this.completed.shift() ?? (await this.waitForOne());
    if (first === undefined) return this.signal.reason === 'cancelled' ? 'cancelled' : 'timed_out';
    this.outstanding -= 1;
    return first;
  }

  private async ask(call: HostCall): Promise<HostAnswer> {
    try {
      return await this.host(call);
    } catch {
      return UNAVAILABLE; // The host's own logs know why; the function must not.
    }
  }

  private async waitForOne(): Promise<CompletedCall | undefined> {
    if (!this.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = (): void => resolve();
      this.wake = resolve;
      this.signal.addEventListener('abort', stop, { once: true });
      await promise;
      this.signal.removeEventListener('abort', stop);
    }
    return this.signal.aborted ? undefined : this.completed.shift();
  }
}

/**
 * The code asked for something else than the journal says: not the same code, params, secrets or
 * runtime.
 */
export class ReplayDiverged extends Error {}

/**
 * Feeds recorded answers in the recorded order and compares every request with the recorded one.
 */
export class RecordedAnswers implements AnswerSource {
  outstanding = 0;
  private readonly calls: readonly CallEntry[];
  private readonly interrupt: InterruptReason | undefined;
  private readonly redact: (request: JsonValue) => JsonValue;
  private readonly launched = new Set<number>();
  private position = 0;

  constructor(journal: Journal, redact: (request: JsonValue) => JsonValue) {
    const [, ...entries] = journal;
    this.calls = entries.filter((entry) => entry.type === 'call');
    this.interrupt = entries.find((entry) => entry.type === 'interrupt')?.reason;
    this.redact = redact;
  }

  launch(call: Omit<HostCall, 'signal'>): void {
    const recorded = this.calls.find(({ index }) => index === call.index);
    if (recorded === undefined)
      throw new ReplayDiverged(`call ${call.index} is not in the journal`);
    const request = this.redact(call.request);
    if (recorded.kind !== call.kind || !sameJson(recorded.request, request)) {
      throw new ReplayDiverged(`call ${call.index} differs from the journal`);
    }
    this.launched.add(call.index);
    this.outstanding += 1;
  }

  next(): Promise<CompletedCall | InterruptReason> {
    const entry = this.calls[this.position];
    if (entry === undefined || entry.answer === null) {
      if (this.interrupt !== undefined) return Promise.resolve(this.interrupt);
      throw new ReplayDiverged('the journal has no further answer');
    }
    if (!this.launched.has(entry.index)) throw new ReplayDiverged('an answer to no call');
    this.position += 1;
    this.outstanding -= 1;
    return Promise.resolve({ index: entry.index, answer: entry.answer });
  }

  /** To be asked when the run has ended: an answer left over means that it ended elsewhere. */
  assertUsedUp(): void {
    const next = this.calls[this.position];
    if (next !== undefined && next.answer !== null)
      throw new ReplayDiverged('an answer is left over');
    if (this.launched.size !== this.calls.length) throw new ReplayDiverged('a call was not made');
  }
}

const sameJson = (one: JsonValue, other: JsonValue): boolean =>
  canonicalize(one) === canonicalize(other);
