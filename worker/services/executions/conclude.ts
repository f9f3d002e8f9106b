/**
 * From what the code did to what is stored: secrets redacted from all that is read, shown or hashed; the receipt built
 * and signed; journal and the true params of actions sealed; everything written in one transaction of the account's
 * journal. One call of the bridge and one of the object.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import type {
  ExecutionProgress,
  FinishExecution,
  SignedReceipt,
} from '../../../durable-objects/account-journal/rpc.ts';
import { assert } from '../../core/assert.ts';
import { toTimestamp } from '../../core/clock.ts';
import type { PlatformEvent } from '../../core/events/platform-event.ts';
import type { RunResult } from '../../core/functions-runtime/execute.ts';
import {
  type RecordedOutcome,
  recordedOutcome,
} from '../../core/functions-runtime/recorded-outcome.ts';
import {
  buildReceipt,
  encodeReceipt,
  type Receipt,
  receiptHash,
} from '../../core/receipt/receipt.ts';
import { ok, type Result } from '../../core/result.ts';
import { metrics } from '../../http/observe.ts';
import { newId } from '../../http/request-context.ts';
import { dataKeyOf } from '../secrets/index.ts';
import type { Ran, Subject } from './attempt.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { actionContext, encodeJournalFile, journalContext } from './journal-file.ts';

const ACTION_LEASE_MS = 60_000;

export interface Conclusion {
  readonly progress: ExecutionProgress;
  readonly outcome: RecordedOutcome;
  readonly receipt: SignedReceipt;
}

export function receiptOf(
  subject: Pick<Subject, 'executionId' | 'input'> & { readonly codeHash: string },
  ran: Pick<Ran, 'salt' | 'result'>,
  outcome: RecordedOutcome,
): Receipt {
  const receipt = buildReceipt({
    executionId: subject.executionId,
    codeHash: subject.codeHash,
    salt: ran.salt,
    input: subject.input,
    journal: ran.result.journal,
    output: outcome,
    fuel: BigInt(ran.result.fuelUsed),
    runtimeVersion: ran.result.journal[0].runtimeVersion,
  });
  assert(receipt.ok, 'what ran came from JSON and goes to JSON');
  return receipt.value;
}

export async function conclude(
  deps: RunDeps,
  subject: Subject,
  { ran, leaseToken, store }: { ran: Ran; leaseToken: number; store: 'full' | 'receipt' },
): Promise<Result<Conclusion>> {
  const outcome = recordedOutcome(ran.result, ran.secrets);
  const receipt = receiptOf({ ...subject, codeHash: subject.version.codeHash }, ran, outcome);
  const sealed = await sealAndSign(deps, subject, { ran, receipt, store });
  if (!sealed.ok) return sealed;
  const { chunks, params, signed } = sealed.value;
  const { result } = ran;
  const command: FinishExecution = {
    executionId: subject.executionId,
    leaseToken,
    outcome: outcomeOf(result),
    ...(outcome.error === null ? {} : { error: outcome.error }),
    outputJson: JSON.stringify(outcome.output),
    logsJson: JSON.stringify(outcome.logs),
    sealedJournal: chunks,
    receipt: signed,
    fuel: result.fuelUsed,
    durationMs: ran.durationMs,
    timings: { ranMs: ran.durationMs, memoryBytes: result.memoryBytes },
    actions: outcome.actions.map((action, n) => {
      const sealedParams = params[n];
      assert(sealedParams, 'every action was sealed');
      return { type: action.type, paramsJson: JSON.stringify(action.params), sealedParams };
    }),
    actionLeaseMs: ACTION_LEASE_MS,
    events: result.status === 'succeeded' ? [] : [failedEvent(subject, outcome)],
  };
  metrics.count('nsl_function_runs_total', { status: result.status });
  metrics.count('nsl_function_fuel_total', {}, result.fuelUsed);
  const finished = await journalOf(deps, subject.accountId).finishExecution(command);
  if (!finished.ok) return finished;
  return ok({ progress: finished.value, outcome, receipt: signed });
}

const outcomeOf = (result: RunResult): FinishExecution['outcome'] => {
  if (result.status === 'succeeded') return 'succeeded';
  return result.status === 'cancelled' ? 'cancelled' : 'failed';
};

interface SealedRun {
  readonly chunks: readonly Uint8Array[];
  readonly params: readonly Uint8Array[];
  readonly signed: SignedReceipt;
}

async function sealAndSign(
  deps: RunDeps,
  { accountId, executionId, input }: Subject,
  { ran, receipt, store }: { ran: Ran; receipt: Receipt; store: 'full' | 'receipt' },
): Promise<Result<SealedRun>> {
  const wrapped = await dataKeyOf(deps, accountId);
  if (!wrapped.ok) return wrapped;
  const { journal, actions } = ran.result;
  const file = { formatVersion: 1, salt: bytesToHex(ran.salt), input, entries: journal } as const;
  const chunks = store === 'full' ? encodeJournalFile(file) : [];
  const encoder = new TextEncoder();
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
        ...actions.map((action, n) => ({
          context: actionContext(executionId, n),
          plaintext: encoder.encode(JSON.stringify(action.params)),
        })),
      ],
    },
    sign: { purpose: 'receipt', payload },
  });
  if (!done.ok) return done;
  const { sealed, signature } = done.value;
  return ok({
    chunks: sealed.slice(0, chunks.length),
    params: sealed.slice(chunks.length),
    signed: {
      json: new TextDecoder().decode(payload),
      hash: receiptHash(receipt),
      signature,
    },
  });
}

function failedEvent(subject: Subject, outcome: RecordedOutcome): PlatformEvent {
  const now = Date.now();
  return {
    id: newId('event', now),
    source: `/accounts/${subject.accountId}`,
    type: 'execution.failed',
    subject: subject.executionId,
    time: toTimestamp(now),
    dataJson: JSON.stringify({
      functionId: subject.version.functionId,
      code: outcome.error?.code ?? outcome.status,
    }),
  };
}
