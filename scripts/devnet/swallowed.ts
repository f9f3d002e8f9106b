/**
 * A node that takes a transaction, answers with its hash as if all were well, and tells nobody: a
 * cut-off node does just that. What does not decode is left to the node, which refuses it.
 */
import {
  hashTransaction,
  parseBase64Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { AskNode, Outcome } from './rpc-outcome.ts';

export async function swallowTransaction(
  params: readonly unknown[],
  ask: AskNode,
): Promise<Outcome> {
  const [text] = params;
  const decoded = typeof text === 'string' ? parseBase64Transaction(text) : undefined;
  if (decoded?.ok !== true) return ask('sendrawtransaction', params);
  return { result: { hash: hashTransaction(decoded.value) } };
}
