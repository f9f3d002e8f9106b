/**
 * A private network of one scripted node, for services that read a chain: one block with a transfer
 * and a faulted transaction, made by the product's own codecs. Only what it says is scripted; real
 * nodes are in test/chain.
 */
import { base64 } from '@scure/base';
import { encodeAddress, parseAddress } from '../../worker/core/neo/address.ts';
import { encodeBlock } from '../../worker/core/neo/block/block.ts';
import { type Header, hashHeader } from '../../worker/core/neo/block/header.ts';
import { merkleRootOf } from '../../worker/core/neo/block/merkle.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import {
  decodeCalls,
  encodeCalls,
  type LiteralCall,
} from '../../worker/core/neo/contract-calls.ts';
import { decodeHash256 } from '../../worker/core/neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { encodeScriptHash, type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import {
  hashTransaction,
  parseBase64Transaction,
  type Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { formatTransaction } from '../../worker/core/neo/transaction/transaction-json.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import { NETWORK, type Script, ScriptedNode } from './scripted-node.ts';
import { CONTRACT_STATES, runMethod } from './small-contracts.ts';
import { readVault } from './small-vault.ts';

/** What the tests' Worker is configured with; nothing listens at the second one. */
export const NETWORKS = {
  up: { id: 'neo3:private', magic: NETWORK, rpc: ['http://node.test'], quorum: 1 },
  down: { id: 'neo3:down', magic: 1, rpc: ['http://down.test'], quorum: 1 },
} as const;

const GAS = NATIVE_CONTRACTS.GasToken.hash;
const SENDER = accountAt('NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP');
const RECEIVER = accountAt('NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i');
const HEIGHT = 7;
const BLOCK_TIME_MS = Date.UTC(2026, 10, 1, 9);

function accountAt(address: string): ScriptHash {
  const account = parseAddress(address);
  if (!account) throw new Error('not an address');
  return account;
}

const transaction = (nonce: number, script: Uint8Array): Transaction => ({
  nonce,
  systemFee: 9_977_780n,
  networkFee: 1_228_520n,
  validUntilBlock: 100,
  signers: [{ account: SENDER, scopes: CALLED_BY_ENTRY }],
  attributes: [],
  script,
  witnesses: [{ invocation: new Uint8Array(66), verification: new Uint8Array(40) }],
});

const TRANSFER = transaction(
  1,
  encodeCalls([
    {
      contract: GAS,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: SENDER },
        { type: 'Hash160', value: RECEIVER },
        { type: 'Integer', value: 100_000_000n },
        { type: 'Any', value: null },
      ],
      flags: CALL_FLAGS.All,
      result: 'asserted',
    },
  ]),
);
/** ABORT. */
const FAULTED = transaction(2, Uint8Array.of(0x38));
/** In the pool. */
const WAITING = transaction(3, Uint8Array.of(0x40));

const hashes = [hashTransaction(TRANSFER), hashTransaction(FAULTED)] as const;

const HEADER: Header = {
  previousHash: decodeHash256(new Uint8Array(32).fill(6)),
  merkleRoot: merkleRootOf(hashes) ?? decodeHash256(new Uint8Array(32)),
  timeMs: BLOCK_TIME_MS,
  nonce: 255n,
  index: HEIGHT,
  primary: 0,
  nextConsensus: SENDER,
  witness: { invocation: new Uint8Array(66), verification: new Uint8Array(40) },
};

export const SMALL_CHAIN = {
  height: HEIGHT,
  blockHash: hashHeader(HEADER),
  transfer: hashes[0],
  faulted: hashes[1],
  waiting: hashTransaction(WAITING),
  sender: encodeAddress(SENDER),
  receiver: encodeAddress(RECEIVER),
  gas: GAS,
  checkpoint: { height: HEIGHT, hash: hashHeader(HEADER), nextConsensus: SENDER },
} as const;

const bytesOf = (account: ScriptHash) => base64.encode(encodeScriptHash(account));
const transferred = {
  contract: GAS,
  eventname: 'Transfer',
  state: {
    type: 'Array',
    value: [
      { type: 'ByteString', value: bytesOf(SENDER) },
      { type: 'ByteString', value: bytesOf(RECEIVER) },
      { type: 'Integer', value: '100000000' },
    ],
  },
};

const NOTHING = { code: -103, message: 'Unknown transaction' };
const NO_CONTRACT = { code: -102, message: 'Unknown contract' };
const NO_LOG = { code: -105, message: 'Unknown script container' };

/** By the first parameter. */
const byName =
  (answers: Readonly<Record<string, unknown>>, error: object): Script =>
  ({ params }) => {
    const name = String(params[0]);
    return Object.hasOwn(answers, name) ? { result: answers[name] } : { error };
  };

const included = (one: Transaction, vmstate: string) => ({
  ...formatTransaction(one),
  blockhash: SMALL_CHAIN.blockHash,
  confirmations: 1,
  blocktime: BLOCK_TIME_MS,
  vmstate,
});

const execution = (vmstate: 'HALT' | 'FAULT', exception: string | null) => ({
  trigger: 'Application',
  vmstate,
  exception,
  gasconsumed: '9977780',
  stack: [],
  // A faulted log lists what was raised before the fault.
  notifications: [transferred],
});

const balance = {
  assethash: GAS,
  name: 'GasToken',
  symbol: 'GAS',
  decimals: '8',
  amount: '100000000',
  lastupdatedblock: HEIGHT,
};

/** Datoshi, the prices of a private network; by the method of Policy. */
const PRICES: Readonly<Record<string, string>> = {
  getFeePerByte: '1000',
  getExecPicoFeeFactor: '300000',
};

