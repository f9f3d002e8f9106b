/** How many calls travel in one request: what a node takes at once, by count and by bytes. */
import type { RpcCall } from '../core/neo/rpc/call.ts';
import { LIMITS } from '../core/neo/rpc/limits.ts';

/** Envelope, method and commas of one call. */
const ENVELOPE_BYTES = 128;

export function splitCalls<Value>(
  calls: readonly RpcCall<Value>[],
): readonly (readonly RpcCall<Value>[])[] {
  const batches: RpcCall<Value>[][] = [];
  let bytes = 0;
  for (const call of calls) {
    const callBytes = ENVELOPE_BYTES + JSON.stringify(call.params).length;
    const last = batches.at(-1);
    const fits =
      last !== undefined &&
      last.length < LIMITS.rpcBatchCallsMax.value &&
      bytes + callBytes <= LIMITS.rpcRequestBytesMax.value;
    if (fits) last.push(call);
    else batches.push([call]);
    bytes = fits ? bytes + callBytes : callBytes;
  }
  return batches;
}
