/** Receipts and journals: what proves a run, and what a replay elsewhere needs. */
import { ok } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { journalOf } from './deps.ts';
import type { ExecutionKey } from './service.ts';
import { openStoredRun, receiptOf } from './stored-run.ts';
import type { Execution } from './views.ts';

export async function getReceipt(context: RequestContext, key: ExecutionKey) {
  const detail = await journalOf(context, key.accountId).getExecution(key.executionId);
  if (!detail.ok) return detail;
  const stored = receiptOf(detail.value);
  if (!stored.ok) return stored;
  const { receipt, signed } = stored.value;
  const body = { receipt, signature: signed.signature, hash: signed.hash };
  return ok({ status: 200, body } as const);
}

export async function getJournal(context: RequestContext, key: ExecutionKey) {
  const stored = await openStoredRun(context, key);
  if (!stored.ok) return stored;
  const { receipt, signed, content, file } = stored.value;
  const body = {
    formatVersion: 1,
    executionId: key.executionId,
    codeHash: receipt.codeHash,
    source: content.source,
    entryForm: file.entries[0].entryForm.kind,
    // JSON both; the wire's type only lacks `readonly`.
    input: file.input as WireJson,
    salt: file.salt,
    entries: [...file.entries] as unknown as WireJson[],
    runtimeVersion: receipt.runtimeVersion,
    receipt,
    signature: signed.signature,
  } as const;
  return ok({ status: 200, body } as const);
}

type WireJson = Execution['output'];
