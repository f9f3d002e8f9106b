/**
 * Lists as one async iteration. Pages are fetched as they are needed, so leaving the loop early
 * costs nothing more. An item added or removed meanwhile neither repeats nor hides another one:
 * cursors hold the last id seen, not an offset.
 */
import type { CallOptions } from './call-options.ts';
import { clientError } from './errors.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

type AnyList = (input: never, options?: CallOptions) => Promise<Page<unknown>>;
type InputOf<List extends AnyList> = NonNullable<Parameters<List>[0]>;
type ItemOf<List extends AnyList> = Awaited<ReturnType<List>>['items'][number];

interface WithCursor {
  readonly cursor?: string | undefined;
}

/**
 * Every item of a list: `for await (const secret of paginate(client.secrets.listSecrets, {
 * accountId }))`. `limit` in the input is the size of a page, not of the whole.
 */
export async function* paginate<List extends AnyList>(
  list: List,
  input: InputOf<List>,
  options?: CallOptions,
): AsyncGenerator<ItemOf<List>, void, undefined> {
  // Every list of the contract takes a cursor; the types above see to the rest of its input and to
  // its items.
  const listFrom = list as unknown as (
    input: WithCursor,
    options?: CallOptions,
  ) => Promise<Page<ItemOf<List>>>;
  const first: WithCursor = input;
  for (let cursor = first.cursor; ; ) {
    const page = await listFrom(cursor === undefined ? first : { ...first, cursor }, options);
    yield* page.items;
    if (page.nextCursor === null) return;
    // The same cursor again would make the loop endless.
    if (page.nextCursor === cursor)
      throw clientError('client.unexpected_response', 'The list answered the same cursor twice.');
    cursor = page.nextCursor;
  }
}
