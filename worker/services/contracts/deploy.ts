/**
 * A contract deployed by a transaction of a wallet, and registered in the same batch, so that it is
 * found whatever becomes of the answer. Its hash is known before: that of sender, checksum and name.
 * A deployment that never came to the chain leaves a registration that stays `pending`; deploying
 * again takes it over, since the hash is the same.
 */
import { contractManagement } from '../../chain/contracts/contract-management.ts';
import type { Manifest } from '../../core/neo/contract/manifest.ts';
import { contractHashOf } from '../../core/neo/contract-hash.ts';
import type { ContractParameter } from '../../core/neo/stack-argument.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { creatorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { loadQuotas } from '../accounts/index.ts';
import { proposeWith } from '../transactions/index.ts';
import type { ChainWalletRow } from '../wallets/index.ts';
import { type NefFile, parseDeployData, parseManifestText, parseNef } from './artifacts.ts';
import { wordsOf } from './facts.ts';
import { openWallet, type SendingRequest, toTransactionRequest } from './sending.ts';
import { PLACE_COLUMNS } from './service.ts';
import {
  type ContractRow,
  countContracts,
  insertContract,
  loadContractAt,
  updateContract,
} from './store.ts';
import { toContract } from './views.ts';

export interface DeploymentRequest extends Omit<SendingRequest, 'requestId'> {
  /** Base64. */
  readonly nef: string;
  /** As JSON text. */
  readonly manifest: string;
  readonly data?: unknown;
  readonly label?: string | undefined;
}

interface Artifacts {
  readonly nef: NefFile;
  readonly manifest: Manifest;
  readonly data: ContractParameter | undefined;
}

export async function deployContract(
  context: RequestContext,
  accountId: string,
  request: DeploymentRequest,
) {
  const artifacts = parseArtifacts(request);
  if (!artifacts.ok) return artifacts;
  const wallet = await openWallet(context, accountId, request.walletId);
  if (!wallet.ok) return wallet;
  const { nef, manifest, data } = artifacts.value;
  const sender = wallet.value.scriptHash;
  const call = contractManagement.deploy({
    nef: nef.bytes,
    manifestJson: request.manifest,
    ...(data && { data }),
  });
  const wish = toTransactionRequest(request, sender, call);
  if (!wish.ok) return wish;
  const registered = await registrationOf(context, wallet.value, {
    nef,
    manifest,
    label: request.label,
  });
  if (!registered.ok) return registered;
  const { row, isKnown } = registered.value;
  const sent = await proposeWith(context, accountId, wish.value, (transaction) => {
    const contract = { ...row, deploymentTransactionId: transaction.id };
    return {
      statements: [
        isKnown ? updateContract(context.db, contract) : insertContract(context.db, contract),
      ],
      body: { contract: toContract(contract), transaction },
      // Two at the same time: the other one is registered, and deploys.
      conflicts: { [PLACE_COLUMNS]: { code: 'contracts.already_registered' } },
    };
  });
  return sent.ok ? ok({ status: 201, body: sent.value.body } as const) : sent;
}

function parseArtifacts(request: DeploymentRequest): Result<Artifacts, 'request.malformed'> {
  const nef = parseNef(request.nef);
  if (!nef.ok) return nef;
  const manifest = parseManifestText(request.manifest);
  if (!manifest.ok) return manifest;
  const data = request.data === undefined ? ok(undefined) : parseDeployData(request.data);
  return data.ok ? ok({ nef: nef.value, manifest: manifest.value, data: data.value }) : data;
}

interface Registration {
  readonly row: ContractRow;
  /** It was registered before, e.g. by a deployment that expired. */
  readonly isKnown: boolean;
}

/**
 * The quota is looked at before and not in the batch: of deployments that come together one more
 * than allowed may pass, and pays 10 GAS for it.
 */
async function registrationOf(
  { db, now, principal }: RequestContext,
  wallet: ChainWalletRow,
  { nef, manifest, label }: Omit<Artifacts, 'data'> & { readonly label?: string | undefined },
): Promise<Result<Registration, 'quota.exceeded'>> {
  const { accountId, network, networkMagic, scriptHash: sender } = wallet;
  const nefChecksum = nef.checksum;
  const scriptHash = contractHashOf({ sender, nefChecksum, name: manifest.name });
  const known = await loadContractAt(db, { accountId, networkMagic, scriptHash });
  const told = {
    ...wordsOf(manifest),
    updateCounter: 0,
    nefChecksum,
    standing: 'pending',
  } as const;
  if (known) {
    const row = { ...known, ...told, label: label ?? known.label, readAt: null };
    return ok({ row, isKnown: true });
  }
  const limit = (await loadQuotas(db, accountId)).contracts;
  const observed = await countContracts(db, accountId);
  if (observed >= limit) return err('quota.exceeded', { limit, observed });
  const row = {
    ...told,
    contractId: newId('contract', now),
    accountId,
    network,
    networkMagic,
    scriptHash,
    label: label ?? null,
    deploymentTransactionId: null,
    createdBy: creatorOf(principal),
    createdAt: now,
    readAt: null,
  };
  return ok({ row, isKnown: false });
}
