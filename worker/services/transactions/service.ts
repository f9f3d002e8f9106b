/** The order of effects for transactions. */
import type { RequestContext } from '../../http/request-context.ts';
import { findNetwork } from '../chain/index.ts';
import {
  parseScript,
  parseSigners,
  type ScriptRequest,
  type SignerRequest,
} from './script-request.ts';
import { simulateScript } from './simulation.ts';

export interface SimulationRequest extends ScriptRequest {
  readonly network: string;
  readonly signers: readonly SignerRequest[];
}

export async function simulateTransaction(context: RequestContext, request: SimulationRequest) {
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const script = parseScript(request);
  if (!script.ok) return script;
  const signers = parseSigners(request.signers);
  if (!signers.ok) return signers;
  return simulateScript(context, network.value, {
    script: script.value,
    signers: signers.value,
  });
}