/** What a balance is read with, all in one script; null for anything else. */
function readToken(calls: readonly LiteralCall[]): readonly object[] | null {
  const [, , balanceOf] = calls;
  const methods = calls.map(({ method }) => method).join();
  if (methods !== 'symbol,decimals,balanceOf' || balanceOf?.contract !== GAS) return null;
  const [account] = balanceOf.args;
  const isReceiver = account?.type === 'ByteString' && base64.encode(account.value) === RICH;
  return [
    { type: 'ByteString', value: base64.encode(new TextEncoder().encode(balance.symbol)) },
    { type: 'Integer', value: balance.decimals },
    { type: 'Integer', value: isReceiver ? balance.amount : '0' },
  ];
}
const RICH = bytesOf(RECEIVER);

/** The height, prices and balances of senders, all in one script: everybody is rich. */
function readFortunes(calls: readonly LiteralCall[], height: number): readonly object[] | null {
  if (calls[0]?.method !== 'currentIndex') return null;
  const known: Readonly<Record<string, string>> = {
    ...PRICES,
    currentIndex: String(height),
    balanceOf: FORTUNE,
  };
  const values = calls.flatMap(({ method }) => known[method] ?? []);
  return values.length < calls.length ? null : values.map((value) => ({ type: 'Integer', value }));
}

/** What the few scripts that the tests send would do. */
function run(script: Uint8Array, height: number): unknown {
  const calls = decodeCalls(script);
  const [call] = calls.ok ? calls.value : [];
  const method = call?.method ?? '';
  const outcome = { script: base64.encode(script), gasconsumed: '9977780', exception: null };
  const read = calls.ok
    ? (readToken(calls.value) ?? readFortunes(calls.value, height) ?? readVault(calls.value))
    : null;
  if (read) return { ...outcome, state: 'HALT', stack: read, notifications: [] };
  // What a sender reads before it sends: everybody is rich.
  if (method === 'balanceOf' && call?.contract === GAS)
    return {
      ...outcome,
      state: 'HALT',
      stack: [{ type: 'Integer', value: FORTUNE }],
      notifications: [],
    };
  const price = PRICES[method];
  if (price !== undefined)
    return {
      ...outcome,
      state: 'HALT',
      stack: [{ type: 'Integer', value: price }],
      notifications: [],
    };
  const told = call && runMethod(call);
  if (told) return { ...outcome, state: 'HALT', notifications: [], ...told };
  if (method === 'transfer')
    return { ...outcome, state: 'HALT', stack: [], notifications: [transferred] };
  // Of a vault.
  if (method === 'release' || method === 'refill')
    return { ...outcome, state: 'HALT', stack: [{ type: 'Any' }], notifications: [] };
  const exception = 'at instruction 0 (ABORT): ABORT';
  return { ...outcome, state: 'FAULT', exception, gasconsumed: '0', stack: [], notifications: [] };
}

/** 100 GAS. */
const FORTUNE = '10000000000';

/** Takes every transaction into its pool, and makes no block of them. */
function pool(text: unknown) {
  const decoded = parseBase64Transaction(String(text));
  if (!decoded.ok) return { error: { code: -501, message: 'Invalid transaction' } };
  return { result: { hash: hashTransaction(decoded.value) } };
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  getblock: byName(
    Object.fromEntries(
      [String(HEIGHT), SMALL_CHAIN.blockHash].map((name) => [
        name,
        base64.encode(encodeBlock({ header: HEADER, transactions: [TRANSFER, FAULTED] })),
      ]),
    ),
    { code: -101, message: 'Unknown block' },
  ),
  getrawtransaction: byName(
    {
      [SMALL_CHAIN.transfer]: included(TRANSFER, 'HALT'),
      [SMALL_CHAIN.faulted]: included(FAULTED, 'FAULT'),
      [SMALL_CHAIN.waiting]: formatTransaction(WAITING),
    },
    NOTHING,
  ),
  getapplicationlog: byName(
    {
      [SMALL_CHAIN.transfer]: {
        txid: SMALL_CHAIN.transfer,
        executions: [execution('HALT', null)],
      },
      [SMALL_CHAIN.faulted]: {
        txid: SMALL_CHAIN.faulted,
        executions: [execution('FAULT', 'at instruction 0 (ABORT): ABORT')],
      },
    },
    NO_LOG,
  ),
  getcontractstate: byName(CONTRACT_STATES, NO_CONTRACT),
  calculatenetworkfee: () => ({ result: { networkfee: '1232520' } }),
  sendrawtransaction: ({ params: [transaction] }) => pool(transaction),
  getnep17balances: ({ params: [address] }) => ({
    result: { address, balance: address === SMALL_CHAIN.receiver ? [balance] : [] },
  }),
};

/** A node of its own of this chain. */
export function createNode(): ScriptedNode {
  const node = new ScriptedNode();
  node.height = HEIGHT;
  for (const [method, script] of Object.entries(SCRIPTS)) node.scripts.set(method, script);
  node.scripts.set('invokescript', ({ params: [script] }) => ({
    result: run(base64.decode(String(script)), node.height),
  }));
  return node;
}

const node = createNode();

/** The node's answer to the body of a request. */
export async function answerAsNode(body: string): Promise<string> {
  node.blockTimeMs = Date.now();
  return (await node.serve(body)).text();
}

/** The host of the node in `NETWORKS.up`. */
export const NODE_HOST = new URL(NETWORKS.up.rpc[0]).host;
