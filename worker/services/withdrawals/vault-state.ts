/** The vault that pays, and what it may pay today; by the word of one node, since the contract itself decides. */

import type { VaultPayment } from '../../chain/contracts/gas-vault.ts';
import { gasVault } from '../../chain/contracts/gas-vault.ts';
import { readAll } from '../../chain/invoker.ts';
import { decideQuote, type EndpointQuote } from '../../chain/sender-steps/quote.ts';
import { rpcSenderEndpoint } from '../../chain/sender-steps/rpc-endpoint.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { encodeSignatureScript } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ReleaseFees } from '../../core/withdrawals/fee.ts';
import type { Database } from '../../db/connect.ts';
import type { Network } from '../chain/index.ts';
import {
  listPlatformWallets,
  loadVault,
  type PlatformWalletRow,
  type VaultRow,
} from '../vaults/index.ts';
import { draftPayment } from './payment.ts';

export interface PayingVault {
  readonly vault: VaultRow;
  readonly operator: PlatformWalletRow;
}

/** Undefined while the network has no vault, or nobody who could sign for it. */
export async function findPayingVault(
  db: Database,
  magic: number,
): Promise<PayingVault | undefined> {
  const vault = await loadVault(db, magic);
  if (vault === undefined) return undefined;
  const wallets = await listPlatformWallets(db, magic);
  const operator = wallets.find(
    ({ walletId, purpose }) => walletId === vault.operatorWalletId && purpose === 'operator',
  );
  return operator && { vault, operator };
}

export interface VaultDay {
  readonly isPaused: boolean;
  /** Datoshi of a UTC day, and of today. */
  readonly cap: bigint;
  readonly spent: bigint;
}

/** Null while no node tells. */
export async function readVaultDay(
  { client }: Network,
  contract: ScriptHash,
  method: VaultPayment['method'],
): Promise<VaultDay | null> {
  const vault = gasVault(contract);
  const day =
    method === 'release'
      ? ([vault.releaseCap(), vault.releasedToday()] as const)
      : ([vault.refillCap(), vault.refilledToday()] as const);
  const answer = await readAll<readonly [boolean, bigint, bigint]>(client, [
    vault.isPaused(),
    ...day,
  ]);
  if (answer.kind !== 'value') return null;
  const [isPaused, cap, spent] = answer.value;
  return { isPaused, cap, spent };
}

/** M14: by a quorum, since whoever lies about it makes the customer pay. */
export async function quotePayment(
  { client, settings }: Network,
  { vault, operator }: PayingVault,
  payment: VaultPayment,
): Promise<Result<ReleaseFees, 'withdrawals.would_fault' | 'chain.unavailable'>> {
  const draft = draftPayment(vault.contract, operator.scriptHash, payment);
  const verification = encodeSignatureScript(operator.publicKey);
  const witnesses = [{ invocation: NO_BYTES, verification }];
  const quotes = await Promise.all(
    client.endpoints.map(async (name): Promise<EndpointQuote[]> => {
      const endpoint = rpcSenderEndpoint(client, name);
      const simulation = await endpoint.simulate(draft);
      const networkFee = simulation && (await endpoint.networkFee({ ...draft, witnesses }));
      return simulation === null || networkFee === null ? [] : [{ simulation, networkFee }];
    }),
  );
  const quote = decideQuote(quotes.flat(), settings.quorum);
  if (quote.kind === 'quoted') return ok(quote);
  return quote.kind === 'simulated_fault'
    ? err('withdrawals.would_fault', { detail: quote.detail })
    : err('chain.unavailable', { retryAfterSeconds: 1 });
}
const NO_BYTES = new Uint8Array();
