/**
 * Receipts, journals and replays. A replay opens what was stored, runs it again on the runtime it ran on, without any
 * I/O or action, and compares: the stored bytes with the receipt, the receipt with its signature, the new output and
 * fuel with the recorded ones. A changed byte anywhere is found by one of these.
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import type {
  ExecutionDetail,
  SignedReceipt,
} from '../../../durable-objects/account-journal/rpc.ts';
import { prepareGuest, replay, type SecretVersion } from '../../core/functions-runtime/execute.ts';
import { recordedOutcome } from '../../core/functions-runtime/recorded-outcome.ts';
import type { Runtime } from '../../core/functions-runtime/runtime.ts';
import {
  type Receipt,
  receiptSchema,
  saltedHash,
  verifyReceipt,
} from '../../core/receipt/receipt.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { type Turn, takeTurn } from '../../http/turns.ts';
import { findVersion, hashContent, type VersionRow } from '../functions/index.ts';
import { dataKeyOf, openSecretVersions } from '../secrets/index.ts';
import { listSigningKeys } from '../system/index.ts';
import { findRuntime, journalOf } from './deps.ts';
import { decodeJournalFile, type JournalFile, journalContext } from './journal-file.ts';
import type { ExecutionKey } from './service.ts';

/** The receipt as it was signed; only an execution whose code ran has one. */
function receiptOf(
  detail: ExecutionDetail,
): Result<SignedReceipt, 'functions.execution_not_ended' | 'functions.journal_not_kept'> {
  if (detail.receipt) return ok(detail.receipt);
  return err(
    detail.endedAt === undefined ? 'functions.execution_not_ended' : 'functions.journal_not_kept',
  );
}

const parseReceipt = (signed: SignedReceipt): Receipt =>
  receiptSchema.parse(JSON.parse(signed.json));

export async function getReceipt(context: RequestContext, key: ExecutionKey) {
  const detail = await journalOf(context, key.accountId).getExecution(key.executionId);
  if (!detail.ok) return detail;
  const signed = receiptOf(detail.value);
  if (!signed.ok) return signed;
  const { hash, signature } = signed.value;
  const body = { receipt: parseReceipt(signed.value), signature, hash };
  return ok({ status: 200, body } as const);
}

interface Stored {
  readonly detail: ExecutionDetail;
  readonly signed: SignedReceipt;
  readonly version: VersionRow;
  readonly file: JournalFile;
}

async function openStored(context: RequestContext, key: ExecutionKey): Promise<Result<Stored>> {
  const { accountId, executionId } = key;
  const journal = journalOf(context, accountId);
  const detail = await journal.getExecution(executionId);
  if (!detail.ok) return detail;
  const signed = receiptOf(detail.value);
  if (!signed.ok) return signed;
  const stored = await journal.getJournal(executionId);
  if (!stored.ok) return stored;
  const version = await findVersion(context.db, accountId, detail.value.versionId);
  if (!version) return err('request.not_found');
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
  return ok({ detail: detail.value, signed: signed.value, version, file });
}

export async function getJournal(context: RequestContext, key: ExecutionKey) {
  const stored = await openStored(context, key);
  if (!stored.ok) return stored;
  const { signed, version, file } = stored.value;
  const receipt = parseReceipt(signed);
  const body = {
    formatVersion: 1,
    executionId: key.executionId,
    codeHash: receipt.codeHash,
    source: version.source,
    entryForm: version.entryForm.kind,
    input: file.input as never,
    salt: file.salt,
    entries: file.entries as never,
    runtimeVersion: receipt.runtimeVersion,
    receipt,
    signature: signed.signature,
  } as const;
  return ok({ status: 200, body } as const);
}

export async function replayExecution(context: RequestContext, key: ExecutionKey) {
  const stored = await openStored(context, key);
  if (!stored.ok) return stored;
  const { file, version, signed } = stored.value;
  const receipt = parseReceipt(signed);
  const runtime = findRuntime(receipt.runtimeVersion);
  if (!runtime) return err('functions.runtime_retired');
  const secrets = await openRecordedSecrets(context, key, stored.value);
  if (!secrets.ok) return secrets;
  const { memoryBytes } = file.entries[0].limits;
  const turn = await takeTurn({ accountId: key.accountId, memoryBytes });
  if (!turn.ok) return turn;
  const again = await replayInTurn(turn.value, { file, version, runtime, secrets: secrets.value });
  const salt = hexToBytes(file.salt);
  const fuel = again.ok ? String(again.value.fuelUsed) : '0';
  const outputHash = again.ok
    ? hashOf('output', salt, recordedOutcome(again.value, secrets.value))
    : '';
  const journalIntact =
    hashOf('journal', salt, file.entries) === receipt.journalHash &&
    hashOf('input', salt, file.input) === receipt.inputHash &&
    hashContent(version) === receipt.codeHash;
  const signatureValid = await isSignatureValid(context, signed);
  const body = {
    equal:
      outputHash === receipt.outputHash && fuel === receipt.fuel && journalIntact && signatureValid,
    outputHash: compare(receipt.outputHash, outputHash),
    fuel: compare(receipt.fuel, fuel),
    journalIntact,
    signatureValid,
    problem: again.ok ? null : (again.failure.detail ?? again.failure.code),
    runtimeVersion: receipt.runtimeVersion,
  };
  return ok({ status: 200, body } as const);
}

const compare = (recorded: string, replayed: string) => ({
  recorded,
  replayed,
  equal: recorded === replayed,
});

function hashOf(part: 'input' | 'journal' | 'output', salt: Uint8Array, value: unknown): string {
  const hash = saltedHash({ part, salt, value });
  return hash.ok ? hash.value : '';
}

async function replayInTurn(
  turn: Turn,
  run: {
    readonly file: JournalFile;
    readonly version: VersionRow;
    readonly runtime: Runtime;
    readonly secrets: readonly SecretVersion[];
  },
) {
  const { file, version, runtime, secrets } = run;
  await turn.compute();
  const guest = prepareGuest(runtime);
  try {
    return await replay({
      runtime,
      guest,
      source: version.source,
      params: file.input,
      secrets,
      journal: file.entries,
    });
  } finally {
    turn.end(guest.vm);
  }
}

async function openRecordedSecrets(
  context: RequestContext,
  { accountId }: ExecutionKey,
  { file, version }: Stored,
): Promise<Result<readonly SecretVersion[]>> {
  const references = file.entries[0].secretVersionIds.map((id) => {
    const at = id.lastIndexOf('@');
    return { id, name: id.slice(0, at), version: Number(id.slice(at + 1)) };
  });
  const use = await openSecretVersions(context, {
    accountId,
    functionId: version.functionId,
    versions: references.map(({ name, version: number }) => ({ name, version: number })),
  });
  if (!use.opened.ok) return use.opened;
  const byName = new Map(use.opened.value.map((secret) => [secret.name, secret.value]));
  return ok(
    references.map(({ id, name }) => ({ name, value: byName.get(name) ?? '', versionId: id })),
  );
}

async function isSignatureValid(context: RequestContext, signed: SignedReceipt): Promise<boolean> {
  const keys = await listSigningKeys(context);
  if (!keys.ok) return false;
  const verified = verifyReceipt({
    receipt: JSON.parse(signed.json) as unknown,
    signature: signed.signature,
    publicKeys: keys.value,
  });
  return verified.ok;
}
