/**
 * Whether what is stored of an execution for reading is what its run gave. The receipt vouches for the run; this holds
 * the readable copies (status, error, output, logs, actions, fuel) against it, so that none of them can be changed
 * unnoticed. What retention dropped cannot be compared and does not count.
 */
import type {
  ActionRecord,
  ExecutionDetail,
} from '../../../durable-objects/account-journal/rpc.ts';
import type { RecordedOutcome } from '../../core/functions-runtime/recorded-outcome.ts';

export function agreesWithRun(
  detail: ExecutionDetail,
  outcome: RecordedOutcome,
  fuel: string,
): boolean {
  const isKept = detail.output === 'kept';
  return (
    String(detail.fuel) === fuel &&
    agreesWithEnd(detail, outcome) &&
    (!isKept || detail.outputJson === JSON.stringify(outcome.output)) &&
    (!isKept || detail.logsJson === JSON.stringify(outcome.logs)) &&
    agreesWithActions(detail.actions, outcome.actions)
  );
}

/** Code that ended well may have been followed by actions that failed or were cancelled. */
function agreesWithEnd({ status, error, actions }: ExecutionDetail, run: RecordedOutcome): boolean {
  if (run.status !== 'succeeded') {
    const expected = run.status === 'cancelled' ? 'cancelled' : 'failed';
    return status === expected && JSON.stringify(error) === JSON.stringify(run.error);
  }
  if (actions.some((action) => action.status === 'pending')) return status === 'running';
  if (actions.some((action) => action.status === 'failed'))
    return status === 'failed' || status === 'cancelled';
  return status === 'succeeded' && error === undefined;
}

function agreesWithActions(
  stored: readonly ActionRecord[],
  planned: RecordedOutcome['actions'],
): boolean {
  return (
    stored.length === planned.length &&
    planned.every(({ type, params }, n) => {
      const action = stored[n];
      const isSame = (text: string | undefined) =>
        text === undefined || text === JSON.stringify(params);
      return action !== undefined && action.type === type && isSame(action.paramsJson);
    })
  );
}
