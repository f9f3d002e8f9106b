/**
 * The vault of the small chain. Whatever hash is asked as one answers as one: its operator is the
 * account whose hash has every bit of the vault's the other way round, so a test can have a vault
 * for any operator wallet.
 */
import { base64 } from '@scure/base';
import type { LiteralCall } from '../../worker/core/neo/contract-calls.ts';
import {
  decodeScriptHash,
  encodeScriptHash,
  type ScriptHash,
} from '../../worker/core/neo/script-hash.ts';

/** 0.1 GAS. */
const MINIMUM_DEPOSIT = 10_000_000n;
/** Of every vault. */
const VAULT_OWNER = decodeScriptHash(new Uint8Array(20).fill(0x0f));

/** Both ways: the vault of an operator, and the operator of a vault. */
export const counterpartOf = (account: ScriptHash): ScriptHash =>
  decodeScriptHash(encodeScriptHash(account).map((byte) => byte ^ 0xff));

const account = (hash: ScriptHash) => ({
  type: 'ByteString',
  value: base64.encode(encodeScriptHash(hash)),
});
const integer = (value: bigint) => ({ type: 'Integer', value: String(value) });

/** Null for what is no reading of a vault. */
export function readVault(calls: readonly LiteralCall[]): readonly object[] | null {
  const [first] = calls;
  const answers = calls.map((call) => answerOf(call));
  if (first === undefined || !READINGS.has(first.method)) return null;
  return answers.every((answer) => answer !== null) ? answers : null;
}

const READINGS = new Set(['owner', 'isPaused', 'released']);

function answerOf({ contract, method }: LiteralCall): object | null {
  switch (method) {
    case 'owner':
      return account(VAULT_OWNER);
    case 'operator':
      return account(counterpartOf(contract));
    case 'minimumDeposit':
      return integer(MINIMUM_DEPOSIT);
    case 'isPaused':
      return { type: 'Boolean', value: false };
    case 'releaseCap':
    case 'refillCap':
      return integer(100_000_000_000n);
    case 'releasedToday':
    case 'refilledToday':
      return integer(0n);
    case 'balanceOf':
      return integer(10_000_000_000n);
    // It has paid nothing.
    case 'released':
      return { type: 'Any' };
    default:
      return null;
  }
}
