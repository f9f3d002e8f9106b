/**
 * Checks an exported audit log without asking anyone. It recomputes every hash from the first entry
 * on, compares each checkpoint with the entry it names, and holds the log against the last
 * checkpoint the reader already knows, which no holder of the storage can change. It answers the
 * first bad place. What it finds: a changed field, a dropped, inserted or swapped entry, a cut at
 * either end, a chain made anew from some point on, another account's log.
 *
 * Signatures are checked by a function of the caller's (crypto/signature.ts with the published
 * keys). Without it the summary says `signatures: 'unchecked'`: hashes then prove consistency, not
 * origin.
 */
import * as z from 'zod';
import type { Signature } from '../crypto/signature.ts';
import { encodeCheckpoint, type SignedCheckpoint, signedCheckpointSchema } from './checkpoint.ts';
import {
  type AuditEntry,
  auditEntrySchema,
  type ChainHead,
  genesisHead,
  hashEntry,
} from './entry.ts';

const auditExportSchema = z.strictObject({
  accountId: z.string(),
  entries: z.array(auditEntrySchema).readonly(),
  checkpoints: z.array(signedCheckpointSchema).readonly(),
});
export type AuditExport = Readonly<z.infer<typeof auditExportSchema>>;

export type AuditFaultKind =
  | 'malformed'
  | 'entry_missing'
  | 'entry_misplaced'
  | 'entry_changed'
  | 'chain_broken'
  | 'truncated'
  | 'checkpoint_missing'
  | 'checkpoint_mismatch'
  | 'signature_invalid'
  | 'other_account';

/**
 * The first bad place. `sequence` is the entry's or checkpoint's number; 0 when the file as a whole
 * is bad.
 */
export interface AuditFault {
  readonly kind: AuditFaultKind;
  readonly sequence: number;
  readonly detail: string;
}

export interface AuditSummary {
  readonly accountId: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly lastHash: string;
  readonly checkpoints: number;
  readonly signatures: 'checked' | 'unchecked';
  /** The last entry under a signed checkpoint; later ones are protected by the chain alone. */
  readonly coveredThrough: number;
  /** The newest checkpoint: what to keep as `lastKnown` for the next verification. */
  readonly newestCheckpoint?: SignedCheckpoint;
}

export type AuditVerdict =
  | { readonly ok: true; readonly value: AuditSummary }
  | { readonly ok: false; readonly failure: AuditFault };

export interface AuditVerification {
  readonly log: AuditExport;
  /** The newest checkpoint of an earlier verification, from the reader's own store. */
  readonly lastKnown?: SignedCheckpoint;
  readonly isSigned?: (payload: Uint8Array, signature: Signature) => boolean;
}

export function parseAuditExport(
  file: unknown,
): { readonly ok: true; readonly value: AuditExport } | { ok: false; failure: AuditFault } {
  const parsed = auditExportSchema.safeParse(file);
  if (parsed.success) return { ok: true, value: parsed.data };
  const place = parsed.error.issues[0];
  const [list, index] = place?.path ?? [];
  const sequence = list === 'entries' && typeof index === 'number' ? index + 1 : 0;
  return {
    ok: false,
    failure: fault('malformed', sequence, `${place?.path.join('/')}: ${place?.message}`),
  };
}

export function verifyAuditExport(verification: AuditVerification): AuditVerdict {
  const { log, isSigned } = verification;
  const failure =
    findCheckpointFault(verification) ??
    findBeginningFault(verification) ??
    findChainFault(verification) ??
    findEndFault(verification);
  if (failure !== undefined) return { ok: false, failure };
  const [first, last] = [log.entries[0], log.entries.at(-1)];
  const newest = log.checkpoints.at(-1) ?? verification.lastKnown;
  return {
    ok: true,
    value: {
      accountId: log.accountId,
      firstSequence: first?.sequence ?? 0,
      lastSequence: last?.sequence ?? 0,
      lastHash: last?.hash ?? genesisHead(log.accountId).hash,
      checkpoints: log.checkpoints.length,
      signatures: isSigned === undefined ? 'unchecked' : 'checked',
      coveredThrough: newest?.checkpoint.sequence ?? 0,
      ...(newest === undefined ? {} : { newestCheckpoint: newest }),
    },
  };
}

const fault = (kind: AuditFaultKind, sequence: number, detail: string): AuditFault => ({
  kind,
  sequence,
  detail,
});

