/**
 * What typed clients of contracts call: a method read without a transaction, or sent as one, and
 * events. `slctl contracts generate` writes such a client from a manifest; nothing in here knows
 * any one contract.
 */
import type { CallOptions } from './call-options.ts';
import type { Client } from './client.ts';
import type { ContractParameter, StackItem } from './contract-values.ts';
import { clientError, isServiceLayerError } from './errors.ts';
import type { Operations } from './generated/types.ts';

/** A registered contract. */
export interface ContractPlace {
  readonly accountId: string;
  readonly contractId: string;
}

type Invocation = Operations['contracts.invokeMethod'];
type TestInvocation = Operations['contracts.testInvokeMethod'];

/** How a method is read; signers are those whose witness it asks for. */
export type ContractReading = CallOptions & Pick<TestInvocation['input'], 'signers'>;
/** How a method is sent: the wallet at least. */
export type ContractSending = CallOptions &
  Omit<Invocation['input'], keyof ContractPlace | 'method' | 'args'>;
/** The transaction that calls the method. */
export type ContractInvocation = Invocation['output'];
export type ContractNotification = TestInvocation['output']['notifications'][number];

export interface ContractConnection {
  readonly read: <Value>(
    call: ContractMethod,
    decode: (item: StackItem) => Value,
    reading?: ContractReading,
  ) => Promise<Value>;
  readonly invoke: (call: ContractMethod, sending: ContractSending) => Promise<ContractInvocation>;
}

interface ContractMethod {
  readonly method: string;
  readonly args: readonly ContractParameter[];
}

export function connectContract(client: Client, place: ContractPlace): ContractConnection {
  const { contracts } = client;
  const { accountId, contractId } = place;
  return {
    read: async ({ method, args }, decode, reading = {}) => {
      const { signers, ...options } = reading;
      const input = { accountId, contractId, method, args, signers };
      return decode(answerOf(await contracts.testInvokeMethod(input, options)));
    },
    invoke: ({ method, args }, sending) => {
      const { idempotencyKey, traceparent, signal, ...more } = sending;
      const { attemptTimeoutMs, timeoutMs, retries, ifMatch, ...send } = more;
      const ways = { idempotencyKey, traceparent, signal, attemptTimeoutMs, timeoutMs, retries };
      const input = { ...send, accountId, contractId, method, args };
      return contracts.invokeMethod(input, { ...ways, ifMatch });
    },
  };
}

function answerOf({ vmState, exception, stack }: TestInvocation['output']): StackItem {
  if (vmState !== 'HALT')
    throw clientError('client.contract_fault', exception ?? 'The method ended in a FAULT.');
  const [item] = stack ?? [];
  if (item === undefined)
    throw clientError('client.contract_answer', 'The contract answered nothing.');
  return item;
}

/** The name of an event, and how to read its values, in their order. */
export interface ContractEventShape {
  readonly eventName: string;
  readonly values: Readonly<Record<string, (item: StackItem) => unknown>>;
}

/**
 * Null for what is no event of this contract. Any contract may raise an event of any name, so whose
 * it is, is looked at first.
 */
export function decodeContractEvent(
  shapes: readonly ContractEventShape[],
  scriptHash: string,
  { contract, eventName, state }: ContractNotification,
): Readonly<Record<string, unknown>> | null {
  if (contract.toLowerCase() !== scriptHash.toLowerCase()) return null;
  const shape = shapes.find((one) => one.eventName === eventName);
  const entries = Object.entries(shape?.values ?? {});
  if (shape === undefined || state?.length !== entries.length) return null;
  try {
    const values = entries.map(([name, decode], index) => [name, decode(state[index] ?? {})]);
    return { eventName, ...Object.fromEntries(values) };
  } catch (error) {
    // The manifest says another form than the contract keeps to.
    if (isServiceLayerError(error, 'client.contract_answer')) return null;
    throw error;
  }
}
