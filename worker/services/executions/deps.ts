/** What running functions needs; a request's context has it, and the queue's runner makes one of its own. */
import type { RequestContext } from '../../http/request-context.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';

export type RunDeps = Pick<RequestContext, 'env' | 'db' | 'log' | 'settings' | 'now'>;

export const journalOf = ({ env }: Pick<RunDeps, 'env'>, accountId: string) =>
  env.ACCOUNT_JOURNAL.getByName(accountId);

export const CURRENT_RUNTIME = RUNTIMES[0];

/** The runtime of that version, while it is kept. */
export const findRuntime = (runtimeVersion: string) =>
  RUNTIMES.find((runtime) => runtime.runtimeVersion === runtimeVersion);
