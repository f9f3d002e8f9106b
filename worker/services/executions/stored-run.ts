/**
 * What is stored of a run, read and opened for an export or a replay. Everything comes from the stores themselves and
 * not from the isolate's memory, which would hide a changed byte. A receipt that is not one any more, or belongs to
 * another execution, is refused here; chunks that were changed do not open.
 */
import { sql } from 'drizzle-orm';
import type {
  ExecutionDetail,
  SignedReceipt,
} from '../../../durable-objects/account-journal/rpc.ts';
import { type Receipt, receiptHash, receiptSchema } from '../../core/receipt/receipt.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { hashContent } from '../functions/index.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { journalOf } from './deps.ts';
import { decodeJournalFile, type JournalFile, journalContext } from './journal-file.ts';
import type { ExecutionKey } from './service.ts';

export interface StoredReceipt {
  readonly receipt: Receipt;
  readonly signed: SignedReceipt;
}

export function receiptOf(
  detail: ExecutionDetail,
): Result<
  StoredReceipt,
  'functions.execution_not_ended' | 'functions.receipt_not_made' | 'signing.signature_invalid'
> {
  const { receipt: signed, endedAt, id } = detail;
  if (!signed)
    return err(
      endedAt === undefined ? 'functions.execution_not_ended' : 'functions.receipt_not_made',
    );
  const receipt = parseReceipt(signed.json);
  const isOwn = receipt?.executionId === id && receiptHash(receipt) === signed.hash;
  return isOwn ? ok({ receipt, signed }) : err('signing.signature_invalid');
}

function parseReceipt(json: string): Receipt | undefined {
  try {
    return receiptSchema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

type Content = Parameters<typeof hashContent>[0];

export interface StoredContent extends Content {
  /** As it stands beside the content; whether it is the content's own is for the replay to say. */
  readonly codeHash: string;
}

export interface StoredRun extends StoredReceipt {
  readonly detail: ExecutionDetail;
  readonly content: StoredContent;
  readonly file: JournalFile;
}

export async function openStoredRun(
  context: RequestContext,
  { accountId, executionId }: ExecutionKey,
): Promise<Result<StoredRun>> {
  const journal = journalOf(context, accountId);
  const detail = await journal.getExecution(executionId);
  if (!detail.ok) return detail;
  const receipt = receiptOf(detail.value);
  if (!receipt.ok) return receipt;
  const stored = await journal.getJournal(executionId);
  if (!stored.ok) return stored;
  const content = await loadContent(context.db, accountId, detail.value.versionId);
  if (!content) return err('request.not_found');
  const wrapped = await dataKeyOf(context, accountId);
  if (!wrapped.ok) return wrapped;
  const opened = await context.env.BRIDGE.open({
    accountId,
    wrappedKey: wrapped.value,
    items: stored.value.sealedJournal.map((sealed, index) => ({
      context: journalContext(executionId, index),
      sealed,
    })),
  });
  if (!opened.ok) return opened;
  const file = decodeJournalFile(opened.value);
  // A chunk that is missing at the end leaves the others sound, but no whole text.
  if (!file) return err('secrets.undecryptable');
  return ok({ ...receipt.value, detail: detail.value, content, file });
}

type ContentRow = { readonly [Name in keyof StoredContent]: string };

async function loadContent(
  db: Database,
  accountId: string,
  versionId: string,
): Promise<StoredContent | undefined> {
  const [row] =
    await db.all<ContentRow>(sql`SELECT source, code_hash AS codeHash, secrets, permissions, limits,
    coalesce(input_schema, 'null') AS inputSchema FROM function_versions
    WHERE version_id = ${versionId} AND account_id = ${accountId}`);
  return row && toContent(row);
}

/** Undefined also for columns that are not JSON any more. */
function toContent({ source, codeHash, ...json }: ContentRow): StoredContent | undefined {
  try {
    const { secrets, permissions, limits, inputSchema } = json;
    return {
      source,
      codeHash,
      secrets: JSON.parse(secrets) as Content['secrets'],
      permissions: JSON.parse(permissions) as Content['permissions'],
      limits: JSON.parse(limits) as Content['limits'],
      inputSchema: JSON.parse(inputSchema) as Content['inputSchema'],
    };
  } catch {
    return undefined;
  }
}
