/** What other services may ask of functions. */
export { hashContent } from './compiling.ts';
export { validateInput } from './input-schema.ts';
export { findRunnable, findVersion, type Runnable } from './runnable.ts';
export type { VersionRow } from './store.ts';
