/**
 * A request of the contract with its parts in their places, and how one is made from flat input by
 * the table.
 */
import type { Command, Flag } from './command-table.ts';
import { usage } from './failure.ts';

export interface Call {
  readonly command: Command;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
}

export interface Answer {
  readonly status: number;
  /** Undefined for 204; a text where the answer is not JSON. */
  readonly body: unknown;
  readonly etag?: string;
  readonly requestId?: string;
}

export interface Api {
  send(call: Call): Promise<Answer>;
}

export type FlatInput = Readonly<Record<string, unknown>>;

export function findCommand(table: readonly Command[], id: string): Command {
  const command = table.find((one) => one.id === id);
  if (command === undefined) throw usage(`this slctl was built without the operation ${id}`);
  return command;
}

/** For commands written by hand: fields of the input that are undefined are left out. */
export function callOf(command: Command, input: FlatInput): Call {
  const body = command.body === undefined ? {} : { body: pick(command.body.flags, input) };
  const params = Object.fromEntries(
    Object.entries(pick(command.params, input)).map(([name, value]) => [name, String(value)]),
  );
  return { command, params, query: pick(command.query, input), ...body };
}

const pick = (flags: readonly Flag[], input: FlatInput): Record<string, unknown> =>
  Object.fromEntries(
    flags
      .map(({ field }) => [field, input[field]] as const)
      .filter(([, value]) => value !== undefined),
  );
