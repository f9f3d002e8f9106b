/**
 * Readings of contracts that money depends on: what a quorum of endpoints answers alike, each for
 * itself (money rule M5). Endpoints may be a block apart, so an answer that changes with each block
 * may need another try.
 */
import { getBlockCount } from '../core/neo/rpc/chain-calls.ts';
import { invokeScript } from '../core/neo/rpc/invocation-calls.ts';
import type { ScriptHash } from '../core/neo/script-hash.ts';
import { gas } from './contracts/gas.ts';
import { type ContractReading, scriptOf, valuesOf } from './invoker.ts';
import type { RpcClient } from './rpc-client.ts';

type Readings<Values extends readonly unknown[]> = {
  readonly [Index in keyof Values]: ContractReading<Values[Index]>;
};

export type Agreed<Values> =
  | { readonly kind: 'value'; readonly value: Values }
  /** They agree that the contract does not answer like this. */
  | { readonly kind: 'other answer' }
  /** Too few answered, or not alike. */
  | { readonly kind: 'unclear' };

/** All readings from one run of each endpoint. */
export async function readAgreed<Values extends readonly unknown[]>(
  { client, quorum }: { readonly client: RpcClient; readonly quorum: number },
  readings: Readings<Values>,
): Promise<Agreed<Values>> {
  const replies = await client.askEach(invokeScript({ script: scriptOf(readings) }));
  const answers = replies.flatMap(({ reply }) =>
    reply.kind === 'value' ? [valuesOf(readings, reply.value)] : [],
  );
  const agreed = findAgreed(answers, quorum);
  if (agreed === undefined) return { kind: 'unclear' };
  return agreed === null ? { kind: 'other answer' } : { kind: 'value', value: agreed };
}

export interface BalanceAt {
  readonly height: number;
  readonly datoshi: bigint;
}

/**
 * What lies on an account after one block: of that height only when no block came in between, and
 * as a quorum has it (M8). Null where the chain moved on meanwhile or endpoints disagree.
 */
export async function readAgreedBalance(
  { client, quorum }: { readonly client: RpcClient; readonly quorum: number },
  account: ScriptHash,
): Promise<BalanceAt | null> {
  const before = await readHeights(client);
  const replies = await client.askEach(
    invokeScript({ script: scriptOf<readonly [bigint]>([gas.balanceOf(account)]) }),
  );
  const after = await readHeights(client);
  const answers = replies.flatMap(({ endpoint, reply }): BalanceAt[] => {
    const height = before.get(endpoint);
    if (reply.kind !== 'value' || height === undefined || after.get(endpoint) !== height) return [];
    const [datoshi] = valuesOf<readonly [bigint]>([gas.balanceOf(account)], reply.value) ?? [];
    return datoshi === undefined ? [] : [{ height, datoshi }];
  });
  return findAgreed(answers, quorum) ?? null;
}

async function readHeights(client: RpcClient): Promise<ReadonlyMap<string, number>> {
  const replies = await client.askEach(getBlockCount());
  return new Map(
    replies.flatMap(({ endpoint, reply }): [string, number][] =>
      reply.kind === 'value' ? [[endpoint, reply.value - 1]] : [],
    ),
  );
}

/** Undefined when no answer has enough votes. */
function findAgreed<Value>(answers: readonly Value[], quorum: number): Value | undefined {
  const textOf = (answer: Value): string =>
    JSON.stringify(answer, (_key, part: unknown) =>
      typeof part === 'bigint' ? `${String(part)}n` : part,
    );
  const texts = answers.map(textOf);
  return answers.find(
    (_answer, index) => texts.filter((text) => text === texts[index]).length >= quorum,
  );
}
