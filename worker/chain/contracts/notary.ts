/**
 * The native Notary (from Echidna on): deposits that pay for collecting signatures. Both sides of a
 * request need one; the fallback of a request is charged to its sender's deposit.
 */
import { CALL_FLAGS } from '../../core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { ContractCall } from '../../core/neo/stack-argument.ts';
import { asBigInt, asInteger } from '../../core/neo/vm/stack-item-values.ts';
import { type ContractReading, reading } from '../invoker.ts';
import { gas } from './gas.ts';
import { NOTHING } from './nep17.ts';

const HASH = NATIVE_CONTRACTS.Notary.hash;

export interface NotaryDeposit {
  readonly from: ScriptHash;
  /** Whose deposit it becomes; absent: the payer's own. */
  readonly to?: ScriptHash;
  readonly amountDatoshi: bigint;
  /** The height it is locked until; never below the one before. */
  readonly till: number;
}

export const notary = {
  hash: HASH,
  balanceOf: (account: ScriptHash): ContractReading<bigint> =>
    reading(HASH, ['balanceOf', { type: 'Hash160', value: account }], asBigInt),

  /** The height its deposit is locked until; 0 without one. */
  expirationOf: (account: ScriptHash): ContractReading<number> =>
    reading(HASH, ['expirationOf', { type: 'Hash160', value: account }], asInteger),

  maxNotValidBeforeDelta: (): ContractReading<number> =>
    reading(HASH, ['getMaxNotValidBeforeDelta'], asInteger),

  deposit: ({ from, to, amountDatoshi, till }: NotaryDeposit): ContractCall =>
    gas.transfer({
      from,
      to: HASH,
      amount: amountDatoshi,
      data: {
        type: 'Array',
        value: [
          to === undefined ? NOTHING : { type: 'Hash160', value: to },
          { type: 'Integer', value: BigInt(till) },
        ],
      },
    }),

  lockDepositUntil: (account: ScriptHash, till: number): ContractCall => ({
    contract: HASH,
    method: 'lockDepositUntil',
    args: [
      { type: 'Hash160', value: account },
      { type: 'Integer', value: BigInt(till) },
    ],
    flags: CALL_FLAGS.All,
    result: 'asserted',
  }),

  /** Everything, once the lock is over. */
  withdraw: (from: ScriptHash, to: ScriptHash): ContractCall => ({
    contract: HASH,
    method: 'withdraw',
    args: [
      { type: 'Hash160', value: from },
      { type: 'Hash160', value: to },
    ],
    flags: CALL_FLAGS.All,
    result: 'asserted',
  }),
};
