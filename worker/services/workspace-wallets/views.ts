/** Wallets, policies and approvals as they are answered. */
import { toTimestamp } from '../../core/clock.ts';
import { toEtag } from '../../http/etag.ts';
import type { ApprovalRow, PolicyRow, WalletRow } from './store.ts';

export const toWallet = (row: WalletRow) => ({
  id: row.walletId,
  kind: row.kind,
  address: row.address,
  scriptHash: row.scriptHash,
  label: row.label,
  status: row.status,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
});

export const walletAnswer = (row: WalletRow) =>
  ({ status: 200, body: toWallet(row), etag: toEtag(row.revision) }) as const;

const toPolicy = (row: PolicyRow | undefined) => ({
  active: row !== undefined,
  threshold: row?.threshold ?? 0,
  members: [...(row?.members ?? [])],
  updatedAt: row ? toTimestamp(row.updatedAt) : null,
});

export const policyAnswer = (row: PolicyRow | undefined) => ({
  status: 200 as const,
  body: toPolicy(row),
  etag: toEtag(row?.revision ?? 0),
});

export const toApproval = (row: ApprovalRow) => ({
  id: row.approvalId,
  walletId: row.walletId,
  operation: row.operation,
  digest: row.digest,
  layout: row.layout,
  createdAt: toTimestamp(row.createdAt),
  expiresAt: toTimestamp(row.expiresAt),
});
