/**
 * A method of a registered contract called by a transaction. A method that answers true or false is
 * asserted unless told otherwise: a transfer that answers false would be executed and charged, and
 * would have moved nothing.
 */
import {
  type MethodCall,
  type MethodRequest,
  parseMethodCall,
  toContractCall,
} from '../../core/neo/contract/method-call.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { err } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { proposeTransaction } from '../transactions/index.ts';
import { openDeployed } from './facts.ts';
import { openWalletOn, type SendingRequest, toTransactionRequest } from './sending.ts';
import type { ContractPlace } from './service.ts';
import { loadContract } from './store.ts';

export interface InvocationRequest extends SendingRequest, MethodRequest {
  readonly result?: ContractCall['result'] | undefined;
}

export async function invokeMethod(
  context: RequestContext,
  place: ContractPlace,
  request: InvocationRequest,
) {
  const row = await loadContract(context.db, place.accountId, place.contractId);
  if (!row) return err('request.not_found');
  const wallet = await openWalletOn(context, row, request.walletId);
  if (!wallet.ok) return wallet;
  const opened = await openDeployed(context, row);
  if (!opened.ok) return opened;
  const call = parseMethodCall(opened.value.state.manifest.abi, request);
  if (!call.ok) return call;
  const result = request.result ?? resultOf(call.value);
  const sent = toContractCall(row.scriptHash, call.value, result);
  const wish = toTransactionRequest(request, wallet.value.scriptHash, sent);
  return wish.ok ? proposeTransaction(context, place.accountId, wish.value) : wish;
}

const resultOf = ({ method }: MethodCall): ContractCall['result'] =>
  method.returnType === 'Boolean' && !method.safe ? 'asserted' : 'kept';
