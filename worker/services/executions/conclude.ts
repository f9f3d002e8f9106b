/**
 * From what the code did to what is stored: secrets redacted from all that is read, shown or hashed; the receipt built
 * and signed; journal and actions sealed; everything written in one transaction of the account's journal. One call of
 * the bridge and one of the object, each repeated once when it fails.
 *
 * A run that cannot be sealed, signed or kept does not vanish: it ends `failed` with that reason. It has no receipt
 * then, its output is not shown, since nothing vouches for it, and its actions are not carried out, since nothing would
 * find them again after a crash.
 */
import type {
  FinishExecution,
  FinishedExecution,
  SignedReceipt,
} from '../../../durable-objects/account-journal/rpc.ts';
import { assert } from '../../core/assert.ts';
import { ERRORS } from '../../core/errors.ts';
import type { RunResult } from '../../core/functions-runtime/execute.ts';
import {
  type RecordedOutcome,
  recordedOutcome,
} from '../../core/functions-runtime/recorded-outcome.ts';
import {
  buildReceipt,
  encodeReceipt,
  encodeSalt,
  type Receipt,
  receiptHash,
} from '../../core/receipt/receipt.ts';
import { err, type Failure, ok, type Result } from '../../core/result.ts';
import { errorFields } from '../../http/log.ts';
import { metrics } from '../../http/observe.ts';
import { dataKeyOf } from '../secrets/index.ts';
import type { Ran, Subject } from './attempt.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { actionContext, encodeJournalFile, journalContext } from './journal-file.ts';
import { ACTION_LEASE_MS, type DueAction, encodeAction } from './perform-actions.ts';

export interface Conclusion {
  readonly finished: FinishedExecution;
  readonly outcome: Pick<RecordedOutcome, 'output' | 'logs'>;
  /** False for a run whose end could not be sealed, signed or kept. */
  readonly isProved: boolean;
}

export interface RunEnd {
  readonly ran: Ran;
  readonly actions: readonly DueAction[];
  readonly leaseToken: number;
  readonly store: 'full' | 'receipt';
}

export async function conclude(
  deps: RunDeps,
  subject: Subject,
  end: RunEnd,
): Promise<Result<Conclusion>> {
  const { result } = end.ran;
  metrics.count('nsl_function_runs_total', { status: result.status });
  metrics.count('nsl_function_fuel_total', {}, result.fuelUsed);
  const outcome = recordedOutcome(result, end.ran.secrets);
  const receipt = receiptOf(subject, end.ran, outcome);
  const sealed = await twice(deps, () => sealAndSign(deps, subject, { ...end, receipt }));
  if (!sealed.ok) return endUnproved(deps, subject, end, sealed.failure);
  const finished = await finish(deps, subject, {
    ...factsOf(subject, end),
    ...whatIsKept(result, outcome, sealed.value),
  });
  if (finished.ok) return ok({ finished: finished.value, outcome, isProved: true });
  // Another runner's business: the watchdog told the execution's end already.
  if (finished.failure.code === 'functions.lease_lost') return finished;
  return endUnproved(deps, subject, end, finished.failure);
}

function receiptOf(
  { executionId, input, version }: Subject,
  { salt, result }: Ran,
  outcome: RecordedOutcome,
): Receipt {
  const receipt = buildReceipt({
    executionId,
    codeHash: version.codeHash,
    salt,
    input,
    journal: result.journal,
    output: outcome,
    fuel: BigInt(result.fuelUsed),
    runtimeVersion: result.journal[0].runtimeVersion,
  });
  assert(receipt.ok, 'what ran came from JSON and goes to JSON');
  return receipt.value;
}

const factsOf = ({ executionId }: Subject, { ran, leaseToken }: RunEnd) => ({
  executionId,
  leaseToken,
  fuel: ran.result.fuelUsed,
  durationMs: ran.durationMs,
  timings: { waitedMs: ran.waitedMs, ranMs: ran.durationMs },
  actionLeaseMs: ACTION_LEASE_MS,
});

