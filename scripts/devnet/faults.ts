/**
 * What can go wrong with an RPC endpoint, as switches that can be set together. Pure: it decides
 * from a request and the node's own answer what the client gets to see. The half of a fault that
 * needs a socket is in fault-proxy.ts.
 *
 * A frozen height shows the chain as a cut-off node shows it: later blocks and their transactions
 * do not exist. What contracts answer (`invokefunction` and the like) is still of the real tip.
 */
import * as z from 'zod';
import { answerFrozen } from './frozen-chain.ts';
import type { AskNode, Outcome, RpcRequest } from './rpc-outcome.ts';
import { swallowTransaction } from './swallowed.ts';

const JSON_RPC_METHOD = z.string().min(1).max(100);

export const faultsSchema = z.strictObject({
  /** Every answer comes this much later. */
  lagMs: z.int().min(0).max(600_000).default(0),
  /** Every request gets this status and no answer of the node, 429 for one. */
  status: z.int().min(400).max(599).nullable().default(null),
  /**
   * `half-closed`: half of the answer, then the end of the sending side while the other stays open;
   * `silent`: accepted and never answered, as a frozen process does; `reset`: cut off.
   */
  connection: z.enum(['open', 'half-closed', 'silent', 'reset']).default('open'),
  /** The result told for a method in place of the node's own. */
  results: z.record(JSON_RPC_METHOD, z.json()).default({}),
  /** The error told for a method. */
  errors: z
    .record(JSON_RPC_METHOD, z.strictObject({ code: z.int(), message: z.string() }))
    .default({}),
  /** The last block that exists. */
  frozenHeight: z.int().min(0).nullable().default(null),
  /** `sendrawtransaction` reaches the node, or only seems to: it answers and nobody hears of it. */
  swallowTransactions: z.boolean().default(false),
});
export type Faults = Readonly<z.output<typeof faultsSchema>>;
/** Only the switches that are on. */
export type FaultSwitches = Readonly<z.input<typeof faultsSchema>>;

export const NO_FAULTS: Faults = faultsSchema.parse({});

/** The answer to one request; `ask` passes it on to the node. */
export async function answerUnder(
  faults: Faults,
  request: RpcRequest,
  ask: AskNode,
): Promise<Outcome> {
  const { method, params } = request;
  const error = faults.errors[method];
  if (error !== undefined) return { error };
  const result = faults.results[method];
  if (result !== undefined) return { result };
  if (faults.swallowTransactions && method === 'sendrawtransaction') {
    return swallowTransaction(params, ask);
  }
  if (faults.frozenHeight !== null) {
    return answerFrozen({ height: faults.frozenHeight, request, ask });
  }
  return ask(method, params);
}
