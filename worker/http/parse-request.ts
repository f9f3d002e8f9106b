/**
 * Unknown in, typed out: path, query and body of a request through the operation's schemas. A
 * failure names every wrong place; nothing of the request has had an effect when it is refused.
 * Size is counted while reading, so a caller that lies about Content-Length gains nothing, and
 * depth is bounded before any recursive schema sees the value.
 */
import type * as z from 'zod';
import { LIMITS } from '../core/limits.ts';
import { err, type FieldProblem, ok, type Result } from '../core/result.ts';
import type { Operation } from './operation.ts';

export interface RawParts {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

export interface ParsedParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

type BodyCode = 'request.body_too_large' | 'request.media_type_unsupported' | 'request.malformed';

/** Reads the body, at most `bytesMax`; the rest of a larger one is never pulled. */
export async function readBody(
  request: Request,
  bytesMax: number,
): Promise<Result<Uint8Array, BodyCode>> {
  const tooLarge = (observed: number) =>
    err('request.body_too_large', { limit: bytesMax, observed });
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > bytesMax) return tooLarge(declared);
  if (!request.body) return ok(new Uint8Array());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > bytesMax) return tooLarge(size);
    chunks.push(chunk);
  }
  return ok(concat(chunks, size));
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

export function parseParts(
  operation: Operation,
  raw: RawParts,
  contentType: string | null,
): Result<ParsedParts, BodyCode> {
  const json = operation.body ? parseJson(raw.body, contentType) : ok(undefined);
  if (!json.ok) return json;
  const query = singleValues(raw.query);
  const params = applySchema(operation.params, raw.params, 'path');
  const search = operation.query
    ? applySchema(operation.query, query.values, 'query')
    : noQuery(query.values);
  const body = applySchema(operation.body, json.value, '');
  const problems = [...params.problems, ...query.problems, ...search.problems, ...body.problems];
  if (problems.length > 0) return err('request.malformed', { fields: problems.slice(0, 50) });
  return ok({ params: params.value, query: search.value, body: body.value });
}

/** RFC 8259 text as a value; UTF-8 only, JSON media types only. */
function parseJson(body: Uint8Array, contentType: string | null): Result<unknown, BodyCode> {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json'))
    return err('request.media_type_unsupported');
  const refuse = (detail: string) =>
    err('request.malformed', { fields: [{ pointer: '', detail }] });
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    if (nesting(text) > LIMITS.jsonDepthMax.value)
      return err('request.malformed', {
        fields: [{ pointer: '', detail: 'is nested too deeply' }],
        limit: LIMITS.jsonDepthMax.value,
        observed: nesting(text),
      });
    return ok(JSON.parse(text) as unknown);
  } catch {
    // Neither the decoder's nor the parser's message is repeated: it can quote parts of a secret.
    return refuse('is not valid JSON in UTF-8');
  }
}

/**
 * Deepest nesting of arrays and objects in JSON text, without parsing it. Strings are leapt over: a
 * body is mostly text, and a loop over its characters took longer than parsing it.
 */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === QUOTE) index = endOfString(text, index);
    else if (character === 0x5b || character === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the string that begins at `start` ends; where the text does, when it never ends. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let escapes = 0;
    while (text.charCodeAt(quote - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return quote;
    from = quote + 1;
  }
}

interface Outcome {
  readonly value: unknown;
  readonly problems: readonly FieldProblem[];
}

function singleValues(query: URLSearchParams): {
  readonly values: Record<string, string>;
  readonly problems: readonly FieldProblem[];
} {
  const names = [...new Set(query.keys())];
  const repeated = names.filter((name) => query.getAll(name).length > 1);
  return {
    values: Object.fromEntries(query),
    problems: repeated.map((name) => ({
      pointer: `query/${escapePointer(name)}`,
      detail: 'is given twice',
    })),
  };
}

const noQuery = (values: Record<string, string>): Outcome => ({
  value: undefined,
  problems: Object.keys(values).map((name) => ({
    pointer: `query/${escapePointer(name)}`,
    detail: 'is not a parameter of this operation',
  })),
});

function applySchema(schema: z.ZodType | undefined, value: unknown, root: string): Outcome {
  if (!schema) return { value: undefined, problems: [] };
  const outcome = schema.safeParse(value);
  return outcome.success
    ? { value: outcome.data, problems: lostNames(value, outcome.data, root) }
    : {
        value: undefined,
        problems: outcome.error.issues.flatMap((issue) => toProblems(issue, root)),
      };
}

/**
 * The one name that a schema of free names leaves out in silence; what would be lost is refused
 * instead.
 */
const UNKEPT_NAME = '__proto__';

function lostNames(sent: unknown, kept: unknown, at: string): readonly FieldProblem[] {
  if (sent === kept || !isObject(sent) || !isObject(kept)) return [];
  const lost = Object.hasOwn(sent, UNKEPT_NAME) && !Object.hasOwn(kept, UNKEPT_NAME);
  const below = Object.keys(sent)
    .filter((name) => name !== UNKEPT_NAME)
    .flatMap((name) => lostNames(sent[name], kept[name], `${at}/${escapePointer(name)}`));
  return lost
    ? [{ pointer: `${at}/${UNKEPT_NAME}`, detail: 'is a name that cannot be kept' }, ...below]
    : below;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function toProblems(issue: z.core.$ZodIssue, root: string): readonly FieldProblem[] {
  const path = issue.path.map((part) => `/${escapePointer(String(part))}`).join('');
  const at = root === '' ? path : `${root}${path}`;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: `${at}/${escapePointer(key)}`,
      detail: 'is not a field of this object',
    }));
  return [{ pointer: at, detail: issue.message }];
}

/** RFC 6901 section 3. */
const escapePointer = (part: string): string =>
  part.slice(0, 200).replace(/~/g, '~0').replace(/\//g, '~1');
