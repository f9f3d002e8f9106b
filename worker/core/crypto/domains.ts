/**
 * Every place where we hash, derive or sign starts its input with one of these labels, so that
 * bytes made for one purpose can never be passed off as bytes of another. A label ends with 0x00,
 * which no label contains: no label with its end is a prefix of another, whatever follows. Labels
 * are never reused; a changed format gets the next number.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export const DOMAINS = {
  wrappingKey: 'neo-service-layer/wrapping-key/v1',
  masterKeyCheck: 'neo-service-layer/master-key-check/v1',
  masterKeyId: 'neo-service-layer/master-key-id/v1',
  dataKeyCheck: 'neo-service-layer/data-key-check/v1',
  dataKeyId: 'neo-service-layer/data-key-id/v1',
  signingKeyId: 'neo-service-layer/signing-key-id/v1',
  sessionKey: 'neo-service-layer/session-key/v1',
  sessionKeyId: 'neo-service-layer/session-key-id/v1',
  keyExport: 'neo-service-layer/key-export/v1',
  wrappedDataKey: 'neo-service-layer/wrapped-data-key/v1',
  sealedItem: 'neo-service-layer/sealed-item/v1',
  receiptSignature: 'neo-service-layer/receipt/v1',
  auditCheckpointSignature: 'neo-service-layer/audit-checkpoint/v1',
  auditGenesis: 'neo-service-layer/audit-genesis/v1',
  auditEntry: 'neo-service-layer/audit-entry/v1',
  receiptInput: 'neo-service-layer/receipt-input/v1',
  receiptJournal: 'neo-service-layer/receipt-journal/v1',
  receiptOutput: 'neo-service-layer/receipt-output/v1',
  trialBalanceSignature: 'neo-service-layer/trial-balance/v1',
  sumTreeLeaf: 'neo-service-layer/sum-tree-leaf/v1',
  sumTreeNode: 'neo-service-layer/sum-tree-node/v1',
  sumTreeEmpty: 'neo-service-layer/sum-tree-empty/v1',
  treeAnchor: 'neo-service-layer/tree-anchor/v1',
  withdrawalId: 'neo-service-layer/withdrawal-id/v1',
} as const;
export type Domain = (typeof DOMAINS)[keyof typeof DOMAINS];

const END_OF_LABEL = Uint8Array.of(0);

/**
 * label || 0x00 || chunks. All chunks but the last must be of fixed length, else their border is
 * ambiguous.
 */
export const domainSeparated = (domain: Domain, ...chunks: readonly Uint8Array[]): Uint8Array =>
  concatBytes(utf8ToBytes(domain), END_OF_LABEL, ...chunks);
