/**
 * Calls that run a script without sending it. A result says what the script would do, by the word
 * of one node and at its height; success of the call does not mean HALT.
 */
import { base64 } from '@scure/base';
import { toContractParameterJson } from '../contract-parameter.ts';
import { type JsonReader, parseWhole } from '../json-reader.ts';
import type { ScriptHash } from '../script-hash.ts';
import type { ContractParameter } from '../stack-argument.ts';
import type { Signer } from '../transaction/signer.ts';
import { formatSigner } from '../transaction/signer-json.ts';
import { type Invocation, parseInvocation, parseIteratorBatch } from '../vm/invocation.ts';
import type { StackItem } from '../vm/stack-item.ts';
import { about, type RpcCall } from './call.ts';

export interface ScriptRun {
  readonly script: Uint8Array;
  readonly signers?: readonly Signer[];
}

export const invokeScript = (run: ScriptRun): RpcCall<Invocation> => ({
  method: 'invokescript',
  params: scriptParams(run),
  parse: (result) => parseOwn(result, run.script),
});

/** As the state was after the block of that height; a node that keeps no old state refuses. */
export const invokeScriptHistoric = (run: ScriptRun, height: number): RpcCall<Invocation> => ({
  method: 'invokescripthistoric',
  params: [height, ...scriptParams(run)],
  parse: (result) => parseOwn(result, run.script),
});

const scriptParams = ({ script, signers = [] }: ScriptRun): readonly unknown[] => [
  base64.encode(script),
  signers.map(formatSigner),
];

/** The node names the script it ran. */
const parseOwn = (result: unknown, script: Uint8Array) =>
  about(parseInvocation(result), (invocation) => sameBytes(invocation.script, script));

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

export interface FunctionRun {
  readonly contract: ScriptHash;
  readonly method: string;
  readonly args: readonly ContractParameter[];
  readonly signers?: readonly Signer[];
}

export const invokeFunction = (run: FunctionRun): RpcCall<Invocation> => ({
  method: 'invokefunction',
  params: functionParams(run),
  parse: parseInvocation,
});

export const invokeFunctionHistoric = (run: FunctionRun, height: number): RpcCall<Invocation> => ({
  method: 'invokefunctionhistoric',
  params: [height, ...functionParams(run)],
  parse: parseInvocation,
});

const functionParams = ({ contract, method, args, signers = [] }: FunctionRun) => [
  contract,
  method,
  args.map(toContractParameterJson),
  signers.map(formatSigner),
];

/** neo-go's `MaxIteratorResultItems`; one more is refused. */
export const ITERATOR_ITEMS_MAX = 100;

/** The next values; none is the end. The session lives on the endpoint that ran the script. */
export const traverseIterator = (at: {
  readonly session: string;
  readonly iterator: string;
}): RpcCall<readonly StackItem[]> => ({
  method: 'traverseiterator',
  params: [at.session, at.iterator, ITERATOR_ITEMS_MAX],
  parse: parseIteratorBatch,
});

/** A node keeps twenty sessions and no more. */
export const terminateSession = (session: string): RpcCall<boolean> => ({
  method: 'terminatesession',
  params: [session],
  parse: (result) => parseWhole(result, (reader: JsonReader) => reader.boolean()),
});
