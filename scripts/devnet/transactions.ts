/**
 * Transactions for the set-up of the private network and its tests: one sender, the fees the node
 * asks for, sent once and awaited. It has none of the care that money needs elsewhere: a lost reply
 * or a restart in between is a failed set-up, which is run again.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { signMessage } from '../../worker/core/neo/private-key.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import type { Signer } from '../../worker/core/neo/transaction/signer.ts';
import { formatSigner } from '../../worker/core/neo/transaction/signer-json.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  toBase64Transaction,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import type { Witness } from '../../worker/core/neo/transaction/witness.ts';
import {
  CALLED_BY_ENTRY,
  type WitnessScopes,
} from '../../worker/core/neo/transaction/witness-scope.ts';
import type { SigningAccount } from './accounts.ts';
import { DEVNET_MAGIC } from './config.ts';
import { blockCount } from './node.ts';
import { isObject, type Rpc, RpcRefusal } from './rpc.ts';

const BLOCKS_VALID = 100;
const EXECUTED_WITHIN_MS = 60_000;
const POLL_MS = 100;
const UNKNOWN_LOG = -105;

export interface Executed {
  readonly hash: string;
  readonly vmState: string;
  readonly exception: string | null;
}

export interface Order {
  readonly script: Uint8Array;
  /** Datoshi. Absent: what a trial run burns. Given: no trial, so that a script may fail on chain. */
  readonly systemFee?: bigint;
  /** Absent: CalledByEntry. */
  readonly scopes?: WitnessScopes;
}

/** Runs a script as `from` and waits for its block; anything but HALT is an error. */
export async function execute(
  rpc: Rpc,
  from: SigningAccount,
  script: Uint8Array,
): Promise<Executed> {
  const hash = await send(rpc, from, await buildTransaction(rpc, from, { script }));
  const executed = await awaitExecution(rpc, hash);
  if (executed.vmState !== 'HALT') throw new Error(`${hash}: ${executed.exception ?? 'FAULT'}`);
  return executed;
}

/** With the fees that the node computes for it. */
export async function buildTransaction(
  rpc: Rpc,
  from: SigningAccount,
  { script, systemFee, scopes = CALLED_BY_ENTRY }: Order,
): Promise<UnsignedTransaction> {
  const signers = [{ account: from.scriptHash, scopes }];
  const unsigned: UnsignedTransaction = {
    nonce: randomBytes(4).readUInt32LE(),
    systemFee: systemFee ?? (await trialRun(rpc, signers, script)),
    networkFee: 0n,
    validUntilBlock: (await blockCount(rpc)) - 1 + BLOCKS_VALID,
    signers,
    attributes: [],
    script,
  };
  return { ...unsigned, networkFee: await networkFeeOf(rpc, [from], unsigned) };
}

/** For its size and the signatures of these accounts, which are those of its signers. */
export async function networkFeeOf(
  rpc: Rpc,
  accounts: readonly SigningAccount[],
  unsigned: UnsignedTransaction,
): Promise<bigint> {
  const invocation = new Uint8Array();
  const witnesses = accounts.map(({ verification }) => ({ invocation, verification }));
  const asked = toBase64Transaction({ ...unsigned, witnesses });
  const fee = await rpc.call('calculatenetworkfee', [asked]);
  if (!isObject(fee)) throw new Error('calculatenetworkfee: not an object');
  return BigInt(String(fee.networkfee));
}

/** What the script burns; it has to end well. */
export async function trialRun(
  rpc: Rpc,
  signers: readonly Signer[],
  script: Uint8Array,
): Promise<bigint> {
  const trial = await rpc.call('invokescript', [toBase64(script), signers.map(formatSigner)]);
  if (isObject(trial) && trial.state === 'HALT') return BigInt(String(trial.gasconsumed));
  throw new Error(`the script does not run: ${isObject(trial) ? String(trial.exception) : ''}`);
}

/** Signed by its one signer and handed to the node; answers the hash. */
export async function send(
  rpc: Rpc,
  from: SigningAccount,
  unsigned: UnsignedTransaction,
): Promise<string> {
  const witnesses = [witnessOf(from, unsigned)];
  await rpc.call('sendrawtransaction', [toBase64Transaction({ ...unsigned, witnesses })]);
  return hashTransaction(unsigned);
}

export function witnessOf(account: SigningAccount, unsigned: UnsignedTransaction): Witness {
  const message = encodeSigningMessage(DEVNET_MAGIC, hashTransaction(unsigned));
  const invocation = new ScriptBuilder();
  for (const key of account.privateKeys) invocation.pushBytes(signMessage(message, key));
  return { invocation: invocation.toBytes(), verification: account.verification };
}

/** Included is not executed: the application log says what became of it. */
export async function awaitExecution(rpc: Rpc, hash: string): Promise<Executed> {
  const deadline = Date.now() + EXECUTED_WITHIN_MS;
  for (;;) {
    const executed = await readExecution(rpc, hash);
    if (executed !== undefined) return executed;
    if (Date.now() > deadline) throw new Error(`${hash} is in no block`);
    await delay(POLL_MS);
  }
}

async function readExecution(rpc: Rpc, hash: string): Promise<Executed | undefined> {
  try {
    const log = await rpc.call('getapplicationlog', [hash]);
    const executions: unknown = isObject(log) ? log.executions : undefined;
    const first: unknown = Array.isArray(executions) ? executions[0] : undefined;
    if (!isObject(first)) throw new Error(`${hash}: a log without an execution`);
    const exception = typeof first.exception === 'string' ? first.exception : null;
    return { hash, vmState: String(first.vmstate), exception };
  } catch (error) {
    if (error instanceof RpcRefusal && error.code === UNKNOWN_LOG) return undefined;
    throw error;
  }
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
