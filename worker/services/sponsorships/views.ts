/** Sponsorships and their policies in the form of the contract. */
import { base64 } from '@scure/base';
import { assert } from '../../core/assert.ts';
import { toTimestamp } from '../../core/clock.ts';
import { formatGas } from '../../core/money.ts';
import { encodeAddress } from '../../core/neo/address.ts';
import { formatSignatureContext } from '../../core/neo/transaction/signature-context.ts';
import { startCollection } from '../../core/neo/transaction/signatures.ts';
import {
  decodeUnsigned,
  type UnsignedTransaction,
} from '../../core/neo/transaction/transaction.ts';
import { toEtag } from '../../http/etag.ts';
import type { PolicyRow } from './policy-store.ts';
import type { ListedSponsorship, SponsorshipRow } from './store.ts';

const timeOrNull = (at: number | null) => (at === null ? null : toTimestamp(at));

export const toPolicy = (row: PolicyRow) => ({
  id: row.policyId,
  network: row.network,
  networkMagic: row.networkMagic,
  gasAccountId: row.gasAccountId,
  name: row.name,
  status: row.status,
  ...row.terms,
  contracts: row.terms.contracts.map(({ contract, methods }) => ({
    contract,
    methods: [...methods],
  })),
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  suspendedAt: timeOrNull(row.suspendedAt),
});

export const policyAnswer = (row: PolicyRow) =>
  ({ status: 200, body: toPolicy(row), etag: toEtag(row.revision) }) as const;

/** Datoshi: what is held from the beginning and taken with either verdict. */
export const costOf = ({
  systemFee,
  networkFee,
}: Pick<SponsorshipRow, 'systemFee' | 'networkFee'>): bigint =>
  BigInt(systemFee) + BigInt(networkFee);

export const toSummary = (row: ListedSponsorship) => ({
  id: row.sponsorshipId,
  requestId: row.requestId,
  policyId: row.policyId,
  gasAccountId: row.gasAccountId,
  network: row.network,
  networkMagic: row.networkMagic,
  sponsor: encodeAddress(row.sponsor),
  signer: encodeAddress(row.signer),
  walletId: row.walletId,
  endUser: row.endUser,
  status: row.status,
  statusSince: toTimestamp(row.statusSince),
  reason: row.reason,
  detail: row.detail,
  hash: row.hash,
  systemFee: formatGas(BigInt(row.systemFee)),
  networkFee: formatGas(BigInt(row.networkFee)),
  cost: formatGas(costOf(row)),
  validUntilBlock: row.validUntilBlock,
  expiresAt: toTimestamp(row.expiresAt),
  blockIndex: row.blockIndex,
  createdBy: row.createdBy,
  createdAt: toTimestamp(row.createdAt),
  updatedAt: toTimestamp(row.updatedAt),
  endedAt: timeOrNull(row.endedAt),
});

export function toSponsorship(row: SponsorshipRow) {
  const collection = startCollection(unsignedOf(row), row.networkMagic);
  return {
    ...toSummary(row),
    transaction: base64.encode(row.unsigned),
    context: { ...formatSignatureContext(collection) },
  };
}
export type SponsorshipBody = ReturnType<typeof toSponsorship>;

/** Written by this service alone, from what was decoded. */
export function unsignedOf({ unsigned }: Pick<SponsorshipRow, 'unsigned'>): UnsignedTransaction {
  const decoded = decodeUnsigned(unsigned);
  assert(decoded.ok, 'a stored transaction is one that was encoded');
  return decoded.value;
}
