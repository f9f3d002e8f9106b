/**
 * A method of a registered contract called without effect: arguments held against the manifest that
 * the contract has now, run on one node. A safe method runs without the right to write.
 */

import {
  type MethodRequest,
  parseMethodCall,
  toContractCall,
} from '../../core/neo/contract/method-call.ts';
import { err } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { parseSigners, type SignerRequest, simulateScript } from '../transactions/index.ts';
import { openDeployed } from './facts.ts';
import { toScript } from './script.ts';
import type { ContractPlace } from './service.ts';
import { loadContract } from './store.ts';

export interface TestInvocation extends MethodRequest {
  readonly signers: readonly SignerRequest[];
}

export async function testInvokeMethod(
  context: RequestContext,
  place: ContractPlace,
  request: TestInvocation,
) {
  const signers = parseSigners(request.signers);
  if (!signers.ok) return signers;
  const row = await loadContract(context.db, place.accountId, place.contractId);
  if (!row) return err('request.not_found');
  const opened = await openDeployed(context, row);
  if (!opened.ok) return opened;
  const { network, state } = opened.value;
  const call = parseMethodCall(state.manifest.abi, request);
  if (!call.ok) return call;
  const script = toScript(toContractCall(row.scriptHash, call.value, 'kept'));
  if (!script.ok) return script;
  return simulateScript(context, network, { script: script.value, signers: signers.value });
}
