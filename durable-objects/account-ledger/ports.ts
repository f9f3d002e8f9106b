/**
 * The book's way to other books and to the catalogue: the entrypoint `BookPort` of `worker/index.ts`, reached by
 * `ctx.exports`. The instance holds it in a field, so that a test of the object can stand at the
 * other end.
 */
import type { BookPort } from '../../worker/core/ports.ts';

export interface LedgerPorts {
  readonly books: BookPort;
}

export function ledgerPorts(ctx: DurableObjectState): LedgerPorts {
  // The exports are typed by generated code that objects must not depend on; this one is part of
  // the ports' contract.
  const entrypoints = ctx.exports as unknown as { readonly BookPort: BookPort };
  return {
    books: {
      deliverMoves: (moves) => entrypoints.BookPort.deliverMoves(moves),
      deliverNotices: (book) => entrypoints.BookPort.deliverNotices(book),
    },
  };
}
