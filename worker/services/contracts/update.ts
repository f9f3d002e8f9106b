/**
 * A registered contract updated by its own `update` method, which decides who may. What can be known
 * to fail is refused before: another name, which ContractManagement takes from no update, and
 * nothing to change.
 */
import { toContractCall } from '../../core/neo/contract/method-call.ts';
import { buildUpdateCall, type ContractUpdate } from '../../core/neo/contract/update-call.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { proposeTransaction } from '../transactions/index.ts';
import { malformed, parseDeployData, parseManifestText, parseNef } from './artifacts.ts';
import { openDeployed } from './facts.ts';
import { openWalletOn, type SendingRequest, toTransactionRequest } from './sending.ts';
import type { ContractPlace } from './service.ts';
import { loadContract } from './store.ts';

export interface UpdateRequest extends SendingRequest {
  readonly nef?: string | undefined;
  readonly manifest?: string | undefined;
  readonly data?: unknown;
}

interface ParsedUpdate extends ContractUpdate {
  /** In the manifest, where one is given. */
  readonly name: string | undefined;
}

export async function updateContract(
  context: RequestContext,
  place: ContractPlace,
  request: UpdateRequest,
) {
  const update = parseUpdate(request);
  if (!update.ok) return update;
  const row = await loadContract(context.db, place.accountId, place.contractId);
  if (!row) return err('request.not_found');
  const wallet = await openWalletOn(context, row, request.walletId);
  if (!wallet.ok) return wallet;
  const opened = await openDeployed(context, row);
  if (!opened.ok) return opened;
  const { manifest } = opened.value.state;
  if ((update.value.name ?? manifest.name) !== manifest.name)
    return malformed('/manifest', '/name: a contract keeps its name');
  const call = buildUpdateCall(manifest.abi, update.value);
  if (call === null) return err('contracts.not_updatable');
  const sent = toContractCall(row.scriptHash, call, 'kept');
  const wish = toTransactionRequest(request, wallet.value.scriptHash, sent);
  return wish.ok ? proposeTransaction(context, place.accountId, wish.value) : wish;
}

function parseUpdate(request: UpdateRequest): Result<ParsedUpdate, 'request.malformed'> {
  if (request.nef === undefined && request.manifest === undefined)
    return malformed('/nef', 'give a NEF file, a manifest, or both');
  const nef = request.nef === undefined ? ok(null) : parseNef(request.nef);
  if (!nef.ok) return nef;
  const text = request.manifest;
  const manifest = text === undefined ? ok(undefined) : parseManifestText(text);
  if (!manifest.ok) return manifest;
  const data = request.data === undefined ? ok(null) : parseDeployData(request.data);
  if (!data.ok) return data;
  return ok({
    nef: nef.value?.bytes ?? null,
    manifestJson: text ?? null,
    data: data.value,
    name: manifest.value?.name,
  });
}
