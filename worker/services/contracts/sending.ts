/**
 * A call of a contract as a transaction of a wallet. The wallet is on the contract's own network:
 * the same hash on another one is another contract (money rule M1). What the wallet signs, its
 * policy decides; nothing in here knows better.
 */
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { parseScopes, type ScopesRequest, type TransactionRequest } from '../transactions/index.ts';
import { type ChainWalletRow, loadChainWallet } from '../wallets/index.ts';
import { toScript } from './script.ts';

export interface SendingRequest extends ScopesRequest {
  readonly walletId: string;
  readonly systemFeeMax?: string | undefined;
  readonly networkFeeMax?: string | undefined;
  readonly windowBlocks?: number | undefined;
  readonly expiresInMinutes?: number | undefined;
  readonly note?: string | undefined;
  readonly requestId?: string | undefined;
}

type WalletFailure = 'transactions.wallet_unknown' | 'wallets.retired';

/** Told before a node is asked anything about it. */
export async function openWallet(
  { db }: RequestContext,
  accountId: string,
  walletId: string,
): Promise<Result<ChainWalletRow, WalletFailure>> {
  const wallet = await loadChainWallet(db, accountId, walletId);
  if (!wallet)
    return err('transactions.wallet_unknown', {
      fields: [{ pointer: '/walletId', detail: 'is not a wallet of this account' }],
    });
  return wallet.status === 'retired' ? err('wallets.retired') : ok(wallet);
}

/** The same, of a wallet that can call a contract of this network. */
export async function openWalletOn(
  context: RequestContext,
  place: { readonly accountId: string; readonly networkMagic: number },
  walletId: string,
): Promise<Result<ChainWalletRow, WalletFailure>> {
  const wallet = await openWallet(context, place.accountId, walletId);
  if (!wallet.ok || wallet.value.networkMagic === place.networkMagic) return wallet;
  const detail = 'is a wallet of another network than the contract';
  return err('transactions.wallet_unknown', { fields: [{ pointer: '/walletId', detail }] });
}

export function toTransactionRequest(
  request: SendingRequest,
  signer: ScriptHash,
  call: ContractCall,
): Result<TransactionRequest, 'request.malformed' | 'transactions.script_refused'> {
  const scopes = parseScopes(request);
  if (!scopes.ok) return scopes;
  const script = toScript(call);
  if (!script.ok) return script;
  const { walletId, windowBlocks, expiresInMinutes, note, requestId } = request;
  return ok({
    walletId,
    script: script.value,
    signer,
    scopes: scopes.value,
    systemFeeMax: toFee(request.systemFeeMax),
    networkFeeMax: toFee(request.networkFeeMax),
    windowBlocks,
    expiresInMinutes,
    note,
    requestId,
  });
}

/** Of the form that the schema asks for. */
const toFee = (text: string | undefined) => (text === undefined ? undefined : BigInt(text));
