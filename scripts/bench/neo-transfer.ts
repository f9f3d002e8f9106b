/**
 * A GAS transfer, written and signed by us and by neon-js. Both begin and end with the same: the
 * same fields, the same bytes, which are compared before anything is timed.
 */
import { CONST, sc, tx, wallet } from '@cityofzion/neon-core';
import { assert } from '../../worker/core/assert.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { encodeHex } from '../../worker/core/neo/hex.ts';
import { parsePrivateKey, publicKeyOf, signMessage } from '../../worker/core/neo/private-key.ts';
import { parseScriptHash, scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import { encodeInvocation } from '../../worker/core/neo/transaction/signature-witness.ts';
import {
  encodeSigningMessage,
  encodeTransaction,
  encodeWithHash,
  hashTransaction,
  type Transaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import { encodeSignatureScript } from '../../worker/core/neo/verification-script.ts';
import type { Race } from './race.ts';

const MAGIC = 860_833_102;
const SECRET = '11'.repeat(32);
const AMOUNT = 150_000_000n;
const FEES = { systemFee: 9_977_780n, networkFee: 1_230_610n } as const;
const NONCE = 123_456_789;
const VALID_UNTIL = 6_000_000;

const key = parsePrivateKey(SECRET);
const contract = parseScriptHash(`0x${CONST.NATIVE_CONTRACT_HASH.GasToken}`);
assert(key && contract, 'a key and the hash of a native contract');
const verification = encodeSignatureScript(publicKeyOf(key));
const account = scriptHashOf(verification);
const neonAccount = new wallet.Account(SECRET);
const accountHex = account.slice(2);

function buildOurs(): Transaction {
  assert(key && contract, 'as above');
  const unsigned = {
    ...FEES,
    nonce: NONCE,
    validUntilBlock: VALID_UNTIL,
    signers: [{ account, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: encodeCalls([
      {
        contract,
        method: 'transfer',
        args: [
          { type: 'Hash160', value: account },
          { type: 'Hash160', value: account },
          { type: 'Integer', value: AMOUNT },
          { type: 'Any', value: null },
        ],
        flags: 15,
        result: 'kept',
      },
    ]),
  };
  const signature = signMessage(encodeSigningMessage(MAGIC, hashTransaction(unsigned)), key);
  return { ...unsigned, witnesses: [{ invocation: encodeInvocation([signature]), verification }] };
}

function buildTheirs(): tx.Transaction {
  const script = new sc.ScriptBuilder().emitContractCall({
    scriptHash: CONST.NATIVE_CONTRACT_HASH.GasToken,
    operation: 'transfer',
    callFlags: sc.CallFlags.All,
    args: [
      sc.ContractParam.hash160(accountHex),
      sc.ContractParam.hash160(accountHex),
      sc.ContractParam.integer(AMOUNT.toString()),
      sc.ContractParam.any(null),
    ],
  });
  const built = new tx.Transaction({
    nonce: NONCE,
    systemFee: FEES.systemFee.toString(),
    networkFee: FEES.networkFee.toString(),
    validUntilBlock: VALID_UNTIL,
    signers: [{ account: accountHex, scopes: tx.WitnessScope.CalledByEntry }],
    script: script.build(),
  });
  return built.sign(neonAccount, MAGIC);
}

/** Of a signed transaction that is there already. */
export function encodingRace(): Race {
  const ours = buildOurs();
  const theirs = tx.Transaction.deserialize(encodeHex(encodeTransaction(ours)));
  const { bytes, hash } = encodeWithHash(ours);
  const isSame = theirs.serialize(true) === encodeHex(bytes) && `0x${theirs.hash()}` === hash;
  assert(isSame, 'the same bytes and the same hash on both sides');
  return {
    subject: () => encodeWithHash(ours),
    floor: () => [theirs.serialize(true), theirs.hash()],
  };
}

/** From amounts and addresses to bytes that a node takes. */
export function signingRace(): Race {
  assert(`0x${buildTheirs().hash()}` === hashTransaction(buildOurs()), 'the same transfer');
  return {
    subject: () => encodeTransaction(buildOurs()),
    floor: () => buildTheirs().serialize(true),
  };
}
