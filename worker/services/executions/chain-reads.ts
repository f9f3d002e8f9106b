/**
 * The four reads of `Devpack.chain`: what each takes, what it asks of a node, and what it answers.
 * Answers are one node's word, read strictly. Whoever wrote a contract chooses what it answers and
 * how much, so no answer is held beyond the bound of one read, and none is taken for what it does
 * not say: integers are decimal text, stack items keep their types as JSON-RPC writes them.
 */
import * as z from 'zod';
import { nep17 } from '../../chain/contracts/nep17.ts';
import { scriptOf, valuesOf } from '../../chain/invoker.ts';
import type { RpcClient } from '../../chain/rpc-client.ts';
import type { ChainRead } from '../../core/functions-runtime/call-kinds.ts';
import type { Redactor } from '../../core/functions-runtime/redact.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { parseHash256 } from '../../core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import { getBlockCount } from '../../core/neo/rpc/chain-calls.ts';
import { invokeScript } from '../../core/neo/rpc/invocation-calls.ts';
import { getNep17Balances } from '../../core/neo/rpc/state-calls.ts';
import { getApplicationLog, getTransaction } from '../../core/neo/rpc/transaction-calls.ts';
import { parseScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import type { Invocation } from '../../core/neo/vm/invocation.ts';
import { formatStackItem } from '../../core/neo/vm/stack-item.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { signerSchema } from '../../http/transaction-schemas.ts';
import { toApplicationLog, toBalance, toTransaction } from '../chain/index.ts';
import { parseScript, parseSigners } from '../transactions/index.ts';
import { takeIterator } from './chain-iterator.ts';
import { bounded, type ReadFailure, valueOf } from './node-answers.ts';
import { redactItem } from './redact-item.ts';

/** The network of one read. */
export interface ReadSource {
  readonly client: RpcClient;
  readonly redactor: Redactor;
}

/** JSON, and nothing that could not be stored. */
export type ReadResult = Result<unknown, ReadFailure>;

const invalid = (detail: string) => err('functions.call_invalid', { detail });

/** Parses the request behind the door: what is refused here is an answer, and is in the journal. */
const reading =
  <Request>(
    schema: z.ZodType<Request>,
    read: (source: ReadSource, request: Request) => Promise<ReadResult>,
  ) =>
  async (source: ReadSource, request: unknown): Promise<ReadResult> => {
    const parsed = schema.safeParse(request);
    if (parsed.success) return read(source, parsed.data);
    const [issue] = parsed.error.issues;
    return invalid(`/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'is not valid'}`);
  };

const callRequest = z.strictObject({
  contract: z.string(),
  method: z.string().min(1),
  args: z.array(z.unknown()).nullish(),
  signers: z.array(signerSchema).nullish(),
});

async function readCall(
  { client, redactor }: ReadSource,
  { contract, method, args, signers }: z.infer<typeof callRequest>,
): Promise<ReadResult> {
  const call = { contract, method, args: args ?? [], flags: 'All', result: 'kept' } as const;
  const script = parseScript({ calls: [call] });
  if (!script.ok) return misplaced(script.failure);
  const witnesses = parseSigners(signers ?? []);
  if (!witnesses.ok) return misplaced(witnesses.failure);
  const run = { script: script.value, signers: witnesses.value };
  const answer = valueOf(await client.ask(bounded(invokeScript(run))));
  if (!answer.ok) return answer;
  const { value: invocation, endpoint } = answer.value;
  const { session, stack, vmState } = invocation;
  const taken = await takeIterator(client, { session, endpoint, stack: stack ?? [] });
  if (vmState === 'FAULT') return faulted(invocation);
  if (stack === null) return err('chain.answer_unexpected');
  if (!taken.ok) return taken;
  return ok({
    stack: taken.value.map((item) => formatStackItem(redactItem(item, redactor))),
    gasConsumed: invocation.gasConsumedDatoshi.toString(),
  });
}

const faulted = ({ exception }: Invocation) =>
  err('chain.call_faulted', exception === null ? {} : { detail: exception });

/** Pointers go into the script the call became; code wrote the call alone. */
function misplaced({
  fields = [],
  detail,
}: {
  readonly fields?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly detail?: string;
}): ReadResult {
  const places = fields.map((one) => `${one.pointer.replace(/^\/calls\/0/, '')} ${one.detail}`);
  return invalid([...places, ...(detail === undefined ? [] : [detail])].join('; '));
}

const TOKENS: Readonly<Record<string, ScriptHash>> = {
  GAS: NATIVE_CONTRACTS.GasToken.hash,
  NEO: NATIVE_CONTRACTS.NeoToken.hash,
};

const balanceRequest = z.strictObject({ address: z.string(), token: z.string().nullish() });

async function readBalance(
  { client }: ReadSource,
  { address, token }: z.infer<typeof balanceRequest>,
): Promise<ReadResult> {
  const account = parseAddress(address) ?? parseScriptHash(address);
  if (!account) return invalid('/address is neither an address nor 0x and 40 digits');
  if (token === null || token === undefined) {
    const balances = valueOf(await client.ask(bounded(getNep17Balances(account))));
    return balances.ok ? ok({ address, items: balances.value.value.map(toBalance) }) : balances;
  }
  const contract = (Object.hasOwn(TOKENS, token) && TOKENS[token]) || parseScriptHash(token);
  if (!contract) return invalid('/token is neither GAS, NEO nor 0x and 40 digits');
  const balance = await readToken(client, contract, account);
  return balance.ok ? ok({ address, ...balance.value }) : balance;
}

async function readToken(client: RpcClient, contract: ScriptHash, account: ScriptHash) {
  const token = nep17(contract);
  const readings = [token.symbol(), token.decimals(), token.balanceOf(account)] as const;
  const answer = valueOf(await client.ask(bounded(invokeScript({ script: scriptOf(readings) }))));
  if (!answer.ok) return answer;
  const { value: invocation } = answer.value;
  if (invocation.vmState === 'FAULT') return faulted(invocation);
  const values = valuesOf<readonly [string, number, bigint]>(readings, invocation);
  if (values === null) return err('chain.answer_unexpected');
  const [symbol, decimals, amount] = values;
  return ok({ contract, symbol, decimals, amount: amount.toString() });
}

const transactionRequest = z.strictObject({ hash: z.string() });

async function readTransaction(
  { client }: ReadSource,
  request: z.infer<typeof transactionRequest>,
): Promise<ReadResult> {
  const hash = parseHash256(request.hash);
  if (!hash) return invalid('/hash is not 0x and 64 digits');
  const known = valueOf(await client.ask(bounded(getTransaction(hash))));
  if (!known.ok)
    return known.failure.code === 'request.not_found'
      ? err('request.not_found', { detail: 'The network knows no such transaction' })
      : known;
  const transaction = toTransaction(known.value.value);
  if (transaction.inclusion === null) return ok({ ...transaction, applicationLog: null });
  const log = valueOf(await client.ask(bounded(getApplicationLog(hash))));
  if (log.ok)
    return ok({ ...transaction, applicationLog: toApplicationLog(log.value.value) ?? null });
  // A node that is a block behind the one that told of the transaction, or keeps no logs.
  return log.failure.code === 'request.not_found'
    ? ok({ ...transaction, applicationLog: null })
    : log;
}

async function readHeight({ client }: ReadSource): Promise<ReadResult> {
  const count = valueOf(await client.ask(getBlockCount()));
  return count.ok ? ok(count.value.value - 1) : count;
}

export const READS: Readonly<
  Record<ChainRead, (source: ReadSource, request: unknown) => Promise<ReadResult>>
> = {
  'chain.call': reading(callRequest, readCall),
  'chain.balance': reading(balanceRequest, readBalance),
  'chain.transaction': reading(transactionRequest, readTransaction),
  'chain.height': reading(z.strictObject({}), readHeight),
};
