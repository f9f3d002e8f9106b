/**
 * One line of the hash-chained audit log. The hash of an entry is SHA-256 over a label and the RFC
 * 8785 form of the entry without its hash; the entry names the hash before it, and the first one
 * the hash of the account's id. So a log cannot be changed in any field, cut in the middle,
 * reordered or shown as another account's without the hashes telling. What hashes alone cannot tell
 * (a tail rewritten as a whole) is told by signed checkpoints (checkpoint.ts).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { encodeCanonicalJson } from '../canonical-json.ts';
import { DOMAINS, domainSeparated } from '../crypto/domains.ts';

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
export const sequenceSchema = z.int().min(1);

/** Flat on purpose: facts of an act, readable in a table, and nothing deep to hash. */
const factSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()).readonly(),
]);
export type AuditFact = z.infer<typeof factSchema>;

const actorSchema = z.strictObject({
  kind: z.enum(['operator', 'apiKey', 'session', 'system']),
  id: z.string(),
  name: z.string().exactOptional(),
});
export type AuditActor = Readonly<z.infer<typeof actorSchema>>;

const draftShape = {
  /** RFC 3339; when the act happened, which may be a little before it was chained. */
  at: z.iso.datetime(),
  actor: actorSchema.readonly(),
  /** An operationId (`secrets.createSecret`) or another dotted word (`execution.finished`). */
  operation: z.string(),
  outcome: z.string(),
  target: z.strictObject({ kind: z.string(), id: z.string() }).readonly().exactOptional(),
  requestId: z.string().exactOptional(),
  traceId: z.string().exactOptional(),
  details: z.record(z.string(), factSchema).readonly().exactOptional(),
} as const;

export const auditDraftSchema = z.strictObject(draftShape);
/** What is known of an act before it has a place in the chain. */
export type AuditDraft = Readonly<z.infer<typeof auditDraftSchema>>;

export const auditEntrySchema = z.strictObject({
  sequence: sequenceSchema,
  id: z.string(),
  ...draftShape,
  previousHash: hashSchema,
  hash: hashSchema,
});
export type AuditEntry = Readonly<z.infer<typeof auditEntrySchema>>;

/** Where a chain stands: the next entry gets `sequence + 1` and names `hash`. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Bound to the account, so that a whole log moved to another account does not verify there. */
export const genesisHead = (accountId: string): ChainHead => ({
  sequence: 0,
  hash: bytesToHex(sha256(domainSeparated(DOMAINS.auditGenesis, utf8ToBytes(accountId)))),
});

export function chainEntry(head: ChainHead, id: string, draft: AuditDraft): AuditEntry {
  const unhashed = { ...draft, sequence: head.sequence + 1, id, previousHash: head.hash };
  return { ...unhashed, hash: hashUnhashed(unhashed) };
}

/** Recomputes the hash an entry should carry from everything else in it. */
export function hashEntry(entry: AuditEntry): string {
  const { hash: _carried, ...unhashed } = entry;
  return hashUnhashed(unhashed);
}

const hashUnhashed = (unhashed: Omit<AuditEntry, 'hash'>): string =>
  bytesToHex(sha256(domainSeparated(DOMAINS.auditEntry, encodeCanonicalJson(unhashed))));
