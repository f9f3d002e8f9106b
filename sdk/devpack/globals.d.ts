/**
 * The globals a function finds, for sources that import nothing: add `import '@neo-service-layer/devpack/globals'` to a
 * declaration file of the project. `console` and the language itself come from TypeScript's own libraries.
 */
import type { Devpack as DevpackRuntime, Json } from './index.js';

declare global {
  const Devpack: DevpackRuntime;
  /** The body of the request; null when there was none. */
  const params: Json;
  /** The secrets that the function names, in plain text. */
  const secrets: Readonly<Record<string, string>>;
}
