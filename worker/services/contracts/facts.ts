/**
 * What the chain tells of a contract now. It is one node's word, read strictly; whatever the
 * author of the contract chose the length of is cut before it is kept, since lists show hundreds.
 */
import type { ContractState } from '../../core/neo/contract/contract-state.ts';
import type { Manifest } from '../../core/neo/contract/manifest.ts';
import { checksumOfNef } from '../../core/neo/contract/nef.ts';
import { getContractState } from '../../core/neo/rpc/state-calls.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { LIMITS } from './limits.ts';
import { type ChainFacts, type ContractRow, saveFacts } from './store.ts';

/** Undefined when no node shows a contract under the hash. */
export async function readState(
  { log }: RequestContext,
  { client, settings }: Network,
  hash: ScriptHash,
): Promise<Result<ContractState | undefined, 'chain.unavailable'>> {
  const answer = await client.ask(getContractState(hash));
  if (answer.kind === 'value') return ok(answer.value);
  if (answer.kind === 'refused' && answer.error.meaning === 'unknownContract') return ok(undefined);
  log.warn('chain.unavailable', { network: settings.id });
  return err('chain.unavailable', { retryAfterSeconds: 1 });
}

type OpenFailure = 'chain.network_unknown' | 'chain.unavailable' | 'contracts.not_deployed';

/** The contract as it is deployed now; what changed since it was read last is kept. */
export async function openDeployed(
  context: RequestContext,
  row: ContractRow,
): Promise<Result<{ readonly network: Network; readonly state: ContractState }, OpenFailure>> {
  const network = findBoundNetwork(context.settings, row);
  if (!network.ok) return network;
  const state = await readState(context, network.value, row.scriptHash);
  if (!state.ok) return state;
  noteFacts(context, row, factsNow(row, state.value));
  return state.value === undefined
    ? err('contracts.not_deployed')
    : ok({ network: network.value, state: state.value });
}

/** A deployment that no node shows yet is none that is gone. */
export function factsNow(row: ContractRow, state: ContractState | undefined): ChainFacts {
  if (state !== undefined) return factsOf(state);
  const { name, updateCounter, nefChecksum, supportedStandards } = row;
  const standing = row.standing === 'pending' ? 'pending' : 'absent';
  return { standing, name, updateCounter, nefChecksum, supportedStandards };
}

export const factsOf = ({ updateCounter, nef, manifest }: ContractState): ChainFacts => ({
  standing: 'deployed',
  updateCounter,
  nefChecksum: checksumOfNef(nef),
  ...wordsOf(manifest),
});

/** What the author says of it, within bounds. */
export const wordsOf = ({ name, supportedStandards }: Manifest) => ({
  // By code points: half of one would be no text.
  name: Array.from(name).slice(0, LIMITS.contractNameKeptCharsMax.value).join(''),
  supportedStandards: supportedStandards
    .filter((standard) => standard.length <= LIMITS.contractStandardKeptCharsMax.value)
    .slice(0, LIMITS.contractStandardsKeptMax.value),
});

/** After the answer: a read must not wait for it, nor fail with it. */
export function noteFacts(context: RequestContext, row: ContractRow, facts: ChainFacts): void {
  const hasChanged = row.readAt === null || FACTS.some((name) => differs(row[name], facts[name]));
  if (hasChanged)
    context.defer(saveFacts(context.db, row, { ...facts, readAt: context.now }).execute());
}

const FACTS = ['standing', 'name', 'updateCounter', 'nefChecksum', 'supportedStandards'] as const;

const differs = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) !== JSON.stringify(other);
