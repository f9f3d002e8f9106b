/** What running functions needs; a request's context has it, and the queue's runner makes one of its own. */
import type { ErrorCode } from '../../core/errors.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';

export interface RunDeps extends Pick<RequestContext, 'env' | 'db' | 'log' | 'settings' | 'now'> {
  /** Who carries out which type of action; the platform's own table unless another one is given. */
  readonly performers?: Performers;
}

export interface ActionOrder {
  readonly accountId: string;
  /** `executionId:n`: the service takes it once, so that a repeated order has one effect. */
  readonly id: string;
  readonly type: string;
  /** The true ones, with secrets in them. */
  readonly params: JsonValue;
}

export type ActionOutcome =
  | { readonly outcome: 'succeeded'; readonly result: JsonValue }
  | {
      readonly outcome: 'failed';
      readonly error: { readonly code: ErrorCode; readonly message: string };
    };

/** A throw says nothing about the effect: the order is given again, under the same id. */
export type Performer = (deps: RunDeps, order: ActionOrder) => Promise<ActionOutcome>;
export type Performers = ReadonlyMap<string, Performer>;

export const journalOf = ({ env }: Pick<RunDeps, 'env'>, accountId: string) =>
  env.ACCOUNT_JOURNAL.getByName(accountId);

export const CURRENT_RUNTIME = RUNTIMES[0];

/** The runtime of that version, while it is kept. */
export const findRuntime = (runtimeVersion: string) =>
  RUNTIMES.find((runtime) => runtime.runtimeVersion === runtimeVersion);
