/** Registered contracts in the form of the contract. */
import { toTimestamp } from '../../core/clock.ts';
import type { ContractRow } from './store.ts';

export const toContract = (row: ContractRow) => ({
  id: row.contractId,
  network: row.network,
  networkMagic: row.networkMagic,
  scriptHash: row.scriptHash,
  label: row.label,
  standing: row.standing,
  name: row.name,
  updateCounter: row.updateCounter,
  nefChecksum: row.nefChecksum,
  supportedStandards: [...row.supportedStandards],
  deploymentTransactionId: row.deploymentTransactionId,
  createdAt: toTimestamp(row.createdAt),
  readAt: row.readAt === null ? null : toTimestamp(row.readAt),
});
