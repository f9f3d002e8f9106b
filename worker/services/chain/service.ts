/** The order of effects for reading a chain. */
import type { Answer } from '../../chain/attempts.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { parseHash256 } from '../../core/neo/hash256.ts';
import type { RpcCall } from '../../core/neo/rpc/call.ts';
import { getBlock as blockCall } from '../../core/neo/rpc/chain-calls.ts';
import { getNep17Balances } from '../../core/neo/rpc/state-calls.ts';
import {
  getApplicationLog as applicationLogCall,
  getTransaction as transactionCall,
} from '../../core/neo/rpc/transaction-calls.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { keep, recall } from './kept-answers.ts';
import { findNetwork, type Network, readStanding } from './networks.ts';
import { toApplicationLog, toBalance, toBlock, toTransaction } from './views.ts';

async function toNetwork(network: Network, now: number) {
  const { status, height, blockTime } = await readStanding(network, now);
  const { id, magic, quorum } = network.settings;
  return { id, magic, quorum, status, height, blockTime };
}

export async function listNetworks({ settings, now }: RequestContext) {
  const networks = settings.NEO_NETWORKS.flatMap(({ id }) => {
    const found = findNetwork(settings, id);
    return found.ok ? [found.value] : [];
  });
  const items = await Promise.all(networks.map((network) => toNetwork(network, now)));
  return ok({ status: 200, body: { items } } as const);
}

export async function getNetwork({ settings, now }: RequestContext, id: string) {
  const network = findNetwork(settings, id);
  if (!network.ok) return network;
  return ok({ status: 200, body: await toNetwork(network.value, now) } as const);
}

type ReadFailure = 'chain.network_unknown' | 'chain.unavailable' | 'request.not_found';

interface Question<Value, Body> {
  readonly network: string;
  /** Of the answer, when it may be kept. */
  readonly key: string;
  readonly call: RpcCall<Value>;
  /** Undefined for what is not there under this name. */
  readonly view: (value: Value) => Body | undefined;
  /** Whether it can never change again. */
  readonly isFinal: (body: Body) => boolean;
}

async function readKept<Value, Body extends object>(
  { settings, now, log }: RequestContext,
  question: Question<Value, Body>,
): Promise<Result<{ readonly status: 200; readonly body: Body }, ReadFailure>> {
  const network = findNetwork(settings, question.network);
  if (!network.ok) return network;
  const key = `${String(network.value.settings.magic)} ${question.key}`;
  // Of this question's own view, which alone keeps answers under this key.
  const known = recall(key, now) as Body | undefined;
  if (known) return ok({ status: 200, body: known });
  const answer = await network.value.client.ask(question.call);
  if (answer.kind === 'unreachable')
    log.warn('chain.unavailable', { network: question.network, attempts: wordsOf(answer) });
  const value = valueOf(answer);
  if (!value.ok) return value;
  const body = question.view(value.value);
  if (body === undefined) return err('request.not_found');
  if (question.isFinal(body)) keep(key, body, now);
  return ok({ status: 200, body });
}

const wordsOf = ({ attempts }: Extract<Answer<unknown>, { kind: 'unreachable' }>): string =>
  attempts.map(({ endpoint, reason }) => `${endpoint}: ${reason}`).join('; ');

const UNKNOWN = new Set([
  'unknownBlock',
  'unknownHeight',
  'unknownTransaction',
  'unknownLog',
  'badParams',
]);

function valueOf<Value>(
  answer: Answer<Value>,
): Result<Value, 'chain.unavailable' | 'request.not_found'> {
  if (answer.kind === 'value') return ok(answer.value);
  if (answer.kind === 'refused' && UNKNOWN.has(answer.error.meaning))
    return err('request.not_found');
  return err('chain.unavailable', { retryAfterSeconds: 1 });
}

const always = () => true;

export async function getBlock(
  context: RequestContext,
  { network, block }: { readonly network: string; readonly block: string },
) {
  const wanted = parseHash256(block) ?? Number(block);
  return readKept(context, {
    network,
    key: `block ${block}`,
    call: blockCall(wanted),
    view: toBlock,
    isFinal: always,
  });
}

interface TransactionPlace {
  readonly network: string;
  readonly hash: string;
}

export async function getTransaction(context: RequestContext, place: TransactionPlace) {
  const hash = parseHash256(place.hash);
  if (!hash) return err('request.not_found');
  return readKept(context, {
    network: place.network,
    key: `transaction ${hash}`,
    call: transactionCall(hash),
    view: toTransaction,
    // Confirmations go on; the ones behind the first say nothing more, so only the pool is asked anew.
    isFinal: ({ inclusion }) => inclusion !== null && inclusion.confirmations > CONFIRMATIONS_KEPT,
  });
}
/** Whoever watches a transaction wants to see its first confirmations counted. */
const CONFIRMATIONS_KEPT = 100;

export async function getApplicationLog(context: RequestContext, place: TransactionPlace) {
  const hash = parseHash256(place.hash);
  if (!hash) return err('request.not_found');
  return readKept(context, {
    network: place.network,
    key: `log ${hash}`,
    call: applicationLogCall(hash),
    view: toApplicationLog,
    isFinal: always,
  });
}

export async function listBalances(
  context: RequestContext,
  { network, address }: { readonly network: string; readonly address: string },
) {
  const account = parseAddress(address);
  if (!account) return err('request.not_found');
  return readKept(context, {
    network,
    key: `balances ${address}`,
    call: getNep17Balances(account),
    view: (balances) => ({ address, items: balances.map(toBalance) }),
    isFinal: () => false,
  });
}
