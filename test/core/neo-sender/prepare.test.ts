import { describe, expect, it } from 'vitest';
import { hash256Of } from '../../../worker/core/neo/hash256.ts';
import { decodeUnsigned } from '../../../worker/core/neo/transaction/transaction.ts';
import { decideBalance, provenHeight } from '../../../worker/core/neo-sender/free-gas.ts';
import {
  decidePrepared,
  type PrepareQuestion,
  type Quote,
} from '../../../worker/core/neo-sender/prepare.ts';
import {
  attemptOf,
  live,
  moment,
  planned,
  quoteOf,
  replaced,
  SENDER,
  templateOf,
  transactionOf,
} from './intents.ts';

const ask = (more: Partial<PrepareQuestion> = {}) => {
  const { intent, attempts } = planned();
  return decidePrepared({
    sender: SENDER,
    intent,
    attempts,
    attempt: attemptOf(1, 'original'),
    template: templateOf(),
    quote: quoteOf(),
    required: 2,
    reservedAt: () => 0n,
    nonce: 7,
    now: moment.now,
    ...more,
  });
};

const transactionIn = (decision: ReturnType<typeof ask>) => {
  if (decision.kind !== 'prepared') throw new Error(decision.kind);
  const decoded = decodeUnsigned(decision.unsigned);
  if (!decoded.ok) throw new Error(decoded.malformed.reason);
  return decoded.value;
};

const balances = (...datoshi: readonly bigint[]): Quote['balances'] =>
  datoshi.map((amount, index) => ({ endpoint: `node-${index}`, height: 100, datoshi: amount }));

describe('decidePrepared', () => {
  it('writes the bytes from the template, and only numbers come from outside', () => {
    const decision = ask();
    expect(decision).toMatchObject({
      kind: 'prepared',
      transaction: { systemFee: 100n, networkFee: 20n, validUntilBlock: 120, preparedHeight: 100 },
    });
    expect(transactionIn(decision)).toMatchObject({ nonce: 7, script: Uint8Array.of(0x11, 0x40) });
    if (decision.kind !== 'prepared') return;
    expect(decision.transaction.hash).toBe(hash256Of(decision.unsigned));
  });

  it.each([
    ['system fee', { systemFee: 501n }],
    ['network fee', { networkFee: 5_001n }],
  ])('refuses a %s over its maximum', (_name, quoted) => {
    expect(ask({ quote: quoteOf(quoted) })).toEqual({
      kind: 'refused',
      reason: 'fee_above_maximum',
    });
  });

  it('M4 names every attempt that may still be included and pays more than all of them', () => {
    const { intent, attempts } = replaced();
    const decision = ask({ intent, attempts, attempt: attemptOf(3, 'replacement') });
    const { attributes, networkFee } = transactionIn(decision);
    expect(attributes).toEqual([
      { type: 'Conflicts', hash: transactionOf(1).hash },
      { type: 'Conflicts', hash: transactionOf(2).hash },
    ]);
    expect(networkFee).toBe(20n + 40n + 1n);
  });

  it('cancels by an empty script of the same sender, with no scope and no system fee', () => {
    const { intent, attempts } = live();
    const quote = quoteOf({ systemFee: 0n });
    const decision = ask({ intent, attempts, attempt: attemptOf(2, 'cancel'), quote });
    expect(transactionIn(decision)).toMatchObject({
      script: Uint8Array.of(0x40),
      signers: [{ account: SENDER.account, scopes: { calledByEntry: false } }],
      systemFee: 0n,
    });
  });
});

describe('M8 free GAS', () => {
  // 100 + 20 + 1,000 GAS sent.
  it.each([
    [1_120n, 0n, 'prepared'],
    [1_119n, 0n, 'wait'],
    [2_000n, 880n, 'prepared'],
    [2_000n, 881n, 'wait'],
  ])('M8 with %s in the wallet and %s owed: %s', (datoshi, owed, kind) => {
    const quote = quoteOf({ balances: balances(datoshi, datoshi) });
    expect(ask({ quote, reservedAt: () => owed }).kind).toBe(kind);
  });

  it('M8 asks what is owed at the height of the balance', () => {
    const heights: number[] = [];
    const reservedAt = (height: number): bigint => {
      heights.push(height);
      return 0n;
    };
    ask({ reservedAt });
    expect(heights).toEqual([100]);
  });

  it('M8 counts of an intent its dearest attempt, and no other twice', () => {
    const { intent, attempts } = live();
    const quote = quoteOf({ systemFee: 0n, balances: balances(1_120n, 1_120n) });
    const attempt = attemptOf(2, 'cancel');
    expect(ask({ intent, attempts, attempt, quote }).kind).toBe('prepared');
    const less = quoteOf({ systemFee: 0n, balances: balances(1_119n, 1_119n) });
    expect(ask({ intent, attempts, attempt, quote: less }).kind).toBe('wait');
  });

  it('M8 believes no balance that fewer than a quorum say, and none of two heights mixed', () => {
    expect(decideBalance(balances(9n, 1n), 2)).toBeNull();
    const mixed = [
      { endpoint: 'a', height: 100, datoshi: 5n },
      { endpoint: 'b', height: 101, datoshi: 5n },
    ];
    expect(decideBalance(mixed, 2)).toBeNull();
    expect(decideBalance([...mixed, { endpoint: 'c', height: 101, datoshi: 5n }], 2)).toEqual({
      height: 101,
      datoshi: 5n,
    });
  });

  it('M8 believes neither of two balances of one height that a quorum each claims', () => {
    expect(decideBalance(balances(9n, 9n, 1n, 1n), 2)).toBeNull();
  });

  it('M5 takes no height that only lying endpoints may have reached', () => {
    const heights = [
      { endpoint: 'liar', height: 9_999 },
      { endpoint: 'liar', height: 9_998 },
      { endpoint: 'a', height: 101 },
      { endpoint: 'b', height: 100 },
    ];
    expect(provenHeight(heights, 2)).toBe(101);
    expect(provenHeight(heights, 4)).toBeNull();
  });
});
