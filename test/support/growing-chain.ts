/**
 * The small chain's node as a test holds it in its hand: it takes transactions, and makes a block of
 * them when it is told to. It answers in place of the network for as long as the test runs; that it
 * says what real nodes say is held in test/chain.
 */
import { base64 } from '@scure/base';
import { onTestFinished, vi } from 'vitest';
import { decodeCalls } from '../../worker/core/neo/contract-calls.ts';
import {
  hashTransaction,
  parseBase64Transaction,
  type Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { formatTransaction } from '../../worker/core/neo/transaction/transaction-json.ts';
import type { ScriptedNode } from './scripted-node.ts';
import { createNode, NODE_HOST } from './small-chain.ts';

interface Block {
  readonly index: number;
  readonly vmState: 'HALT' | 'FAULT';
  readonly transaction: Transaction;
}

export class GrowingChain {
  readonly node: ScriptedNode = createNode();
  /** What was sent and is in no block, by hash. */
  readonly pool = new Map<string, Transaction>();
  /** What was sent at all, each once. */
  readonly sent = new Set<string>();
  /** Of every script that is simulated from now on; null: as the small chain has it. */
  exception: string | null = null;
  /** False: it takes nothing, as a node that is down for this alone. */
  takes = true;
  readonly #blocks = new Map<string, Block>();

  constructor() {
    const small = this.node.scripts.get('invokescript');
    this.node.scripts.set('invokescript', (request) => {
      const script = base64.decode(String(request.params[0]));
      // RET, which a cancelling transaction is.
      if (script.length === 1 && script[0] === 0x40) return { result: halted(request.params[0]) };
      if (this.exception !== null && !isReading(script))
        return {
          result: { ...halted(request.params[0]), state: 'FAULT', exception: this.exception },
        };
      return small?.(request) ?? {};
    });
    this.node.scripts.set('getblockheader', ({ params: [block] }) => {
      const index = Number(block);
      return { result: { index, hash: blockHashOf(index), time: this.node.blockTimeMs } };
    });
    this.node.scripts.set('sendrawtransaction', ({ params: [text] }) => this.#take(String(text)));
    this.node.scripts.set('getrawtransaction', ({ params: [hash] }) => this.#show(String(hash)));
    this.node.scripts.set('getapplicationlog', ({ params: [hash] }) => this.#log(String(hash)));
  }

  /** A block of one of those in the pool; whatever it conflicts with is gone with it. */
  include(hash: string, vmState: Block['vmState'] = 'HALT'): void {
    const transaction = this.pool.get(hash);
    if (!transaction) throw new Error(`${hash} is not in the pool`);
    this.node.height += 1;
    this.pool.clear();
    this.#blocks.set(hash, { index: this.node.height, vmState, transaction });
  }

  /** Blocks of others. */
  grow(blocks: number): void {
    this.node.height += blocks;
  }

  #take(text: string) {
    const decoded = parseBase64Transaction(text);
    if (!decoded.ok || !this.takes) return { error: { code: -32_603, message: 'Internal error' } };
    const hash = hashTransaction(decoded.value);
    this.sent.add(hash);
    if (!this.#blocks.has(hash)) this.pool.set(hash, decoded.value);
    return { result: { hash } };
  }

  #show(hash: string) {
    const pooled = this.pool.get(hash);
    if (pooled) return { result: formatTransaction(pooled) };
    const block = this.#blocks.get(hash);
    if (!block) return { error: { code: -103, message: 'Unknown transaction' } };
    return {
      result: {
        ...formatTransaction(block.transaction),
        blockhash: blockHashOf(block.index),
        confirmations: this.node.height - block.index + 1,
        blocktime: this.node.blockTimeMs,
        vmstate: block.vmState,
      },
    };
  }

  #log(hash: string) {
    const block = this.#blocks.get(hash);
    if (!block) return { error: { code: -105, message: 'Unknown script container' } };
    const { vmState } = block;
    const exception = vmState === 'FAULT' ? 'at instruction 0 (ABORT): ABORT' : null;
    const execution = {
      trigger: 'Application',
      vmstate: vmState,
      exception,
      gasconsumed: '9977780',
      stack: [],
      notifications: [],
    };
    return { result: { txid: hash, executions: [execution] } };
  }
}

const blockHashOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`;

const halted = (script: unknown) => ({
  script,
  state: 'HALT',
  gasconsumed: '0',
  exception: null,
  stack: [],
  notifications: [],
});

/** Prices and balances, which a chain tells whatever scripts do. */
function isReading(script: Uint8Array): boolean {
  const calls = decodeCalls(script);
  return (
    calls.ok && calls.value.every(({ method }) => /^get|^balanceOf$|^currentIndex$/.test(method))
  );
}

/** Heights only grow, as clients in this isolate remember. */
let height = 1_000;

/** Stands in for the node of `NETWORKS.up` until the test is over. */
export function growingChain(): GrowingChain {
  const chain = new GrowingChain();
  height += 10_000;
  chain.node.height = height;
  const outside = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.host !== NODE_HOST) return outside(input, init);
    chain.node.blockTimeMs = Date.now();
    return chain.node.serve(await new Request(input, init).text());
  });
  onTestFinished(() => spy.mockRestore());
  return chain;
}
