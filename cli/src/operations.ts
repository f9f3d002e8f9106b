/** A command for each operation of the contract. Nothing in here knows any one operation. */
import { Option, type Command as Parser } from 'commander';
import type { Call } from './call.ts';
import type { Command, Flag } from './command-table.ts';
import {
  addGlobalOptions,
  type Context,
  type GlobalFlags,
  openSession,
  styleOf,
} from './context.ts';
import { usage } from './failure.ts';
import { parseFlagValue, parseParameter, type RawValue } from './flag-value.ts';
import type { Io } from './io.ts';
import { parseJsonText, readFlagText } from './local-file.ts';
import { isRow } from './output/cell.ts';
import { runCall } from './run-call.ts';

/** What commander collected: texts by attribute name, which is the flag in camel case. */
type Collected = Readonly<Record<string, RawValue | undefined>>;

export function addOperation(service: Parser, context: Context, entry: Command): void {
  const parser = service.command(entry.command).description(describe(entry));
  parser.summary(entry.summary);
  for (const flag of positionals(entry)) parser.argument(`[${flag.flag}]`, flag.description);
  const options = new Map<Flag, Option>();
  for (const flag of [...entry.params, ...entry.query, ...(entry.body?.flags ?? [])]) {
    const option = toOption(flag);
    options.set(flag, option);
    parser.addOption(option);
  }
  addOwnOptions(parser, entry);
  addGlobalOptions(parser);
  parser.addHelpText('after', `\nExample:\n  ${entry.example}`);
  parser.action(async (...received: unknown[]) => {
    // Commander appends the options and the command to the positional arguments.
    const words = received
      .slice(0, -2)
      .map((word) => (typeof word === 'string' ? word : undefined));
    const flags = parser.optsWithGlobals<Collected & GlobalFlags>();
    const rawOf = (flag: Flag): RawValue | undefined => {
      const option = options.get(flag);
      return option === undefined ? undefined : flags[option.attributeName()];
    };
    await runOperation({ context, entry, flags, rawOf, words });
  });
}

const describe = (entry: Command): string =>
  [
    `${entry.summary}\n\n${entry.description}`,
    ...(entry.deprecated === undefined ? [] : [`Deprecated: ${entry.deprecated}.`]),
  ].join('\n\n');

/** `slctl secrets get-secret DB_URL`: what names the thing may stand without its flag. */
const positionals = (entry: Command): readonly Flag[] =>
  entry.params.filter(({ field }) => field !== 'accountId');

const PLACEHOLDERS: Readonly<Record<Flag['type'], string>> = {
  string: '<text>',
  integer: '<integer>',
  number: '<number>',
  boolean: '[true|false]',
  strings: '<list>',
  integers: '<list>',
  json: '<json>',
};

function toOption(flag: Flag): Option {
  const notes = [
    flag.description,
    ...(flag.required ? ['(required)'] : []),
    ...(flag.fallback === undefined ? [] : [`(default: ${flag.fallback})`]),
    ...(flag.nullable === true ? ['(null clears it)'] : []),
  ];
  const option = new Option(`--${flag.flag} ${PLACEHOLDERS[flag.type]}`, notes.join(' ').trim());
  // Help and completion read the choices; `parseFlagValue` checks them, in lists too.
  if (flag.values !== undefined) option.argChoices = [...flag.values];
  const isList = flag.type === 'strings' || flag.type === 'integers';
  if (isList) option.argParser<readonly string[]>((text, earlier) => [...(earlier ?? []), text]);
  return option;
}

function addOwnOptions(parser: Parser, entry: Command): void {
  if (entry.body !== undefined)
    parser.option('--body <json>', 'the whole body as JSON, @file or - ; flags win over it');
  if (entry.paged) parser.option('--all', 'follow the cursors to the end');
  if (entry.method === 'get')
    parser.option('--watch [seconds]', 'read again every so many seconds (2) until Ctrl-C');
  if (entry.ifMatch)
    parser.option('--if-match <etag>', 'only when the resource still has this ETag');
  if (entry.idempotent)
    parser.option('--idempotency-key <key>', 'the same key makes repeating this safe');
  parser.option('--include', 'print status, ETag and request id beside the body');
}

