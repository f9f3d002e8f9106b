/**
 * A checkpoint is the log's promise: at this sequence the hash was this. It is signed by the
 * bridge, whose key the object does not have, so whoever steals or edits the storage cannot rewrite
 * what a checkpoint covers. It also announces up to where retention will cut: entries go only after
 * a signed checkpoint said so, hence a missing beginning is either announced or a fault. `entries`
 * counts from the checkpoint before, so a dropped one shows.
 *
 * Accepted weakness: entries after the last checkpoint (at most 100, or one hour) are protected by
 * the chain alone.
 */
import * as z from 'zod';
import { encodeCanonicalJson } from '../canonical-json.ts';
import { signatureSchema } from '../crypto/signature.ts';
import { hashSchema, sequenceSchema } from './entry.ts';
import { LIMITS } from './limits.ts';

export const checkpointSchema = z.strictObject({
  accountId: z.string(),
  sequence: sequenceSchema,
  hash: hashSchema,
  /** How many entries it covers beyond the checkpoint before it. */
  entries: z.int().min(1),
  at: z.iso.datetime(),
  /** Entries before this sequence may be gone. 1 when nothing was ever cut. */
  cutBefore: sequenceSchema,
});
export type AuditCheckpoint = Readonly<z.infer<typeof checkpointSchema>>;

export const signedCheckpointSchema = z.strictObject({
  checkpoint: checkpointSchema.readonly(),
  signature: signatureSchema.readonly(),
});
export type SignedCheckpoint = Readonly<z.infer<typeof signedCheckpointSchema>>;

/** What is signed, with purpose `audit-checkpoint`. */
export const encodeCheckpoint = (checkpoint: AuditCheckpoint): Uint8Array =>
  encodeCanonicalJson(checkpoint);

/** When a checkpoint over the uncovered entries is due; undefined when there are none. */
export function checkpointDueAt(uncovered: {
  readonly entries: number;
  readonly firstAt: number;
  readonly now: number;
}): number | undefined {
  if (uncovered.entries === 0) return undefined;
  const byTime = uncovered.firstAt + LIMITS.auditCheckpointSeconds.value * 1000;
  return uncovered.entries >= LIMITS.auditCheckpointEntries.value
    ? Math.min(uncovered.now, byTime)
    : byTime;
}
