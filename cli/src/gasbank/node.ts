/**
 * What one node of the caller's choice says the chain had at a height. A node on another network,
 * one that keeps no state of that block, and one that answers anything else than what was asked for
 * cannot prove anything: that is told in words, and nothing is taken from another block instead.
 */
import type { Hash256 } from '../../../worker/core/neo/hash256.ts';
import { parseAnswer } from '../../../worker/core/neo/rpc/answer.ts';
import type { RpcCall } from '../../../worker/core/neo/rpc/call.ts';
import type { RpcError } from '../../../worker/core/neo/rpc/errors.ts';
import { getVersion } from '../../../worker/core/neo/rpc/protocol-settings.ts';
import {
  getApplicationLog,
  getTransaction,
} from '../../../worker/core/neo/rpc/transaction-calls.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import {
  cannotTell,
  gasBalancesAt,
  parseGasBalances,
} from '../../../worker/core/proofs/gas-balances.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import type { Io } from '../io.ts';
import { unproven } from './statement-file.ts';

const TIMEOUT_MS = 30_000;
/** One script of a node; far below what its stack may have. */
const ADDRESSES_PER_CALL = 50;

export interface Question {
  readonly magic: number;
  readonly height: number;
  readonly addresses: readonly ScriptHash[];
}

/** Datoshi, in the order of the addresses. */
export async function readFromNode(
  io: Io,
  url: string,
  { magic, height, addresses }: Question,
): Promise<readonly bigint[]> {
  const node = await openNode(io, url, { magic, height });
  const amounts: bigint[] = [];
  for (let from = 0; from < addresses.length; from += ADDRESSES_PER_CALL) {
    const some = addresses.slice(from, from + ADDRESSES_PER_CALL);
    const told = parseGasBalances(await ask(node, gasBalancesAt(some, height)), some);
    if (told === null) throw cannotProve(node, 'does not tell the balances');
    amounts.push(...told);
  }
  return amounts;
}

/**
 * The script of a transaction that halted, by the node's own word of block and outcome; what it shows
 * of the transaction is hashed here.
 */
export async function readHalted(
  io: Io,
  url: string,
  { magic, height, hash }: Omit<Question, 'addresses'> & { readonly hash: Hash256 },
): Promise<Uint8Array> {
  const node = await openNode(io, url, { magic, height });
  const { transaction, inclusion } = await ask(node, getTransaction(hash));
  if (inclusion === null) throw cannotProve(node, 'has the anchor in no block');
  const [execution] = (await ask(node, getApplicationLog(hash))).executions;
  if (execution === undefined) throw cannotProve(node, 'does not tell how the anchor ended');
  if (execution.vmState !== 'HALT')
    throw unproven('anchor_differs', `the transaction ${hash} did not halt on the chain`);
  return transaction.script;
}

async function openNode(
  io: Io,
  url: string,
  { magic, height }: Omit<Question, 'addresses'>,
): Promise<Node> {
  const node = { io, url: parseNodeUrl(url), height };
  const { protocol } = await ask(node, getVersion());
  if (protocol.magic !== magic)
    throw cannotProve(node, `is on the network of magic ${String(protocol.magic)}`);
  return node;
}

interface Node {
  readonly io: Io;
  readonly url: URL;
  readonly height: number;
}

function parseNodeUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usage(`--node ${text} is no address of a node, such as https://node.example:10332`);
  return url;
}

const cannotProve = ({ url, height }: Node, words: string): CliFailure =>
  new CliFailure({
    exitCode: EXIT.unavailable,
    code: 'proof.cannot_prove',
    detail: `cannot prove at ${String(height)}: ${url.host} ${words}`,
  });

async function ask<Value>(node: Node, call: RpcCall<Value>): Promise<Value> {
  const answer = parseAnswer(await exchange(node, call), 1);
  if (answer === null) throw cannotProve(node, 'does not answer as a node does');
  if (answer.kind === 'error') throw cannotProve(node, refusalWords(answer.error));
  const parsed = call.parse(answer.result);
  if (!parsed.ok) throw cannotProve(node, 'answers another question');
  return parsed.value;
}

function refusalWords(error: RpcError): string {
  const reason = cannotTell(error);
  if (reason === 'state_not_kept') return 'keeps no state of that block';
  if (reason === 'historic_calls_unsupported') return 'knows no calls at a block of the past';
  return `refuses: ${error.message} (${String(error.code)})`;
}

async function exchange(node: Node, { method, params }: RpcCall<unknown>): Promise<unknown> {
  const { io, url } = node;
  try {
    const response = await io.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'error',
      signal: AbortSignal.any([io.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return await response.json();
  } catch {
    // Whatever the network does: no answer is no proof.
    throw cannotProve(node, 'cannot be reached');
  }
}
