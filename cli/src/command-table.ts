/**
 * * The form of the generated command table: one entry an operation of the contract, with
 * everything the command line needs to offer it. The table is data; `operations.ts` makes commands
 * of it.
 */
export type FlagType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'strings'
  | 'integers'
  | 'json';

export interface Flag {
  /** Kebab case, without the dashes. */
  readonly flag: string;
  /** The name of the parameter or of the body's field. */
  readonly field: string;
  readonly type: FlagType;
  readonly required: boolean;
  readonly description: string;
  /** The only values that are accepted. */
  readonly values?: readonly string[];
  readonly nullable?: boolean;
  readonly fallback?: string;
}

export interface Command {
  /** `<service>.<verbNoun>`. */
  readonly id: string;
  readonly service: string;
  readonly command: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly params: readonly Flag[];
  readonly query: readonly Flag[];
  /**
   * Absent when the operation takes no body; `flags` is empty when the body is not an object of
   * known fields.
   */
  readonly body?: { readonly required: boolean; readonly flags: readonly Flag[] };
  readonly answer: 'json' | 'text' | 'none';
  /** True when the answer is `{ items, nextCursor }`. */
  readonly paged: boolean;
  readonly ifMatch: boolean;
  readonly idempotent: boolean;
  /** True when the request is signed by whoever has a key for that. */
  readonly signed?: true;
  readonly deprecated?: string;
  readonly example: string;
}
