/** Following the cursors of a list to its end. */
import { type Api, type Call, callOf, type FlatInput, findCommand } from './call.ts';
import type { Command } from './command-table.ts';
import { CliFailure, EXIT } from './failure.ts';
import { isRow } from './output/cell.ts';

const PAGE_SIZE = 100;

/** Each page's items as they come; at most one page is held. */
export async function* eachPage(api: Api, call: Call): AsyncGenerator<readonly unknown[]> {
  let cursor = call.query.cursor;
  for (;;) {
    const query = cursor === undefined ? call.query : { ...call.query, cursor };
    const { body } = await api.send({ ...call, query });
    if (!isRow(body) || !Array.isArray(body.items)) throw unexpected('the answer is not a list');
    yield body.items;
    if (typeof body.nextCursor !== 'string') return;
    // A cursor that leads to itself would keep us here for ever.
    if (body.nextCursor === cursor) throw unexpected('the list does not end');
    cursor = body.nextCursor;
  }
}

export async function listAll(
  { api, table }: { readonly api: Api; readonly table: readonly Command[] },
  id: string,
  input: FlatInput,
): Promise<readonly unknown[]> {
  const command = findCommand(table, id);
  const items: unknown[] = [];
  for await (const page of eachPage(api, callOf(command, { limit: PAGE_SIZE, ...input })))
    items.push(...page);
  return items;
}

export const unexpected = (detail: string): CliFailure =>
  new CliFailure({ exitCode: EXIT.unavailable, code: 'response.unexpected', detail });
