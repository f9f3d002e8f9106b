/**
 * The order of effects for contracts that an account has registered. A registration is a name for
 * something on a chain: it gives no right over the contract, and taking it away changes nothing
 * there. A hash alone says no network, so both are asked for and both are kept.
 */
import { formatManifest } from '../../core/neo/contract/manifest.ts';
import { parseScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { creatorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen, loadQuotas, quotaExceeded } from '../accounts/index.ts';
import { findBoundNetwork, findNetwork } from '../chain/index.ts';
import { factsNow, factsOf, noteFacts, openDeployed, readState } from './facts.ts';
import {
  type ContractRow,
  contractStands,
  contractsBelow,
  deleteContract,
  insertContract,
  listContractRows,
  loadContract,
} from './store.ts';
import { toContract } from './views.ts';

export interface ContractPlace {
  readonly accountId: string;
  readonly contractId: string;
}

export interface Registration {
  readonly network: string;
  readonly scriptHash: string;
  readonly label?: string | undefined;
}

export async function registerContract(
  context: RequestContext,
  accountId: string,
  request: Registration,
) {
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const scriptHash = parseScriptHash(request.scriptHash);
  if (!scriptHash) return err('contracts.not_deployed');
  const state = await readState(context, network.value, scriptHash);
  if (!state.ok) return state;
  if (state.value === undefined) return err('contracts.not_deployed');
  const { now, db, principal } = context;
  const { id, magic } = network.value.settings;
  const row: ContractRow = {
    ...factsOf(state.value),
    contractId: newId('contract', now),
    accountId,
    network: id,
    networkMagic: magic,
    scriptHash,
    label: request.label ?? null,
    deploymentTransactionId: null,
    createdBy: creatorOf(principal),
    createdAt: now,
    readAt: now,
  };
  const quota = (await loadQuotas(db, accountId)).contracts;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', contractsBelow(accountId, quota)),
      insertContract(db, row),
    ],
    accountId,
    target: { kind: 'contract', id: row.contractId },
    details: { network: id, magic, scriptHash },
    guards: { state: { code: 'request.not_found' }, quota: quotaExceeded('contracts', quota) },
    conflicts: { [PLACE_COLUMNS]: { code: 'contracts.already_registered' } },
    answer: { status: 201, body: toContract(row) },
  });
}

/** As SQLite names the constraint that is one registration a contract. */
export const PLACE_COLUMNS = 'contracts.account_id, contracts.network_magic, contracts.script_hash';

export async function listContracts(
  context: RequestContext,
  accountId: string,
  query: PageQuery & { readonly network?: string | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listContractRows(context.db, {
    accountId,
    network: query.network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: (row) => row.contractId,
    toItem: toContract,
  });
  return ok({ status: 200, body } as const);
}

/** Without a node, what was read last: `readAt` tells how old it is. */
export async function getContract(context: RequestContext, place: ContractPlace) {
  const row = await loadContract(context.db, place.accountId, place.contractId);
  if (!row) return err('request.not_found');
  const network = findBoundNetwork(context.settings, row);
  const state = network.ok ? await readState(context, network.value, row.scriptHash) : network;
  if (!state.ok) return ok({ status: 200, body: toContract(row) } as const);
  const facts = factsNow(row, state.value);
  noteFacts(context, row, facts);
  const body = toContract({ ...row, ...facts, readAt: context.now });
  return ok({ status: 200, body } as const);
}

export async function getManifest(context: RequestContext, place: ContractPlace) {
  const row = await loadContract(context.db, place.accountId, place.contractId);
  if (!row) return err('request.not_found');
  const opened = await openDeployed(context, row);
  if (!opened.ok) return opened;
  const { state } = opened.value;
  const body = {
    scriptHash: row.scriptHash,
    updateCounter: state.updateCounter,
    manifest: { ...formatManifest(state.manifest) },
  };
  return ok({ status: 200, body } as const);
}

export async function removeContract(context: RequestContext, place: ContractPlace) {
  const row = await loadContract(context.db, place.accountId, place.contractId);
  if (!row) return err('request.not_found');
  return commit(context, {
    statements: [guard('state', contractStands(row)), deleteContract(context.db, row)],
    accountId: place.accountId,
    target: { kind: 'contract', id: row.contractId },
    details: { network: row.network, scriptHash: row.scriptHash },
    guards: { state: { code: 'request.not_found' } },
    answer: { status: 204, body: null },
  });
}
