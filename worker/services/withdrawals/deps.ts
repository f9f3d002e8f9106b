/** What moving a withdrawal on needs of the world; a request's context is one. */
import type { RequestContext } from '../../http/request-context.ts';

export type PayoutDeps = Pick<RequestContext, 'env' | 'db' | 'settings' | 'now' | 'log'>;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
