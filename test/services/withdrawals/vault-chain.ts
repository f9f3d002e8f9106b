/**
 * The growing chain with a vault on it, which pays each id once and says so, or lies when a test
 * tells it to. That real vaults and nodes say the same is held in test/chain.
 */
import { base64 } from '@scure/base';
import { assert } from '../../../worker/core/assert.ts';
import { decodeCalls, type LiteralCall } from '../../../worker/core/neo/contract-calls.ts';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  type ScriptHash,
} from '../../../worker/core/neo/script-hash.ts';
import type { StackLiteral } from '../../../worker/core/neo/stack-argument.ts';
import type { Transaction } from '../../../worker/core/neo/transaction/transaction.ts';
import { type GrowingChain, growingChain } from '../../support/growing-chain.ts';

const GAS = 100_000_000n;

export interface Payment {
  readonly vault: ScriptHash;
  readonly method: string;
  readonly id: string;
  readonly to: ScriptHash;
  readonly amount: bigint;
}

const PAYING = new Set(['release', 'refill']);
const READINGS = new Set([
  'isPaused',
  'releaseCap',
  'releasedToday',
  'refillCap',
  'refilledToday',
  'released',
]);

export class VaultChain {
  readonly chain: GrowingChain = growingChain();
  cap = 1_000n * GAS;
  spent = 0n;
  isPaused = false;
  /** Datoshi that a payment takes when it is simulated. */
  cost = 30_000_000n;
  /** Why a simulated payment faults. */
  fault: string | null = null;
  /** Of every wallet. */
  balance = 100n * GAS;
  /** What the log of a payment says of it. */
  told: (payment: Payment) => readonly Payment[] = (payment) => [payment];
  /** What was paid, by id. */
  readonly paid = new Map<string, Payment>();
  readonly #logs = new Map<string, readonly Payment[]>();

  constructor() {
    const { scripts } = this.chain.node;
    const small = scripts.get('invokescript');
    const logs = scripts.get('getapplicationlog');
    scripts.set('invokescript', (request) => {
      const script = String(request.params[0]);
      const calls = decodeCalls(base64.decode(script));
      const answer = calls.ok ? this.#run(calls.value) : null;
      return answer
        ? { result: { script, notifications: [], ...answer } }
        : (small?.(request) ?? {});
    });
    scripts.set('getapplicationlog', (request) => {
      const answer = logs?.(request) ?? {};
      const told = this.#logs.get(String(request.params[0]));
      if (told === undefined) return answer;
      const log = structuredClone(answer) as {
        result: { executions: { notifications: object[] }[] };
      };
      for (const execution of log.result.executions)
        execution.notifications = told.map(notificationOf);
      return log;
    });
  }

  /** The one transaction that waits in the pool. */
  get waiting(): string {
    const [hash, ...more] = this.chain.pool.keys();
    if (hash === undefined || more.length > 0) throw new Error('not one transaction waits');
    return hash;
  }

  /** A block with it. */
  include(hash: string, vmState: 'HALT' | 'FAULT' = 'HALT'): void {
    const transaction = this.chain.pool.get(hash);
    assert(transaction !== undefined, 'a transaction of the pool');
    this.chain.include(hash, vmState);
    if (vmState === 'FAULT') return;
    const payment = paymentIn(transaction);
    this.paid.set(payment.id, payment);
    this.#logs.set(hash, this.told(payment));
  }

  #run(calls: readonly LiteralCall[]): object | null {
    const [first] = calls;
    if (first && calls.length === 1 && PAYING.has(first.method))
      return this.fault === null
        ? halted([{ type: 'Any' }], this.cost)
        : { ...halted([], this.cost), state: 'FAULT', exception: this.fault };
    if (calls.every(({ method }) => method === 'balanceOf'))
      return halted(calls.map(() => integer(this.balance)));
    if (!calls.every(({ method }) => READINGS.has(method))) return null;
    return halted(calls.map((call) => this.#read(call)));
  }

  #read({ method, args }: LiteralCall): object {
    switch (method) {
      case 'isPaused':
        return { type: 'Boolean', value: this.isPaused };
      case 'releaseCap':
      case 'refillCap':
        return integer(this.cap);
      case 'releasedToday':
      case 'refilledToday':
        return integer(this.spent);
      default:
        return this.#released(bytesOf(args[0]));
    }
  }

  #released(id: Uint8Array): object {
    const payment = this.paid.get(encodeHex(id));
    if (payment === undefined) return { type: 'Any' };
    return { type: 'Array', value: [hashItem(payment.to), integer(payment.amount)] };
  }
}

const integer = (value: bigint) => ({ type: 'Integer', value: String(value) });
const bytesItem = (value: Uint8Array) => ({ type: 'ByteString', value: base64.encode(value) });
const hashItem = (value: ScriptHash) => bytesItem(encodeScriptHash(value));

const halted = (stack: readonly object[], cost = 1_000_000n) => ({
  state: 'HALT',
  gasconsumed: String(cost),
  exception: null,
  stack,
});

function bytesOf(literal: StackLiteral | undefined): Uint8Array {
  assert(literal?.type === 'ByteString', 'bytes');
  return literal.value;
}

export function paymentIn({ script }: Pick<Transaction, 'script'>): Payment {
  const calls = decodeCalls(script);
  const [call] = calls.ok ? calls.value : [];
  assert(call, 'a payment');
  const [id, to, amount] = call.args;
  assert(amount?.type === 'Integer', 'an amount');
  return {
    vault: call.contract,
    method: call.method,
    id: encodeHex(bytesOf(id)),
    to: decodeScriptHash(bytesOf(to)),
    amount: amount.value,
  };
}

const notificationOf = ({ vault, method, id, to, amount }: Payment) => ({
  contract: vault,
  eventname: method === 'refill' ? 'Refilled' : 'Released',
  state: {
    type: 'Array',
    value: [
      bytesItem(Uint8Array.from(id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))),
      hashItem(to),
      integer(amount),
    ],
  },
});
