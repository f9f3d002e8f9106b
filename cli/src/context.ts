/**
 * What every command gets: the outside, the table, and a client once it knows where to connect to.
 */
import { Option, type Command as Parser } from 'commander';
import { connectApi } from './api.ts';
import { type Answer, type Api, callOf, type FlatInput, findCommand } from './call.ts';
import type { Command } from './command-table.ts';
import { type Connection, type ConnectionFlags, resolveConnection } from './connection.ts';
import { usage } from './failure.ts';
import type { Io } from './io.ts';
import type { Style } from './output/print.ts';
import { listAll } from './pages.ts';

export interface Context {
  readonly io: Io;
  readonly table: readonly Command[];
}

export interface GlobalFlags extends ConnectionFlags {
  readonly json?: boolean;
  readonly columns?: string;
  readonly timeout?: string;
}

/** Every command takes these, wherever on the line they stand. */
export function addGlobalOptions(parser: Parser): Parser {
  return parser
    .addOption(
      new Option('--json', 'print JSON; lists with --all and --watch as one document a line'),
    )
    .addOption(new Option('--columns <names>', 'columns of a table, comma separated'))
    .addOption(new Option('--profile <name>', 'use this stored profile'))
    .addOption(new Option('--addr <url>', 'address of the API (SERVICE_LAYER_ADDR)'))
    .addOption(new Option('--token-file <path>', 'read the credential from a file'))
    .addOption(new Option('--signing-key <path>', 'sign requests with the key in this file'))
    .addOption(new Option('--allow-plain-http', 'let the credential travel unencrypted'))
    .addOption(new Option('--timeout <seconds>', 'give up on one request after this time'));
}

export function styleOf(flags: GlobalFlags): Style {
  const columns = flags.columns?.split(',').map((name) => name.trim());
  return { json: flags.json === true, ...(columns === undefined ? {} : { columns }) };
}

/** A client with the account it works on, for commands written by hand. */
export interface Session {
  readonly io: Io;
  readonly table: readonly Command[];
  readonly api: Api;
  readonly connection: Connection;
  call(id: string, input: FlatInput): Promise<Answer>;
  list(id: string, input: FlatInput): Promise<readonly unknown[]>;
}

export async function openSession(context: Context, flags: GlobalFlags): Promise<Session> {
  const { io, table } = context;
  const connection = await resolveConnection(io, flags);
  const api = connectApi(io, connection, parseTimeout(flags.timeout));
  return {
    io,
    table,
    api,
    connection,
    call: (id, input) => api.send(callOf(findCommand(table, id), input)),
    list: (id, input) => listAll({ api, table }, id, input),
  };
}

export function requireAccount(session: Session, given: string | undefined): string {
  const accountId = given ?? session.connection.accountId;
  if (accountId !== undefined) return accountId;
  throw usage('which account? Give --account-id, or store one with `slctl login --account-id`');
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw usage('--timeout must be a number of seconds between 0 and 3600');
}
