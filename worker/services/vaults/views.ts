/** Vaults, wallets of the platform and deposits in the form of the contract. */
import { toTimestamp } from '../../core/clock.ts';
import { formatGas, fromStored } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import { toEtag } from '../../http/etag.ts';
import type { DepositRow } from './deposit-store.ts';
import type { PlatformWalletRow, VaultRow } from './store.ts';

export const toPlatformWallet = (row: PlatformWalletRow) => ({
  id: row.walletId,
  network: row.network,
  networkMagic: row.networkMagic,
  purpose: row.purpose,
  address: row.address,
  scriptHash: row.scriptHash,
  publicKey: row.publicKey,
  status: row.status,
  refillRule: row.refillRule && {
    below: formatGas(BigInt(row.refillRule.below)),
    upTo: formatGas(BigInt(row.refillRule.upTo)),
  },
  watchedHeight: row.watchedHeight,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  retiredAt: row.retiredAt === null ? null : toTimestamp(row.retiredAt),
});

export const platformWalletAnswer = (row: PlatformWalletRow) =>
  ({ status: 200, body: toPlatformWallet(row), etag: toEtag(row.revision) }) as const;

export const toVault = (row: VaultRow) => ({
  network: row.network,
  networkMagic: row.networkMagic,
  contract: row.contract,
  address: encodeAddress(row.contract),
  operatorWalletId: row.operatorWalletId,
  minimumDeposit: formatGas(fromStored(row.minimumDeposit)),
  funding: row.funding.map((account) => encodeAddress(account)),
  watchedHeight: row.watchedHeight,
  bookedHeight: row.bookedHeight,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
});

const addressOf = (account: ScriptHash | null): string | null =>
  account === null ? null : encodeAddress(account);

export const toDeposit = (row: DepositRow) => ({
  id: row.depositId,
  network: row.network,
  networkMagic: row.networkMagic,
  gasAccountId: row.gasAccountId,
  amount: formatGas(fromStored(row.amount)),
  from: addressOf(row.fromScriptHash),
  transactionHash: row.transactionHash,
  blockIndex: row.height,
  status: row.status,
  reason: row.reason,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
});

export const toPlatformDeposit = (row: DepositRow) => ({
  ...toDeposit(row),
  accountId: row.accountId,
  to: encodeAddress(row.toScriptHash),
  chainKey: row.chainKey,
});
