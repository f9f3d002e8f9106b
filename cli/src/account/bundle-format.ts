/**
 * * The file of an account export, format version 1. It holds what the API shows of an account and
 * nothing else: no secret values (they leave the vault for no one), no API keys, no executions, no
 * audit log (which has an export of its own). Objects of the API stand in it as they were answered,
 * so a newer platform's fields survive in an older file.
 */
import * as z from 'zod';
import { usage } from '../failure.ts';

const objectSchema = z.record(z.string(), z.unknown());

const functionSchema = z.strictObject({
  function: objectSchema,
  /** Oldest first, each with its source. */
  versions: z.array(objectSchema),
});

const accountFileSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Made at export. Keys of the import come from it, which makes repeating an import safe. */
  exportId: z.string().regex(/^[0-9a-f-]{36}$/),
  exportedAt: z.iso.datetime(),
  from: z.string(),
  account: objectSchema,
  quotas: objectSchema.nullable(),
  wallets: z.array(objectSchema),
  policy: objectSchema.nullable(),
  /** Names, grants and rules; never values. */
  secrets: z.array(objectSchema),
  functions: z.array(functionSchema),
});
export type AccountFile = Readonly<z.infer<typeof accountFileSchema>>;
export type ExportedFunction = AccountFile['functions'][number];

export function parseAccountFile(value: unknown, path: string): AccountFile {
  const parsed = accountFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usage(`${path} is not an account export: ${issue?.path.join('/')}: ${issue?.message}`);
}
