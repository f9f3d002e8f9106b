/** What passes between a JSON-RPC client and a node, taken apart. */
import { isObject } from './rpc.ts';

export interface RpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export type Outcome = { readonly result: unknown } | { readonly error: RpcError };

/** Asks the node itself. */
export type AskNode = (method: string, params: readonly unknown[]) => Promise<Outcome>;

/** Undefined for what the node itself has to refuse. */
export function parseRequest(value: unknown): RpcRequest | undefined {
  if (!isObject(value) || typeof value.method !== 'string') return undefined;
  const { id, method, params = [] } = value;
  return Array.isArray(params) ? { id, method, params } : undefined;
}
