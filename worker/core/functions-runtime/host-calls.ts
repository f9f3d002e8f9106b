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
import type { CallEntry, HostAnswer, InterruptReason } from './journal.ts';
import { type JsonValue, parseJsonText, utf8Length } from './json-text.ts';
import { LIMITS } from './limits.ts';
import { allowsUrl, type Permissions } from './permissions.ts';
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

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The value of a successful answer to `http.fetch`. Header names are lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

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

type Check = (request: JsonValue, permissions: Permissions) => string | undefined;

/** Services to come add their kinds here; nothing else in the runtime knows them. */
const KINDS: Readonly<Record<string, Check>> = { 'http.fetch': checkHttpRequest };

interface IssuedCall {
  readonly kind: string;
  readonly request: JsonValue;
  answer: HostAnswer | null;
}

export class HostDoor {
  private readonly permissions: Permissions;
  private readonly source: AnswerSource;
  private readonly issued: IssuedCall[] = [];
  private launchedCount = 0;
  private bytes = 0;

  constructor(permissions: Permissions, source: AnswerSource) {
    this.permissions = permissions;
    this.source = source;
  }

  /**
   * Answers the call's index, or a refusal. Runs while the guest's code is on the stack: it only
   * takes notes.
   */
  issue(kind: string, requestText: string | undefined): string {
    const check = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (check === undefined) return refusal('functions.call_invalid', `There is no call "${kind}"`);
    if (requestText === undefined) return tooManyBytes;
    const reading = parseJsonText(requestText, LIMITS.jsonDepthMax.value);
    if (!reading.ok) return refusal('functions.call_invalid', `The request is ${reading.reason}`);
    const problem = check(reading.value, this.permissions);
    if (problem !== undefined) return problem;
    if (this.issued.length >= LIMITS.httpCallsMax.value) {
      return refusal(
        'functions.call_limit',
        `A run makes at most ${LIMITS.httpCallsMax.value} HTTP calls`,
      );
    }
    this.bytes += utf8Length(requestText);
    if (this.bytes > LIMITS.httpBytesMax.value) return tooManyBytes;
    this.issued.push({ kind, request: reading.value, answer: null });
    return String(this.issued.length - 1);
  }

  /** Sends what the code has asked for since it last waited. */
  launch(): void {
    for (const call of this.issued.slice(this.launchedCount)) {
      const answerBytesMax = LIMITS.httpBytesMax.value - this.bytes;
      this.source.launch({
        kind: call.kind,
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

  /**
   * Takes the next answer in; one that is too long becomes a refusal, here and in the journal
   * alike.
   */
  async next(): Promise<CompletedCall | InterruptReason> {
    const completed = await this.source.next();
    if (typeof completed === 'string') return completed;
    const size = utf8Length(JSON.stringify(completed.answer));
    const fits = this.bytes + size <= LIMITS.httpBytesMax.value;
    const answer = fits ? completed.answer : tooLongAnswer;
    if (fits) this.bytes += size;
    const call = this.issued[completed.index];
    if (call === undefined) throw new Error('an answer without a call');
    call.answer = answer;
    return { index: completed.index, answer };
  }

  entry(index: number): CallEntry {
    const call = this.issued[index];
    if (call === undefined) throw new Error('there is no such call');
    return { type: 'call', index, ...call };
  }

  /** Calls that were sent and whose answers the code never saw. */
  unanswered(): readonly CallEntry[] {
    return this.issued
      .slice(0, this.launchedCount)
      .flatMap(({ answer }, index) => (answer === null ? [this.entry(index)] : []));
  }
}

const tooManyBytes = refusal(
  'functions.call_limit',
  `HTTP requests and answers of a run take at most ${LIMITS.httpBytesMax.value} bytes`,
);
const tooLongAnswer: HostAnswer = {
  ok: false,
  code: 'functions.call_limit',
  message: `HTTP requests and answers of a run take at most ${LIMITS.httpBytesMax.value} bytes`,
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/**
 * RFC 9110, section 5.5: visible characters, spaces and tabs; no line break can smuggle a header.
 */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The prelude makes sound requests, but user code can call the door itself. */
function checkHttpRequest(request: JsonValue, permissions: Permissions): string | undefined {
  const invalid = (message: string): string => refusal('functions.call_invalid', message);
  const { url: urlText, method, headers, body } = toFields(request);
  const url = typeof urlText === 'string' ? URL.parse(urlText) : null;
  if (url === null) return invalid('The URL is not absolute');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return invalid('The URL is not HTTP');
  if (url.username !== '' || url.password !== '') return invalid('The URL holds credentials');
  if (typeof method !== 'string' || !METHODS.includes(method))
    return invalid('The method is unknown');
  if (body !== null && typeof body !== 'string') return invalid('The body is not text');
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    return invalid(`A ${method} request has no body`);
  }
  const wrong = Object.entries(toFields(headers)).find(
    ([name, value]) =>
      !HEADER_NAME.test(name) || typeof value !== 'string' || !HEADER_VALUE.test(value),
  );
  if (wrong !== undefined) return invalid(`The header "${wrong[0].slice(0, 100)}" is not valid`);
  if (allowsUrl(permissions, url)) return undefined;
  return refusal('functions.permission_denied', `The function may not reach ${url.host}`);
}

function toFields(value: JsonValue | undefined): { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [name: string]: JsonValue }) // Narrowed above; readonly arrays defeat the guard.
    : {};
}
