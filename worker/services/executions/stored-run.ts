/**
 * What is stored of a run, read and opened for an export or a replay. Everything comes from the stores themselves and
 * not from the isolate's memory, which would hide a changed byte. A receipt that is not one any more, or belongs to
 * another execution, is refused here; chunks that were changed do not open.
 */
import type {
  ExecutionDetail,
  SignedReceipt,
} from '../../../durable-objects/account-journal/rpc.ts';
import { type Receipt, receiptHash, receiptSchema } from '../../core/receipt/receipt.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { loadStoredContent, type StoredContent } from '../functions/index.ts';
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
  const content = await loadStoredContent(context.db, accountId, detail.value.versionId);
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
