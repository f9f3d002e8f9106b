/**
 * The content of a version as it stands in the store, for whoever has to prove that it is what was deployed. Always
 * read from the store and never from the isolate's memory (runnable.ts), which would hide a changed byte; and read as
 * text, so that columns which are no JSON any more are told apart from a store that does not answer.
 */
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import { type Content, hashContent } from './compiling.ts';
import { functionVersions } from './tables.ts';

export interface StoredContent extends Content {
  /** As it stands beside the content. */
  readonly codeHash: string;
  /** What the content itself hashes to. */
  readonly contentHash: string;
}

/** Undefined also for columns that are no content any more. */
export async function loadStoredContent(
  db: Database,
  accountId: string,
  versionId: string,
): Promise<StoredContent | undefined> {
  const { secrets, permissions, limits, inputSchema } = functionVersions;
  const [row] = await db
    .select({
      source: functionVersions.source,
      codeHash: functionVersions.codeHash,
      secrets: sql<string>`${secrets}`,
      permissions: sql<string>`${permissions}`,
      limits: sql<string>`${limits}`,
      inputSchema: sql<string>`coalesce(${inputSchema}, 'null')`,
    })
    .from(functionVersions)
    .where(
      and(eq(functionVersions.versionId, versionId), eq(functionVersions.accountId, accountId)),
    );
  return row && toContent(row);
}

type ContentRow = { readonly [Name in keyof Content | 'codeHash']: string };

function toContent({ source, codeHash, ...json }: ContentRow): StoredContent | undefined {
  try {
    const content = {
      source,
      // Of whatever form: what was not deployed does not hash to what was.
      secrets: JSON.parse(json.secrets) as Content['secrets'],
      permissions: JSON.parse(json.permissions) as Content['permissions'],
      limits: JSON.parse(json.limits) as Content['limits'],
      inputSchema: JSON.parse(json.inputSchema) as Content['inputSchema'],
    };
    return { ...content, codeHash, contentHash: hashContent(content) };
  } catch {
    return undefined;
  }
}
