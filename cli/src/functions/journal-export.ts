/**
 * The file of `executions.getJournal`, read as what it is: a file of somebody's, in which anything
 * can stand.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import type { Journal } from '../../../worker/core/functions-runtime/journal.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { DEVPACK_MODULES } from '../../../worker/core/functions-runtime/permissions.ts';
import { type Receipt, receiptSchema } from '../../../worker/core/receipt/receipt.ts';
import { usage } from '../failure.ts';

const startSchema = z.strictObject({
  type: z.literal('start'),
  runtimeVersion: z.string(),
  seed: z.string().regex(/^[0-9a-f]{64}$/),
  clockMs: z.int(),
  // Bounded here too: a file must not make this machine compute for hours.
  limits: z.strictObject({
    fuel: z.int().min(1).max(LIMITS.fuelMax.value),
    memoryBytes: z.int().min(LIMITS.memoryBytesMin.value).max(LIMITS.memoryBytesMax.value),
  }),
  permissions: z.strictObject({
    modules: z.array(z.enum(DEVPACK_MODULES)),
    httpHosts: z.array(z.string()),
  }),
  entryForm: z.union([
    z.strictObject({ kind: z.literal('expression'), end: z.int().min(0) }),
    z.strictObject({ kind: z.literal('module') }),
  ]),
  context: z.strictObject({ functionId: z.string(), accountId: z.string() }),
  secretVersionIds: z.array(z.string()),
});

const answerSchema = z.union([
  z.strictObject({ ok: z.literal(true), value: z.json() }),
  z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);

const laterSchema = z.union([
  z.strictObject({
    type: z.literal('call'),
    index: z.int().min(0),
    kind: z.string(),
    request: z.json(),
    answer: answerSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('interrupt'), reason: z.enum(['timed_out', 'cancelled']) }),
]);

const exportSchema = z.object({
  formatVersion: z.literal(1),
  source: z.string(),
  input: z.json(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  entries: z.tuple([startSchema], laterSchema),
  receipt: receiptSchema,
  signature: z.unknown(),
});

export interface JournalExport {
  readonly source: string;
  readonly input: JsonValue;
  readonly salt: Uint8Array;
  readonly entries: Journal;
  readonly receipt: Receipt;
  readonly signature: unknown;
}

export function parseJournalExport(value: unknown, origin: string): JournalExport {
  const parsed = exportSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw usage(
      `${origin} is not an exported journal: ${issue?.path.join('/')}: ${issue?.message}`,
    );
  }
  const { entries, salt, ...rest } = parsed.data;
  // The schema says the same as the type, but for error codes, which may be newer than this
  // program.
  return { ...rest, salt: hexToBytes(salt), entries: entries as unknown as Journal };
}
