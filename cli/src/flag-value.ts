/**
 * * What stands after a flag, as the JSON value the contract asks for. The server checks everything
 * again; here only what cannot be sent at all is refused: a word where a number belongs, a choice
 * that does not exist, JSON that is none.
 */
import type { Flag } from './command-table.ts';
import { usage } from './failure.ts';
import type { Io } from './io.ts';
import { parseJsonText, readFlagText } from './local-file.ts';

/**
 * As commander hands it over: a text, `true` for a bare boolean flag, texts for a flag that may be
 * repeated.
 */
export type RawValue = string | true | readonly string[];

export async function parseFlagValue(io: Io, flag: Flag, raw: RawValue): Promise<unknown> {
  const [first] = Array.isArray(raw) ? raw : [raw];
  if (flag.nullable === true && first === 'null') return null;
  switch (flag.type) {
    case 'strings':
    case 'integers':
      return parseList(io, flag, raw);
    case 'json':
      return parseJsonText(await readFlagText(io, textOf(flag, raw)), `--${flag.flag}`);
    case 'string':
      return parseText(flag, await readFlagText(io, textOf(flag, raw)));
    case 'boolean':
      return parseBoolean(flag, raw);
    default:
      return parseNumber(flag, textOf(flag, raw));
  }
}

/** Parameters stand in the address: no files there, so that `@` and `-` are what they are. */
export function parseParameter(flag: Flag, raw: RawValue): unknown {
  if (flag.type === 'boolean') return parseBoolean(flag, raw);
  if (flag.type === 'strings') return joinItems(flag, raw);
  const text = textOf(flag, raw);
  return flag.type === 'integer' || flag.type === 'number'
    ? parseNumber(flag, text)
    : parseText(flag, text);
}

const joinItems = (flag: Flag, raw: RawValue): string =>
  splitItems(raw)
    .map((item) => parseText(flag, item))
    .join(',');

function textOf(flag: Flag, raw: RawValue): string {
  if (typeof raw === 'string') return raw;
  throw usage(`--${flag.flag} needs one value`);
}

function parseText(flag: Flag, text: string): string {
  if (flag.values === undefined || flag.values.includes(text)) return text;
  throw usage(`--${flag.flag} must be one of: ${flag.values.join(', ')}`);
}

function parseNumber(flag: Flag, text: string): number {
  const pattern = flag.type === 'number' ? /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/ : /^-?\d+$/;
  const value = Number(text);
  const isExact = flag.type === 'number' ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (pattern.test(text) && isExact) return value;
  const kind = flag.type === 'number' ? 'a number' : 'an integer';
  throw usage(`--${flag.flag} must be ${kind}`);
}

function parseBoolean(flag: Flag, raw: RawValue): boolean {
  if (raw === true || raw === 'true') return true;
  if (raw === 'false') return false;
  throw usage(`--${flag.flag} must be true or false`);
}

async function parseList(io: Io, flag: Flag, raw: RawValue): Promise<readonly unknown[]> {
  const [only] = Array.isArray(raw) ? raw : [raw];
  if (typeof only === 'string' && /^(\[|@|-$)/.test(only)) {
    const parsed = parseJsonText(await readFlagText(io, only), `--${flag.flag}`);
    if (Array.isArray(parsed)) return parsed;
    throw usage(`--${flag.flag} must be a list`);
  }
  return splitItems(raw).map((item) =>
    flag.type === 'integers' ? parseInteger(flag, item) : parseText(flag, item),
  );
}

const parseInteger = (flag: Flag, item: string): number =>
  parseNumber({ ...flag, type: 'integer' }, item);

/** `--scopes a,b --scopes c`; an empty text is the empty list. */
const splitItems = (raw: RawValue): readonly string[] =>
  (Array.isArray(raw) ? raw : [String(raw)])
    .flatMap((text: string) => text.split(','))
    .map((item: string) => item.trim())
    .filter((item: string) => item !== '');