/** The checkpoints among themselves: of this account, in order, none left out, each signed. */
function findCheckpointFault({
  log,
  lastKnown,
  isSigned,
}: AuditVerification): AuditFault | undefined {
  let previous: SignedCheckpoint | undefined;
  const all = lastKnown === undefined ? log.checkpoints : [lastKnown, ...log.checkpoints];
  for (const { checkpoint, signature } of all) {
    const { sequence } = checkpoint;
    if (checkpoint.accountId !== log.accountId)
      return fault('other_account', sequence, 'a checkpoint belongs to another account');
    if (isSigned !== undefined && !isSigned(encodeCheckpoint(checkpoint), signature))
      return fault('signature_invalid', sequence, 'the signature of a checkpoint is not valid');
  }
  for (const signed of log.checkpoints) {
    const { sequence, entries, cutBefore } = signed.checkpoint;
    const before = previous?.checkpoint;
    if (before !== undefined && sequence - entries !== before.sequence)
      return fault('checkpoint_missing', sequence, `it does not follow on ${before.sequence}`);
    if (cutBefore > sequence || (before !== undefined && cutBefore < before.cutBefore))
      return fault('checkpoint_mismatch', sequence, 'the announced cut is not possible');
    previous = signed;
  }
  return undefined;
}

/**
 * A log may begin after 1 only where the reader's own checkpoint ends, or a checkpoint announced a
 * cut.
 */
function findBeginningFault({ log, lastKnown }: AuditVerification): AuditFault | undefined {
  const first = log.entries[0];
  if (first === undefined) return undefined;
  const announced = log.checkpoints.at(-1)?.checkpoint.cutBefore ?? 1;
  const known = lastKnown === undefined ? 1 : lastKnown.checkpoint.sequence + 1;
  const needed = Math.max(known, announced, lastKnown?.checkpoint.cutBefore ?? 1);
  if (first.sequence > needed)
    return fault('entry_missing', needed, `the log begins at ${first.sequence}`);
  const anchor = findAnchor({ log, lastKnown }, first.sequence);
  if (anchor === undefined)
    return fault('checkpoint_missing', first.sequence - 1, 'nothing vouches for the first entry');
  if (anchor.hash !== first.previousHash)
    return fault('chain_broken', first.sequence, 'the first entry does not follow on its anchor');
  return undefined;
}

/** What the first entry must follow on: the account's genesis, or a checkpoint just before it. */
function findAnchor(
  { log, lastKnown }: { log: AuditExport; lastKnown: SignedCheckpoint | undefined },
  firstSequence: number,
): ChainHead | undefined {
  if (firstSequence === 1) return genesisHead(log.accountId);
  const all = lastKnown === undefined ? log.checkpoints : [lastKnown, ...log.checkpoints];
  const anchor = all.find(({ checkpoint }) => checkpoint.sequence === firstSequence - 1);
  if (anchor !== undefined) return anchor.checkpoint;
  // An overlapping export begins before the known checkpoint; the entry at that checkpoint then
  // binds all before it.
  const overlaps = lastKnown !== undefined && firstSequence <= lastKnown.checkpoint.sequence;
  const first = log.entries[0];
  return overlaps && first !== undefined
    ? { sequence: firstSequence - 1, hash: first.previousHash }
    : undefined;
}

function findChainFault(verification: AuditVerification): AuditFault | undefined {
  const promised = promisedHashes(verification);
  let previous: AuditEntry | undefined;
  for (const entry of verification.log.entries) {
    const failure = findEntryFault(entry, previous);
    if (failure !== undefined) return failure;
    const promise = promised.get(entry.sequence);
    if (promise !== undefined && promise !== entry.hash)
      return fault('checkpoint_mismatch', entry.sequence, 'a checkpoint promised another hash');
    previous = entry;
  }
  return undefined;
}

function findEntryFault(
  entry: AuditEntry,
  previous: AuditEntry | undefined,
): AuditFault | undefined {
  const { sequence } = entry;
  const expected = previous === undefined ? sequence : previous.sequence + 1;
  if (sequence > expected)
    return fault('entry_missing', expected, `${sequence} stands in its place`);
  if (sequence < expected)
    return fault('entry_misplaced', expected, `${sequence} stands in its place`);
  if (previous !== undefined && entry.previousHash !== previous.hash)
    return fault('chain_broken', sequence, 'it does not name the hash of the entry before it');
  if (hashEntry(entry) !== entry.hash)
    return fault('entry_changed', sequence, 'its content does not give its hash');
  return undefined;
}

function promisedHashes({ log, lastKnown }: AuditVerification): ReadonlyMap<number, string> {
  const promised = new Map<number, string>();
  for (const { checkpoint } of log.checkpoints) promised.set(checkpoint.sequence, checkpoint.hash);
  // Last, so that the reader's own promise wins over one in the file with the same number.
  if (lastKnown !== undefined)
    promised.set(lastKnown.checkpoint.sequence, lastKnown.checkpoint.hash);
  return promised;
}

/** A log must reach at least as far as anything that was promised about it. */
function findEndFault({ log, lastKnown }: AuditVerification): AuditFault | undefined {
  const last = log.entries.at(-1)?.sequence ?? 0;
  const promised = Math.max(
    lastKnown?.checkpoint.sequence ?? 0,
    log.checkpoints.at(-1)?.checkpoint.sequence ?? 0,
  );
  return last < promised
    ? fault('truncated', last + 1, `a checkpoint covers entries up to ${promised}`)
    : undefined;
}
