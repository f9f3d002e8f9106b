/**
 * What the chain had on the watched addresses at the end of a block, by the votes of nodes (M5):
 * equal answers of a quorum tell it, a contradicting one leaves it open, and where too few nodes
 * keep the state of that block it cannot be told at all. Nothing is ever inferred from another
 * block's balances.
 */

import { decideQuorum, type Vote } from '../../core/neo/rpc/quorum.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { cannotTell, gasBalancesAt, parseGasBalances } from '../../core/proofs/gas-balances.ts';
import type { Network } from '../chain/index.ts';
import { LIMITS } from './limits.ts';

export type AssetsRead =
  | { readonly kind: 'told'; readonly amounts: readonly bigint[] }
  | {
      readonly kind: 'never';
      readonly reason: 'nodes_disagree' | 'state_not_kept' | 'historic_calls_unsupported';
    }
  | { readonly kind: 'later' };

export async function readAssets(
  network: Network,
  addresses: readonly ScriptHash[],
  height: number,
): Promise<AssetsRead> {
  const amounts: bigint[] = [];
  const most = LIMITS.checkpointAddressesPerRead.value;
  for (let from = 0; from < addresses.length; from += most) {
    const read = await readSome(network, addresses.slice(from, from + most), height);
    if (read.kind !== 'told') return read;
    amounts.push(...read.amounts);
  }
  return { kind: 'told', amounts };
}

async function readSome(
  { client, settings }: Network,
  addresses: readonly ScriptHash[],
  height: number,
): Promise<AssetsRead> {
  const replies = await client.askEach(gasBalancesAt(addresses, height));
  const votes: Vote<readonly bigint[]>[] = [];
  const refusals: NonNullable<ReturnType<typeof cannotTell>>[] = [];
  for (const { endpoint, reply } of replies) {
    const verdict = reply.kind === 'value' ? parseGasBalances(reply.value, addresses) : null;
    if (verdict !== null) votes.push({ endpoint, verdict });
    const refusal = reply.kind === 'refused' ? cannotTell(reply.error) : null;
    if (refusal !== null) refusals.push(refusal);
  }
  const decision = decideQuorum(votes, {
    required: settings.quorum,
    keyOf: (balances) => balances.join(),
  });
  if (decision.kind === 'decided') return { kind: 'told', amounts: decision.verdict };
  if (decision.kind === 'disputed') return { kind: 'never', reason: 'nodes_disagree' };
  if (client.endpoints.length - refusals.length >= settings.quorum) return { kind: 'later' };
  const reason = refusals.includes('state_not_kept')
    ? 'state_not_kept'
    : 'historic_calls_unsupported';
  return { kind: 'never', reason };
}
