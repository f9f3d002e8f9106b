/** The order of effects for transactions. */
import { base64 } from '@scure/base';
import { runScript } from '../../chain/invoker.ts';
import { formatStackItem, type StackItem } from '../../core/neo/vm/stack-item.ts';
import { err, ok } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import { quoteNetworkFee } from './network-fee.ts';
import {
  parseScript,
  parseSigners,
  type ScriptRequest,
  type SignerRequest,
} from './script-request.ts';

export interface SimulationRequest extends ScriptRequest {
  readonly network: string;
  readonly signers: readonly SignerRequest[];
}

export async function simulateTransaction(
  { settings, log }: RequestContext,
  request: SimulationRequest,
) {
  const network = findNetwork(settings, request.network);
  if (!network.ok) return network;
  const script = parseScript(request);
  if (!script.ok) return script;
  const signers = parseSigners(request.signers);
  if (!signers.ok) return signers;
  const { client } = network.value;
  const run = { script: script.value, signers: signers.value };
  const [answer, networkFee] = await Promise.all([
    runScript(client, run),
    quoteNetworkFee(client, run),
  ]);
  if (answer.kind === 'refused')
    return err('transactions.script_refused', { detail: answer.error.message });
  if (answer.kind === 'unreachable') {
    log.warn('chain.unavailable', { network: request.network });
    return err('chain.unavailable', { retryAfterSeconds: 1 });
  }
  const { vmState, exception, gasConsumedDatoshi, stack, notifications } = answer.value;
  const body = {
    script: base64.encode(script.value),
    vmState,
    exception,
    systemFee: gasConsumedDatoshi.toString(),
    networkFee: networkFee === null ? null : networkFee.toString(),
    stack: toItems(stack),
    notifications: notifications.map(({ contract, eventName, state }) => ({
      contract,
      eventName,
      state: toItems(state),
    })),
  };
  return ok({ status: 200, body } as const);
}

const toItems = (items: readonly StackItem[] | null) =>
  items && items.map((item) => ({ ...formatStackItem(item) }));
