/**
 * What is asked before somebody pays for a transaction: height, prices and balances, in one run of
 * each node, so that no block comes in between and one request tells it all. Nothing is agreed yet.
 */
import { NATIVE_CONTRACTS } from '../core/neo/native-contracts.ts';
import { invokeScript } from '../core/neo/rpc/invocation-calls.ts';
import type { ScriptHash } from '../core/neo/script-hash.ts';
import { toExecPicoFeeFactor } from '../core/neo/transaction/fees.ts';
import { asBigInt } from '../core/neo/vm/stack-item-values.ts';
import { gas } from './contracts/gas.ts';
import { policy } from './contracts/policy.ts';
import type { Reply } from './endpoint.ts';
import { type ContractReading, reading, scriptOf, valuesOf } from './invoker.ts';
import type { OwnReply, RpcClient } from './rpc-client.ts';

export interface FeeReading {
  readonly endpoint: string;
  /** Of its last block. */
  readonly height: number;
  /** Datoshi. */
  readonly feePerByte: bigint;
  readonly execPicoFeeFactor: bigint;
  /** Of GAS, in the order of the accounts. */
  readonly balances: readonly bigint[];
}

/** Of the endpoints that answered. */
export async function readFeesOfEach(
  client: RpcClient,
  accounts: readonly ScriptHash[],
): Promise<readonly FeeReading[]> {
  const exact = questionsOf(policy.execPicoFeeFactor(), accounts);
  const call = invokeScript({ script: scriptOf(exact) });
  const readings = await Promise.all(
    (await client.askEach(call)).map(
      async (own) => parse(exact, own) ?? readRounded(client, own, accounts),
    ),
  );
  return readings.filter((one) => one !== null);
}

/** Before Faun there is only the rounded factor, and asking for the other one faults. */
async function readRounded(
  client: RpcClient,
  { endpoint, reply }: OwnReply<Run>,
  accounts: readonly ScriptHash[],
): Promise<FeeReading | null> {
  if (reply.kind !== 'value' || reply.value.vmState !== 'FAULT') return null;
  const rounded = questionsOf(policy.execFeeFactor(), accounts);
  const again = await client.askAt(endpoint, invokeScript({ script: scriptOf(rounded) }));
  const read = parse(rounded, { endpoint, reply: again });
  return read && { ...read, execPicoFeeFactor: toExecPicoFeeFactor(read.execPicoFeeFactor) };
}

type Questions = readonly ContractReading<bigint>[];
type Run = Parameters<typeof valuesOf>[1];

const questionsOf = (
  execFactor: ContractReading<bigint>,
  accounts: readonly ScriptHash[],
): Questions => [
  reading(NATIVE_CONTRACTS.LedgerContract.hash, ['currentIndex'], asBigInt),
  policy.feePerByte(),
  execFactor,
  ...accounts.map((account) => gas.balanceOf(account)),
];

function parse(
  questions: Questions,
  { endpoint, reply }: { readonly endpoint: string; readonly reply: Reply<Run> },
): FeeReading | null {
  const values =
    reply.kind === 'value' ? valuesOf<readonly bigint[]>(questions, reply.value) : null;
  const [height, feePerByte, execPicoFeeFactor, ...balances] = values ?? [];
  if (height === undefined || feePerByte === undefined || execPicoFeeFactor === undefined)
    return null;
  return { endpoint, height: Number(height), feePerByte, execPicoFeeFactor, balances };
}