function whatIsKept(result: RunResult, outcome: RecordedOutcome, sealed: SealedRun) {
  return {
    outcome: outcomeOf(result),
    ...(outcome.error === null ? {} : { error: outcome.error }),
    outputJson: JSON.stringify(outcome.output),
    logsJson: JSON.stringify(outcome.logs),
    sealedJournal: sealed.chunks,
    receipt: sealed.signed,
    actions: outcome.actions.map((action, n) => {
      const sealedParams = sealed.actions[n];
      assert(sealedParams, 'every action was sealed');
      return { type: action.type, paramsJson: JSON.stringify(action.params), sealedParams };
    }),
  };
}

const outcomeOf = (result: RunResult): FinishExecution['outcome'] => {
  if (result.status === 'succeeded') return 'succeeded';
  return result.status === 'cancelled' ? 'cancelled' : 'failed';
};

async function endUnproved(
  deps: RunDeps,
  subject: Subject,
  end: RunEnd,
  { code }: Failure,
): Promise<Result<Conclusion>> {
  deps.log.error('execution.unproved', { executionId: subject.executionId, code });
  const why = `The code ran, but its end could not be recorded: ${ERRORS[code].title}.`;
  const finished = await finish(deps, subject, {
    ...factsOf(subject, end),
    outcome: 'failed',
    error: { code, message: `${why} None of its actions was carried out.` },
    sealedJournal: [],
    actions: [],
  });
  if (!finished.ok) return finished;
  const outcome = { output: null, logs: [] };
  return ok({ finished: finished.value, outcome, isProved: false });
}

/** Safe to repeat: the journal answers the same result again with what it did the first time. */
const finish = (
  deps: RunDeps,
  { accountId }: Subject,
  command: FinishExecution,
): Promise<Result<FinishedExecution>> =>
  twice(deps, () => journalOf(deps, accountId).finishExecution(command));

/** The code has run and cannot run again, so what comes after it gets a second chance. */
async function twice<Value>(
  deps: RunDeps,
  work: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const first = await attempt(deps, work);
  return first.ok || !ERRORS[first.failure.code].retryable ? first : attempt(deps, work);
}

async function attempt<Value>(
  deps: RunDeps,
  work: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  try {
    return await work();
  } catch (thrown) {
    deps.log.error('execution.conclude_failed', errorFields(thrown));
    return err('upstream.unavailable');
  }
}

interface SealedRun {
  readonly chunks: readonly Uint8Array[];
  readonly actions: readonly Uint8Array[];
  readonly signed: SignedReceipt;
}

async function sealAndSign(
  deps: RunDeps,
  { accountId, executionId, input }: Subject,
  { ran, actions, receipt, store }: RunEnd & { readonly receipt: Receipt },
): Promise<Result<SealedRun>> {
  const wrapped = await dataKeyOf(deps, accountId);
  if (!wrapped.ok) return wrapped;
  const entries = ran.result.journal;
  const file = { formatVersion: 1, salt: encodeSalt(ran.salt), input, entries } as const;
  const chunks = store === 'full' ? encodeJournalFile(file) : [];
  const payload = encodeReceipt(receipt);
  const done = await deps.env.BRIDGE.sealAndSign({
    seal: {
      accountId,
      wrappedKey: wrapped.value,
      items: [
        ...chunks.map((plaintext, index) => ({
          context: journalContext(executionId, index),
          plaintext,
        })),
        ...actions.map((action) => ({
          context: actionContext(executionId, action.n),
          plaintext: encodeAction(action),
        })),
      ],
    },
    sign: { purpose: 'receipt', payload },
  });
  if (!done.ok) return done;
  const { sealed, signature } = done.value;
  const json = new TextDecoder().decode(payload);
  return ok({
    chunks: sealed.slice(0, chunks.length),
    actions: sealed.slice(chunks.length),
    signed: { json, hash: receiptHash(receipt), signature },
  });
}
