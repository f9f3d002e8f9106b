/**
 * Iterators end with the read. Their values lie in a session of the node that ran the call, and a
 * node keeps twenty of those for everybody: the attack is a function that opens them and goes away.
 * So the first values are fetched at once, and the session is given back, come what may.
 */
import type { RpcClient } from '../../chain/rpc-client.ts';
import {
  ITERATOR_ITEMS_MAX,
  terminateSession,
  traverseIterator,
} from '../../core/neo/rpc/invocation-calls.ts';
import type { Invocation } from '../../core/neo/vm/invocation.ts';
import type { StackItem } from '../../core/neo/vm/stack-item.ts';
import { asIterator } from '../../core/neo/vm/stack-item-values.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { bounded } from './node-answers.ts';

interface Ran extends Pick<Invocation, 'session'> {
  readonly endpoint: string;
  readonly stack: readonly StackItem[];
}

type Failure = 'chain.unavailable' | 'chain.answer_too_large';

/** What one call left: one item, and if that is an iterator, its first values in it. */
export async function takeIterator(
  client: RpcClient,
  { session, endpoint, stack }: Ran,
): Promise<Result<readonly StackItem[], Failure>> {
  if (session === null) return ok(stack);
  try {
    const id = stack[0] ? (asIterator(stack[0])?.id ?? null) : null;
    if (id === null) return ok(stack);
    const reply = await client.askAt(
      endpoint,
      bounded(traverseIterator({ session, iterator: id })),
    );
    if (reply.kind !== 'value')
      return err(
        reply.kind === 'failed' && reply.reason === 'too large'
          ? 'chain.answer_too_large'
          : 'chain.unavailable',
      );
    const truncated = reply.value.length === ITERATOR_ITEMS_MAX;
    const iterator = { id: null, values: reply.value, truncated };
    return ok([{ type: 'InteropInterface', iterator }]);
  } finally {
    await client.askAt(endpoint, terminateSession(session));
  }
}
