/**
 * Carries out the actions of an execution after its code ended: in order, each with its own result and the id
 * `executionId:n`, all of them even after one failed. A table maps a type to the service that does it; a type whose
 * service does not exist in this version of the platform fails with a code that says so, and nothing is pretended.
 */
import type {
  ExecutionProgress,
  PendingAction,
  SaveActionResult,
} from '../../../durable-objects/account-journal/rpc.ts';
import { ok, type Result } from '../../core/result.ts';
import { dataKeyOf } from '../secrets/index.ts';
import { journalOf, type RunDeps } from './deps.ts';
import { actionContext } from './journal-file.ts';

const LEASE_MS = 60_000;

export interface ActionOrder {
  readonly accountId: string;
  /** `executionId:n`: what makes the effect happen once. */
  readonly id: string;
  readonly type: string;
  readonly params: unknown;
}

type ActionOutcome = Pick<SaveActionResult, 'outcome' | 'resultJson' | 'error'>;
type Performer = (deps: RunDeps, order: ActionOrder) => Promise<ActionOutcome>;

/** Services enter their types here. */
const PERFORMERS: Readonly<Record<string, Performer>> = {};

const unavailable = (type: string): ActionOutcome => ({
  outcome: 'failed',
  error: {
    code: 'functions.action_unavailable',
    message: `The service for ${type} is not part of this version of the platform.`,
  },
});

export interface ClaimedRun {
  readonly accountId: string;
  readonly executionId: string;
  readonly leaseToken: number;
}

export interface DueAction {
  readonly n: number;
  readonly type: string;
  /** The true ones, with secrets in them. */
  readonly params: unknown;
}

/** Ends when all have their result, or the lease is lost. */
export async function performActions(
  deps: RunDeps,
  claimed: ClaimedRun,
  actions: readonly DueAction[],
): Promise<Result<ExecutionProgress | null>> {
  const { accountId, executionId, leaseToken } = claimed;
  let progress: ExecutionProgress | null = null;
  for (const { n, type, params } of actions) {
    const perform = PERFORMERS[type];
    const order = { accountId, id: `${executionId}:${n}`, type, params };
    const outcome = perform ? await perform(deps, order) : unavailable(type);
    const saved = await journalOf(deps, accountId).saveActionResult({
      executionId,
      n,
      leaseToken,
      leaseMs: LEASE_MS,
      ...outcome,
    });
    if (!saved.ok) return saved;
    progress = saved.value;
  }
  return ok(progress);
}

/** What a runner that died left over, with its params opened again. */
export async function openActions(
  deps: RunDeps,
  { accountId, executionId }: ClaimedRun,
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
  const decoder = new TextDecoder();
  return ok(
    pending.map(({ n, type }, index) => ({
      n,
      type,
      params: JSON.parse(decoder.decode(opened.value[index])) as unknown,
    })),
  );
}
