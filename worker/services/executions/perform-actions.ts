/**
 * Carries out the actions of an execution after its code ended: in order, each with its own result and the id
 * `executionId:n`, all of them even after one failed, none any more once the execution was cancelled. A table maps a
 * type to the service that does it; a type whose service does not exist in this version of the platform fails with a
 * code that says so, and nothing is pretended.
 *
 * An action is kept sealed with the secrets that its params hold, so that whoever carries it out, also after its first
 * runner died, can keep their values out of the result.
 */
import type {
  ExecutionProgress,
  PendingAction,
  SaveActionResult,
} from '../../../durable-objects/account-journal/rpc.ts';
import { LIMITS } from '../../core/executions/limits.ts';
import type { RunResult } from '../../core/functions-runtime/execute.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { createRedactor, type Secret } from '../../core/functions-runtime/redact.ts';
import { ok, type Result } from '../../core/result.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { type ActionOutcome, journalOf, type Performers, type RunDeps } from './deps.ts';
import { ensureGasAccount, readGasBalance } from './gasbank-actions.ts';
import { listGasTransactions, withdrawGas } from './gasbank-withdrawals.ts';
import { actionContext } from './journal-file.ts';
import { submitTransaction } from './submit-transaction.ts';

export const ACTION_LEASE_MS = 60_000;

/** Services enter their types here. */
const PERFORMERS: Performers = new Map([
  ['transaction.submit', submitTransaction],
  ['gasbank.ensureAccount', ensureGasAccount],
  ['gasbank.balance', readGasBalance],
  ['gasbank.listTransactions', listGasTransactions],
  ['gasbank.withdraw', withdrawGas],
]);

export interface ActionRun {
  readonly accountId: string;
  readonly executionId: string;
  readonly leaseToken: number;
}

/** What is sealed until the action ends. */
interface ActionContent {
  readonly params: JsonValue;
  /** Those whose values stand in the params. */
  readonly secrets: readonly Secret[];
}

export interface DueAction extends ActionContent {
  readonly n: number;
  readonly type: string;
}

export function dueActions(
  { actions }: Pick<RunResult, 'actions'>,
  secrets: readonly Secret[],
): readonly DueAction[] {
  return actions.map(({ type, params }, n) => ({
    n,
    type,
    params,
    secrets: secrets.filter((secret) => holds(params, secret)).map(toSecret),
  }));
}

const holds = (params: JsonValue, secret: Secret): boolean =>
  JSON.stringify(createRedactor([secret]).json(params)) !== JSON.stringify(params);

const toSecret = ({ name, value }: Secret): Secret => ({ name, value });

export const encodeAction = ({ params, secrets }: DueAction): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ params, secrets } satisfies ActionContent));

/** What `encodeAction` wrote; its seal vouches for the form. */
const decodeAction = (opened: Uint8Array | undefined): ActionContent =>
  JSON.parse(new TextDecoder().decode(opened)) as ActionContent;

/** Ends when all have their result, or when there is nothing more to do for this runner. */
export async function performActions(
  deps: RunDeps,
  run: ActionRun,
  actions: readonly DueAction[],
): Promise<Result<null>> {
  for (const action of actions) {
    const saved = await performOne(deps, run, action);
    if (!saved.ok) return saved;
    // Cancelled between two actions: the rest must not begin.
    if (saved.value.status !== 'running') break;
  }
  return ok(null);
}

async function performOne(
  deps: RunDeps,
  { accountId, executionId, leaseToken }: ActionRun,
  { n, type, params, secrets }: DueAction,
): Promise<Result<ExecutionProgress>> {
  const perform = (deps.performers ?? PERFORMERS).get(type);
  const order = { accountId, id: `${executionId}:${n}`, type, params };
  const outcome = perform ? await perform(deps, order) : unavailable(type);
  return journalOf(deps, accountId).saveActionResult({
    executionId,
    n,
    leaseToken,
    leaseMs: ACTION_LEASE_MS,
    ...toSaved(outcome, secrets),
  });
}

const unavailable = (type: string): ActionOutcome => ({
  outcome: 'failed',
  error: {
    code: 'functions.action_unavailable',
    message: `The service for ${type} is not part of this version of the platform.`,
  },
});

/** A service may answer with what it was sent. */
function toSaved(
  outcome: ActionOutcome,
  secrets: readonly Secret[],
): Pick<SaveActionResult, 'outcome' | 'resultJson' | 'error'> {
  const redactor = createRedactor(secrets);
  if (outcome.outcome === 'failed') {
    const { code, message } = outcome.error;
    return { outcome: 'failed', error: { code, message: redactor.text(message) } };
  }
  const resultJson = JSON.stringify(redactor.json(outcome.result));
  // The effect took place: an answer too long to keep must not make it look undone.
  return resultJson.length <= LIMITS.actionResultCharsMax.value
    ? { outcome: 'succeeded', resultJson }
    : { outcome: 'succeeded' };
}

/** What a runner that died left over, opened again. */
export async function openActions(
  deps: RunDeps,
  { accountId, executionId }: ActionRun,
  pending: readonly PendingAction[],
): Promise<Result<readonly DueAction[]>> {
  const wrapped = await dataKeyOf(deps, accountId);
  if (!wrapped.ok) return wrapped;
  const opened = await deps.env.BRIDGE.open({
    accountId,
    wrappedKey: wrapped.value,
    items: pending.map(({ n, sealedParams }) => ({
      context: actionContext(executionId, n),
      sealed: sealedParams,
    })),
  });
  if (!opened.ok) return opened;
  return ok(
    pending.map(({ n, type }, index) => ({ n, type, ...decodeAction(opened.value[index]) })),
  );
}
