/** The public face of the SDK; everything else may change between versions. */
export type { Attempt, CallOptions, ClientOptions } from './call-options.ts';
export { type Client, createClient } from './client.ts';
export {
  type ContractConnection,
  type ContractEventShape,
  type ContractInvocation,
  type ContractNotification,
  type ContractPlace,
  type ContractReading,
  type ContractSending,
  connectContract,
  decodeContractEvent,
} from './contract-calls.ts';
export {
  type ContractParameter,
  contractArgument,
  contractValue,
  type StackItem,
} from './contract-values.ts';
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
