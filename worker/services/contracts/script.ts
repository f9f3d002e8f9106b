/** The script of one call, within the bound of what a transaction carries. */

import { encodeCalls } from '../../core/neo/contract-calls.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { LIMITS as TRANSACTIONS } from '../../core/neo/transaction/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** Told here, where the arguments are known; a node would only say that the script is too long. */
export function toScript(call: ContractCall): Result<Uint8Array, 'transactions.script_refused'> {
  const script = encodeCalls([call]);
  const limit = TRANSACTIONS.scriptBytesMax.value;
  const observed = script.length;
  return observed <= limit ? ok(script) : err('transactions.script_refused', { limit, observed });
}
