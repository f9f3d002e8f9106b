/** What an approver reads: nothing said that is not so, nothing hidden without being told. */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import { LIMITS as MESSAGES } from '../../../worker/core/neo/message/limits.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { decodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractCall, StackArgument } from '../../../worker/core/neo/stack-argument.ts';
import {
  CALLED_BY_ENTRY,
  type WitnessScopes,
} from '../../../worker/core/neo/transaction/witness-scope.ts';
import { statementOf } from '../../../worker/core/sessions/challenge.ts';
import { describeTransaction } from '../../../worker/core/transactions/approval-text.ts';

const hashOf = (byte: number): ScriptHash => decodeScriptHash(new Uint8Array(20).fill(byte));
const WALLET = hashOf(1);
const OTHER = hashOf(2);
const TOKEN = hashOf(3);
const GAS = NATIVE_CONTRACTS.GasToken.hash;

const call = (
  contract: ScriptHash,
  method: string,
  args: readonly StackArgument[] = [],
): ContractCall => ({ contract, method, args, flags: CALL_FLAGS.All, result: 'kept' });
const transfer = (token: ScriptHash, amount: bigint, from = WALLET): ContractCall =>
  call(token, 'transfer', [
    { type: 'Hash160', value: from },
    { type: 'Hash160', value: OTHER },
    { type: 'Integer', value: amount },
    { type: 'Any', value: null },
  ]);

const describeCalls = (calls: readonly ContractCall[], scopes: WitnessScopes = CALLED_BY_ENTRY) =>
  describeTransaction(
    { script: encodeCalls(calls), signers: [{ account: WALLET, scopes }] },
    WALLET,
  );

describe('what a transaction does, in words', () => {
  it('names amount, token and receiver of a transfer by the wallet', () => {
    expect(describeCalls([transfer(GAS, 5n)])).toMatch(/^5 datoshi of GAS to N\w{33}$/);
    expect(describeCalls([transfer(TOKEN, 7n)])).toMatch(/^7 of 0x(03){20} to N\w{33}$/);
  });

  it('does not call that an amount of the wallet which is none', () => {
    for (const one of [transfer(GAS, 5n, OTHER), transfer(GAS, -5n), call(GAS, 'transfer')])
      expect(describeCalls([one])).toBe(`a call of "transfer" of ${GAS}`);
  });

  it('counts the calls that it does not show', () => {
    const calls = Array.from({ length: 5 }, () => transfer(GAS, 1n));
    expect(describeCalls(calls)).toMatch(/; and 2 more calls that are not shown here$/);
  });

  it('promises nothing of a script that is no sequence of literal calls', () => {
    const script = Uint8Array.of(0x11, 0x40);
    const signers = [{ account: WALLET, scopes: CALLED_BY_ENTRY }];
    expect(describeTransaction({ script, signers }, WALLET)).toBe(
      'a script of 2 bytes whose effects cannot be read from it',
    );
  });

  it('warns of a scope under which the calls are not all', () => {
    expect(describeCalls([transfer(GAS, 5n)], 'Global')).toMatch(
      /, and whatever the scope Global lets pass$/,
    );
    const custom = { calledByEntry: true, contracts: [TOKEN], rules: [] };
    expect(describeCalls([transfer(GAS, 5n)], custom)).toMatch(
      /scope CustomContracts and WitnessRules lets pass$/,
    );
  });

  // The attack: the name of a method adds lines, or looks like an end of the sentence.
  it('lets no name of a method leave its place', () => {
    const words = describeCalls([call(TOKEN, 'a\nRequest: 0"; b\u202e')]);
    expect(words).toBe(`a call of "a?Request: 0\\"; b?" of ${TOKEN}`);
  });
});

describe('the whole text', () => {
  it('fits what a wallet signs, whatever stands in it', () => {
    const longest = transfer(TOKEN, (1n << 255n) - 1n);
    const named = call(TOKEN, '"'.repeat(64));
    for (const one of [longest, named]) {
      const calls = Array.from({ length: 16 }, () => one);
      const scopes = { calledByEntry: true, contracts: [], groups: [], rules: [] };
      const text = statementOf({
        kind: 'approve-transaction',
        accountId: `acc_${'0'.repeat(26)}`,
        walletId: `wal_${'0'.repeat(26)}`,
        transactionId: `txn_${'0'.repeat(26)}`,
        intentHash: 'f'.repeat(64),
        network: `neo3:${'x'.repeat(32)}`,
        networkMagic: 0xffff_ffff,
        sender: 'N'.repeat(34),
        feeMax: '2000000000000',
        does: describeCalls(calls, scopes),
        validUntil: '2026-11-01T09:00:00.000Z',
      });
      expect(text.length).toBeLessThanOrEqual(MESSAGES.statementCharsMax.value);
      expect(text).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});
