/** M16, M19: whatever an approval is given to changes the hash, and nothing else does. */
import { describe, expect, it } from 'vitest';
import { decodeScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { hashIntent, type Intended } from '../../../worker/core/transactions/intent-hash.ts';

const INTENDED: Intended = {
  accountId: 'acc_1',
  transactionId: 'txn_1',
  network: 'neo3:private',
  networkMagic: 56_753,
  sender: decodeScriptHash(new Uint8Array(20)),
  unsigned: Uint8Array.of(1, 2, 3),
  systemFeeMax: 10,
  networkFeeMax: 20,
  windowBlocks: 60,
  threshold: 2,
  approvers: ['wal_1', 'wal_2'],
  expiresAt: 7,
};

describe('the hash of an intent', () => {
  const others: readonly Partial<Intended>[] = [
    { accountId: 'acc_2' },
    { transactionId: 'txn_2' },
    { network: 'neo3:other' },
    { networkMagic: 1 },
    { sender: decodeScriptHash(new Uint8Array(20).fill(1)) },
    { unsigned: Uint8Array.of(1, 2, 4) },
    { systemFeeMax: 11 },
    { networkFeeMax: 21 },
    { windowBlocks: 61 },
    { threshold: 1 },
    { approvers: ['wal_1'] },
    { expiresAt: 8 },
  ];
  it.each(others.map((other) => [Object.keys(other)[0], other] as const))(
    'is another one for another %s',
    (_name, other) => {
      expect(hashIntent({ ...INTENDED, ...other })).not.toBe(hashIntent(INTENDED));
    },
  );

  it('does not depend on the order of the approvers, or on what else is at hand', () => {
    const same = { ...INTENDED, approvers: ['wal_2', 'wal_1'], note: 'x' };
    expect(hashIntent(same)).toBe(hashIntent(INTENDED));
  });
});
