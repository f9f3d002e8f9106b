/**
 * A replay opens what was stored, runs it again on the runtime it ran on, without any I/O or action, and compares. A
 * changed byte anywhere is found: the stored bytes are held against the receipt and the receipt against its signature
 * before any code runs, the new output and fuel against the recorded ones, and what is shown of the execution against
 * what its run gave.
 *
 * The attack that the order stops: whoever can write the stores puts a source of their own in the place of one that was
 * granted a secret. What is not, byte for byte, what the bridge signed gets neither a turn nor a secret.
 */
import type { SignedReceipt } from '../../../durable-objects/account-journal/rpc.ts';
import { toTimestamp } from '../../core/clock.ts';
import { prepareGuest, replay, type SecretVersion } from '../../core/functions-runtime/execute.ts';
import type { Guest } from '../../core/functions-runtime/guest.ts';
import { recordedOutcome } from '../../core/functions-runtime/recorded-outcome.ts';
import type { Runtime } from '../../core/functions-runtime/runtime.ts';
import { decodeSalt, saltedHash, verifyReceipt } from '../../core/receipt/receipt.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { actorOf, type RequestContext } from '../../http/request-context.ts';
import type { Turn } from '../../http/turns.ts';
import { openSecretVersions } from '../secrets/index.ts';
import { listSigningKeys } from '../system/index.ts';
import { findRuntime, journalOf } from './deps.ts';
import { agreesWithRun } from './record.ts';
import type { ExecutionKey } from './service.ts';
import { openStoredRun, type StoredRun } from './stored-run.ts';
import { runUnrecorded } from './unrecorded.ts';

export async function replayExecution(context: RequestContext, key: ExecutionKey) {
  const opened = await openStoredRun(context, key);
  if (!opened.ok) return opened;
  const stored = opened.value;
  const runtime = findRuntime(stored.receipt.runtimeVersion);
  if (!runtime) return err('functions.runtime_retired');
  const proved = {
    journalIntact: isIntact(stored),
    signatureValid: await isSignatureValid(context, stored.signed),
  };
  const isProved = proved.journalIntact && proved.signatureValid;
  if (!isProved) return ok({ status: 200, body: toReplay(proved, notRun(stored)) } as const);
  const secrets = await openRecordedSecrets(context, key, stored);
  if (!secrets.ok) return secrets;
  const replaying = { stored, runtime, secrets: secrets.value };
  const { limits } = stored.file.entries[0];
  const again = await runUnrecorded(context, {
    accountId: key.accountId,
    limits,
    run: (turn) => replayInTurn(turn, replaying),
    // How far a run came that went another way is not known: it counts with all it might have burnt.
    fuelOf: (ran) => (ran.ok ? ran.value.fuelUsed : limits.fuel),
  });
  if (!again.ok) return again;
  const compared = compareRun(replaying, again.value.ran);
  return ok({ status: 200, body: toReplay(proved, compared) } as const);
}

interface Proved {
  readonly journalIntact: boolean;
  readonly signatureValid: boolean;
}

/** In the order in which a person reads it: the outcome, and then what it rests on. */
const toReplay = (
  { journalIntact, signatureValid }: Proved,
  { equal, outputHash, fuel, ...rest }: ReturnType<typeof compareRun>,
) => ({ equal, outputHash, fuel, journalIntact, ...rest, signatureValid });

interface Replaying {
  readonly stored: StoredRun;
  readonly runtime: Runtime;
  readonly secrets: readonly SecretVersion[];
}

/** Whether what is stored is what the receipt was made over: the code first, then what went into and out of it. */
function isIntact({ content, file, receipt }: StoredRun): boolean {
  const salt = decodeSalt(file.salt);
  return (
    content.contentHash === receipt.codeHash &&
    content.codeHash === receipt.codeHash &&
    hashOf('journal', salt, file.entries) === receipt.journalHash &&
    hashOf('input', salt, file.input) === receipt.inputHash
  );
}

const notRun = ({ receipt }: StoredRun) => ({
  equal: false,
  outputHash: compare(receipt.outputHash, ''),
  fuel: compare(receipt.fuel, '0'),
  recordIntact: false,
  problem: 'Not run: what is stored is not what the signed receipt tells of.',
  runtimeVersion: receipt.runtimeVersion,
});

function compareRun(
  { stored, secrets }: Replaying,
  again: Awaited<ReturnType<typeof replayInTurn>>,
) {
  const { file, receipt, detail } = stored;
  const outcome = again.ok ? recordedOutcome(again.value, secrets) : undefined;
  const fuel = compare(receipt.fuel, again.ok ? String(again.value.fuelUsed) : '0');
  const replayed = outcome ? hashOf('output', decodeSalt(file.salt), outcome) : '';
  const outputHash = compare(receipt.outputHash, replayed);
  const recordIntact = outcome !== undefined && agreesWithRun(detail, outcome, receipt.fuel);
  return {
    equal: outputHash.equal && fuel.equal && recordIntact,
    outputHash,
    fuel,
    recordIntact,
    problem: again.ok ? null : (again.failure.detail ?? again.failure.code),
    runtimeVersion: receipt.runtimeVersion,
  };
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

async function replayInTurn(turn: Turn, { stored, runtime, secrets }: Replaying) {
  let guest: Guest | undefined;
  try {
    await turn.compute();
    guest = prepareGuest(runtime);
    turn.adopt(guest.vm);
    return await replay({
      runtime,
      guest,
      source: stored.content.source,
      params: stored.file.input,
      secrets,
      journal: stored.file.entries,
    });
  } finally {
    turn.end(guest?.vm);
  }
}

/** The versions that the run used; each use, and each refused one, goes into the audit log. */
async function openRecordedSecrets(
  context: RequestContext,
  { accountId }: ExecutionKey,
  { file, detail }: StoredRun,
): Promise<Result<readonly SecretVersion[]>> {
  const references = file.entries[0].secretVersionIds.map((id) => {
    const at = id.lastIndexOf('@');
    return { id, name: id.slice(0, at), version: Number(id.slice(at + 1)) };
  });
  const use = await openSecretVersions(context, {
    accountId,
    functionId: detail.functionId,
    versions: references.map(({ name, version }) => ({ name, version })),
  });
  await noteUse(context, accountId, use.notes);
  if (!use.opened.ok) return use.opened;
  const byName = new Map(use.opened.value.map((secret) => [secret.name, secret.value]));
  return ok(
    references.map(({ id, name }) => ({ name, value: byName.get(name) ?? '', versionId: id })),
  );
}

async function noteUse(
  context: RequestContext,
  accountId: string,
  notes: readonly object[],
): Promise<void> {
  for (const note of notes)
    await journalOf(context, accountId).appendAudit({
      ...note,
      at: toTimestamp(context.now),
      actor: actorOf(context.principal),
      requestId: context.requestId,
      traceId: context.trace.traceId,
    });
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
