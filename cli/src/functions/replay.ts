/**
 * * `slctl functions replay`: a past execution once more, without I/O and without actions, and the
 * comparison with its receipt. On the platform it is an operation of the contract; with `--local`
 * it happens here, from an exported journal, and needs to believe nobody: input and journal must
 * hash to what the receipt says, and the run must come out equal.
 */
import { replay } from '../../../worker/core/functions-runtime/execute.ts';
import { recordedOutcome } from '../../../worker/core/functions-runtime/recorded-outcome.ts';
import type { Runtime } from '../../../worker/core/functions-runtime/runtime.ts';
import {
  type ReceiptPart,
  saltedHash,
  verifyReceipt,
} from '../../../worker/core/receipt/receipt.ts';
import { requireAccount, type Session } from '../context.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import type { Io } from '../io.ts';
import { readJsonFile } from '../local-file.ts';
import { isRow } from '../output/cell.ts';
import { printAnswer, type Style } from '../output/print.ts';
import { type ListedKey, publicKeysOf } from '../signing-keys.ts';
import { type JournalExport, parseJournalExport } from './journal-export.ts';
import { loadRuntimes } from './load-runtime.ts';
import { parseSecrets } from './local-input.ts';

export interface ReplayRequest {
  readonly executionId: string | undefined;
  readonly file: string | undefined;
  readonly accountId: string | undefined;
  readonly local: boolean;
  readonly secrets: readonly string[];
  /** Public keys, when the signature is to be checked. */
  readonly keys: readonly ListedKey[] | undefined;
  readonly style: Style;
}

export async function replayExecution(
  io: Io,
  open: () => Promise<Session>,
  request: ReplayRequest,
): Promise<void> {
  const comparison = request.local
    ? await replayHere(io, await readExport(io, open, request), request)
    : await replayThere(await open(), request);
  printAnswer(io, request.style, comparison);
  if (isRow(comparison) && comparison.equal === true) return;
  throw new CliFailure({
    exitCode: EXIT.unverified,
    code: 'functions.replay_differs',
    detail: 'the execution does not replay to what its receipt says',
  });
}

async function replayThere(session: Session, { accountId, executionId }: ReplayRequest) {
  const input = { accountId: requireAccount(session, accountId), executionId };
  return (await session.call('executions.replayExecution', input)).body;
}

async function readExport(
  io: Io,
  open: () => Promise<Session>,
  { file, accountId, executionId }: ReplayRequest,
): Promise<JournalExport> {
  if (file !== undefined) return parseJournalExport(await readJsonFile(io, file), file);
  const session = await open();
  const input = { accountId: requireAccount(session, accountId), executionId };
  const { body } = await session.call('executions.getJournal', input);
  return parseJournalExport(body, 'the answer');
}

interface Compared {
  readonly recorded: string;
  readonly replayed: string;
  readonly equal: boolean;
}

async function replayHere(io: Io, journal: JournalExport, request: ReplayRequest) {
  const secrets = await parseSecrets(io, request.secrets);
  const wanted = journal.entries[0].secretVersionIds.length;
  if (secrets.length !== wanted)
    throw usage(`this execution had ${wanted} secrets: give each with --secret NAME=value`);
  const runtime = await findRuntime(journal.receipt.runtimeVersion);
  const { source, input: params, entries, receipt, signature } = journal;
  const ran = await replay({ runtime, source, params, secrets, journal: entries });
  const hash = (part: ReceiptPart, value: unknown) => hashOf(journal, part, value);
  const journalIntact = hash('journal', entries) === receipt.journalHash;
  const inputIntact = hash('input', params) === receipt.inputHash;
  const facts = {
    executionId: receipt.executionId,
    runtimeVersion: receipt.runtimeVersion,
    journalIntact,
    inputIntact,
    signatureValid: checkSignature(request.keys, { receipt, signature }),
  };
  if (!ran.ok) return { equal: false, ...facts, problem: ran.failure.detail ?? ran.failure.code };
  const outputHash = compare(
    receipt.outputHash,
    hash('output', recordedOutcome(ran.value, secrets)),
  );
  const fuel = compare(receipt.fuel, String(ran.value.fuelUsed));
  const isSame = outputHash.equal && fuel.equal && journalIntact && inputIntact;
  const equal = isSame && facts.signatureValid !== false;
  return { equal, outputHash, fuel, ...facts, problem: null };
}

async function findRuntime(runtimeVersion: string): Promise<Runtime> {
  const runtimes = await loadRuntimes();
  const found = runtimes.find((runtime) => runtime.runtimeVersion === runtimeVersion);
  if (found !== undefined) return found;
  throw new CliFailure({
    exitCode: EXIT.conflict,
    code: 'functions.runtime_retired',
    detail: `this slctl does not have the runtime ${runtimeVersion}`,
  });
}

function hashOf({ salt }: JournalExport, part: ReceiptPart, value: unknown): string {
  const hash = saltedHash({ part, salt, value });
  return hash.ok ? hash.value : 'not canonical JSON';
}

/** Null when there are no keys to check it with. */
function checkSignature(
  keys: readonly ListedKey[] | undefined,
  signed: Pick<JournalExport, 'receipt' | 'signature'>,
): boolean | null {
  if (keys === undefined) return null;
  return verifyReceipt({ ...signed, publicKeys: publicKeysOf(keys) }).ok;
}

const compare = (recorded: string, replayed: string): Compared => ({
  recorded,
  replayed,
  equal: recorded === replayed,
});
