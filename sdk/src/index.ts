/** The public face of the SDK; everything else may change between versions. */
export type { Attempt, CallOptions, ClientOptions } from './call-options.ts';
export { type Client, createClient } from './client.ts';
export {
  type ClientCode,
  type FieldProblem,
  isServiceLayerError,
  ServiceLayerError,
  type ServiceLayerErrorCode,
} from './errors.ts';
export { OPERATIONS } from './generated/operations.ts';
export type * from './generated/types.ts';
export { type Page, paginate } from './pages.ts';
export type { Answer } from './response.ts';
