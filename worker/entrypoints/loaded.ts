/** What ports call is loaded with the first call: an isolate that runs an object starts without it. */
import { kept } from '../core/kept.ts';

export const loaded = {
  senderEvents: kept(() => import('./sender-events.ts')),
  executions: kept(() => import('../services/executions/index.ts')),
  proofs: kept(() => import('../services/proofs/index.ts')),
} as const;