interface OperationRun {
  readonly context: Context;
  readonly entry: Command;
  readonly flags: Collected & GlobalFlags;
  readonly rawOf: (flag: Flag) => RawValue | undefined;
  readonly words: readonly (string | undefined)[];
}

async function runOperation(run: OperationRun): Promise<void> {
  const { context, entry, flags } = run;
  const session = await openSession(context, flags);
  const params = parseParams(run, session.connection.accountId);
  const query = parseQuery(run);
  const body = entry.body === undefined ? {} : { body: await parseBody(context.io, run) };
  assertComplete(entry, { params, query, ...body });
  const call: Call = {
    command: entry,
    params,
    query,
    ...body,
    ...(typeof flags.ifMatch === 'string' ? { ifMatch: flags.ifMatch } : {}),
    ...(typeof flags.idempotencyKey === 'string' ? { idempotencyKey: flags.idempotencyKey } : {}),
  };
  await runCall(session, call, {
    style: styleOf(flags),
    all: flags.all === true,
    watchSeconds: parseWatch(flags.watch),
    include: flags.include === true,
  });
}

function parseParams(run: OperationRun, accountId: string | undefined): Record<string, string> {
  const places = positionals(run.entry);
  const found: Record<string, string> = {};
  for (const flag of run.entry.params) {
    const word = places.includes(flag) ? run.words[places.indexOf(flag)] : undefined;
    const raw = run.rawOf(flag) ?? word ?? (flag.field === 'accountId' ? accountId : undefined);
    // An empty segment would turn the address into that of another operation.
    if (raw !== undefined && raw !== '') found[flag.field] = String(parseParameter(flag, raw));
  }
  return found;
}

function parseQuery({ entry, rawOf }: OperationRun): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const flag of entry.query) {
    const raw = rawOf(flag);
    if (raw !== undefined) found[flag.field] = parseParameter(flag, raw);
  }
  return found;
}

async function parseBody(io: Io, { entry, flags, rawOf }: OperationRun): Promise<unknown> {
  const whole =
    typeof flags.body === 'string'
      ? parseJsonText(await readBodyText(io, flags.body), '--body')
      : undefined;
  const fields: Record<string, unknown> = {};
  for (const flag of entry.body?.flags ?? []) {
    const raw = rawOf(flag);
    if (raw !== undefined) fields[flag.field] = await parseFlagValue(io, flag, raw);
  }
  if (whole === undefined) return fields;
  if (Object.keys(fields).length === 0) return whole;
  if (!isRow(whole)) throw usage('--body is no object, so no flag can be added to it');
  return { ...whole, ...fields };
}

/** `--body file.json` is so often meant as a file that a text which cannot be JSON is told so. */
function readBodyText(io: Io, text: string): Promise<string> {
  if (/^[\w./-]+\.json$/.test(text)) throw usage(`--body takes JSON; for a file write @${text}`);
  return readFlagText(io, text);
}

function assertComplete(entry: Command, call: Pick<Call, 'params' | 'query' | 'body'>): void {
  const { body } = call;
  const isMissingIn = (place: unknown) => (flag: Flag) =>
    flag.required && isRow(place) && place[flag.field] === undefined;
  const missing = [
    ...entry.params.filter(isMissingIn(call.params)),
    ...entry.query.filter(isMissingIn(call.query)),
    ...(entry.body?.flags ?? []).filter(isMissingIn(body)),
  ];
  if (missing.length === 0) return;
  const names = missing.map(({ flag }) => `--${flag}`).join(', ');
  throw usage(`missing: ${names}\nExample: ${entry.example}`);
}

function parseWatch(raw: RawValue | undefined): number | undefined {
  if (raw === undefined) return undefined;
  if (raw === true) return 2;
  const seconds = Number(raw);
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= 86_400) return seconds;
  throw usage('--watch takes seconds, from 1 to 86400');
}
