/**
 * Test calls: what a script would do, by the word of one endpoint. Reading a contract is a value, a
 * call with the form its answer must have, so that several readings travel in one script and are
 * answered at one height. A contract that answers something else is told apart from an endpoint
 * that failed: anybody may deploy anything.
 */
import { CALL_FLAGS } from '../core/neo/call-flags.ts';
import { encodeCalls } from '../core/neo/contract-calls.ts';
import type { RpcError } from '../core/neo/rpc/errors.ts';
import {
  invokeScript,
  invokeScriptHistoric,
  type ScriptRun,
  terminateSession,
  traverseIterator,
} from '../core/neo/rpc/invocation-calls.ts';
import type { ScriptHash } from '../core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../core/neo/stack-argument.ts';
import type { Invocation } from '../core/neo/vm/invocation.ts';
import type { StackItem } from '../core/neo/vm/stack-item.ts';
import { asIterator } from '../core/neo/vm/stack-item-values.ts';
import type { Answer, Attempt } from './attempts.ts';
import type { RpcClient } from './rpc-client.ts';

export interface ContractReading<Value> {
  readonly call: ContractCall;
  /** Null for an answer of another form. */
  readonly parse: (item: StackItem) => Value | null;
}

/** A method that changes nothing. */
export function reading<Value>(
  contract: ScriptHash,
  [method, ...args]: readonly [string, ...StackArgument[]],
  parse: (item: StackItem) => Value | null,
): ContractReading<Value> {
  return {
    call: { contract, method, args, flags: CALL_FLAGS.ReadOnly, result: 'kept' },
    parse,
  };
}

type Readings<Values extends readonly unknown[]> = {
  readonly [Index in keyof Values]: ContractReading<Values[Index]>;
};

export type Read<Value> =
  | { readonly kind: 'value'; readonly value: Value; readonly endpoint: string }
  | { readonly kind: 'fault'; readonly exception: string | null }
  /** The contract answered, and not what such a contract answers. */
  | { readonly kind: 'other answer' }
  | { readonly kind: 'refused'; readonly error: RpcError; readonly endpoint: string }
  | { readonly kind: 'unreachable'; readonly attempts: readonly Attempt[] };

/** `height`: as the state was after that block; nodes that keep no old state refuse. */
export function runScript(
  client: RpcClient,
  run: ScriptRun,
  at: { readonly height?: number } = {},
): Promise<Answer<Invocation>> {
  const { height } = at;
  return client.ask(height === undefined ? invokeScript(run) : invokeScriptHistoric(run, height));
}

export async function read<Value>(
  client: RpcClient,
  one: ContractReading<Value>,
  at: { readonly height?: number } = {},
): Promise<Read<Value>> {
  const all = await readAll<readonly [Value]>(client, [one], at);
  return all.kind === 'value' ? { ...all, value: all.value[0] } : all;
}

/** All or none, from one run of one endpoint. */
export async function readAll<Values extends readonly unknown[]>(
  client: RpcClient,
  readings: Readings<Values>,
  at: { readonly height?: number } = {},
): Promise<Read<Values>> {
  const answer = await runScript(client, { script: scriptOf(readings) }, at);
  if (answer.kind !== 'value') return answer;
  const { vmState, exception } = answer.value;
  if (vmState === 'FAULT') return { kind: 'fault', exception };
  const value = valuesOf(readings, answer.value);
  return value === null
    ? { kind: 'other answer' }
    : { kind: 'value', value, endpoint: answer.endpoint };
}

export const scriptOf = <Values extends readonly unknown[]>(
  readings: Readings<Values>,
): Uint8Array<ArrayBuffer> => encodeCalls(readings.map(({ call }) => call));

/** Null unless the run halted with one value of the right form for each reading, in their order. */
export function valuesOf<Values extends readonly unknown[]>(
  readings: Readings<Values>,
  { vmState, stack }: Invocation,
): Values | null {
  if (vmState !== 'HALT' || stack?.length !== readings.length) return null;
  const values: unknown[] = readings.map(({ parse }, index) => {
    const item = stack[index];
    return item === undefined ? null : parse(item);
  });
  // Each value was parsed by the reading at its place, which is what the tuple type says.
  return values.includes(null) ? null : (values as unknown as Values);
}

export interface IteratorReading<Value> {
  readonly call: ContractCall;
  readonly parseItem: (item: StackItem) => Value | null;
}

/**
 * The values behind an iterator, up to a count. A session lives on the endpoint that ran the script
 * and a node keeps few of them, so it is ended here, come what may.
 */
export async function readIterator<Value>(
  client: RpcClient,
  { call, parseItem }: IteratorReading<Value>,
  itemsMax: number,
): Promise<Read<readonly Value[]>> {
  const answer = await runScript(client, { script: encodeCalls([call]) });
  if (answer.kind !== 'value') return answer;
  const { endpoint, value: run } = answer;
  if (run.vmState === 'FAULT') return { kind: 'fault', exception: run.exception };
  const [item] = run.stack ?? [];
  const iterator = item ? asIterator(item) : null;
  if (iterator === null) return { kind: 'other answer' };
  const items = [...(iterator.values ?? [])];
  if (run.session !== null && iterator.id !== null) {
    const at = { session: run.session, iterator: iterator.id };
    const failure = await traverse(client, { endpoint, at, items, itemsMax });
    await client.askAt(endpoint, terminateSession(run.session));
    if (failure) return failure;
  } else if (iterator.truncated && items.length < itemsMax) {
    // A part must not be taken for the whole, and there is no way to the rest.
    return { kind: 'unreachable', attempts: [{ endpoint, reason: 'keeps no sessions' }] };
  }
  const values = items.slice(0, itemsMax).map(parseItem);
  const parsed = values.flatMap((value) => (value === null ? [] : [value]));
  return parsed.length === values.length
    ? { kind: 'value', value: parsed, endpoint }
    : { kind: 'other answer' };
}

interface Traversal {
  readonly endpoint: string;
  readonly at: { readonly session: string; readonly iterator: string };
  readonly items: StackItem[];
  readonly itemsMax: number;
}

/** Fills `items`; a failure, where the endpoint did not go on. */
async function traverse(
  client: RpcClient,
  { endpoint, at, items, itemsMax }: Traversal,
): Promise<Exclude<Read<never>, { kind: 'value' }> | null> {
  while (items.length < itemsMax) {
    const reply = await client.askAt(endpoint, traverseIterator(at));
    if (reply.kind === 'refused') return { ...reply, endpoint };
    if (reply.kind !== 'value') {
      return { kind: 'unreachable', attempts: [{ endpoint, reason: reply.reason }] };
    }
    if (reply.value.length === 0) return null;
    items.push(...reply.value);
  }
  return null;
}
