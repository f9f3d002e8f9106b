/** Wallets and verdicts in the form of the contract. */
import { toTimestamp } from '../../core/clock.ts';
import type { PolicyVerdict } from '../../core/wallets/wallet-policy.ts';
import { toEtag } from '../../http/etag.ts';
import type { ListedWallet, WalletRow } from './store.ts';

export const toWallet = (row: ListedWallet) => ({
  id: row.walletId,
  network: row.network,
  networkMagic: row.networkMagic,
  address: row.address,
  scriptHash: row.scriptHash,
  publicKey: row.publicKey,
  label: row.label,
  exportable: row.exportable,
  status: row.status,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  retiredAt: row.retiredAt === null ? null : toTimestamp(row.retiredAt),
  exportedAt: row.exportedAt === null ? null : toTimestamp(row.exportedAt),
});

export const walletAnswer = (row: WalletRow) =>
  ({ status: 200, body: toWallet(row), etag: toEtag(row.revision) }) as const;

/** Wallet and policy are one row, and so have one revision. */
export const policyAnswer = ({ policy, revision }: WalletRow) => ({
  status: 200 as const,
  body: {
    ...policy,
    contracts: policy.contracts.map(({ contract, methods }) => ({
      contract,
      methods: methods && [...methods],
    })),
    tokens: [...policy.tokens],
    scopes: [...policy.scopes],
    customContracts: [...policy.customContracts],
  },
  etag: toEtag(revision),
});

export const toVerdict = (verdict: PolicyVerdict) => ({
  verdict: verdict.kind,
  approvals: verdict.kind === 'approvals' ? verdict.approvals : null,
  reasons: verdict.kind === 'allowed' ? [] : [...verdict.reasons],
  spends:
    verdict.kind === 'refused'
      ? []
      : [...verdict.spends.amounts].map(([token, amount]) => ({
          token,
          amount: amount.toString(),
        })),
});
