/**
 * Lists as one async iteration. Pages are fetched as they are needed, so leaving the loop early costs nothing more. An
 * item added or removed meanwhile neither repeats nor hides another one: cursors hold the last id seen, not an offset.
 */
import type { CallOptions } from './call-options.ts';
import { clientError } from './errors.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/**
 * Every item of a list: `for await (const secret of paginate(client.secrets.listSecrets, { accountId }))`.
 * `limit` in the input is the size of a page, not of the whole.
 */
export async function* paginate<Input extends { readonly cursor?: string | undefined }, Item>(
  list: (input: Input, options?: CallOptions) => Promise<Page<Item>>,
  input: Input,
  options?: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  let cursor = input.cursor;
  for (;;) {
    const page = await list(cursor === undefined ? input : { ...input, cursor }, options);
    yield* page.items;
    if (page.nextCursor === null) return;
    // The same cursor again would make the loop endless.
    if (page.nextCursor === cursor)
      throw clientError('client.unexpected_response', 'The list answered the same cursor twice.');
    cursor = page.nextCursor;
  }
}
