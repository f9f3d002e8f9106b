/** The API and the sweep, which hold the schemas of all operations, are loaded with the first call. */
import { kept } from './core/kept.ts';

export const loaded = {
  api: kept(() => import('./api.ts')),
  sweep: kept(() => import('./sweep.ts')),
} as const;
