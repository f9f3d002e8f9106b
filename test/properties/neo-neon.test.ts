/**
 * Our codecs against neon-js 5.10.1, for what it gets right. Left out, with the reason:
 * - attributes: it drops them in reading and knows only two of the five;
 * - transactions that are none: it takes signers that no node takes, so it says nothing about them;
 * - the witnesses of its `addWitness`: it reorders them, so they are read from bytes;
 * - the order of multisig keys: it writes them as they come, so they are given in order;
 * - empty arrays inside others: it packs nothing (PUSH0 PACK), where one instruction does it;
 * - maps: it pushes the pairs from the first on, so that they lie in the map from the last on;
 * - its fee helper: it charges m checks of a multisig where nodes charge n.
 */
import { sc, tx, u, wallet } from '@cityofzion/neon-core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAddress, parseAddress } from '../../worker/core/neo/address.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { encodeHex, parseHex } from '../../worker/core/neo/hex.ts';
import { decodePrivateKey, publicKeyOf, signMessage } from '../../worker/core/neo/private-key.ts';
import { comparePublicKeys } from '../../worker/core/neo/public-key.ts';
import { scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import { verifySignature } from '../../worker/core/neo/signature.ts';
import type { StackArgument } from '../../worker/core/neo/stack-argument.ts';
import {
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  hashTransaction,
  sizeOfTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { formatTransaction } from '../../worker/core/neo/transaction/transaction-json.ts';
import {
  encodeMultisigScript,
  encodeSignatureScript,
} from '../../worker/core/neo/verification-script.ts';
import { encodeWif } from '../../worker/core/neo/wif.ts';
import { arbitraryPublicKey, arbitraryTransaction } from '../support/neo-arbitraries.ts';
import { callOf } from '../support/neo-arguments.ts';
import { runsOf } from '../support/runs.ts';

/** Shrinking asks it thousands of times more; seed and path are enough to look closer. */
const runs = {
  ...runsOf('neo-neon', { usual: 300, slow: 10_000 }),
  endOnFailure: true,
};
/** Points and signatures: tens of milliseconds each in neon-js. */
const curveRuns = {
  ...runsOf('neo-neon curve', { usual: 20, slow: 1_000 }),
  endOnFailure: true,
};

const withoutPrefix = (hash: string): string => hash.replace(/^0x/, '');

describe('a transaction without attributes', () => {
  const transactions = arbitraryTransaction
    .map((transaction) => ({ ...transaction, attributes: [] }))
    // It walks its hexadecimal text once for each field: seconds for the longest ones.
    .filter((transaction) => sizeOfTransaction(transaction) < 5_000);

  it('has the bytes, size, hash and signing message that neon-js gives it', () => {
    fc.assert(
      fc.property(transactions, fc.nat(0xffff_ffff), (transaction, magic) => {
        const bytes = encodeHex(encodeTransaction(transaction));
        const hash = hashTransaction(transaction);
        const { witnesses, ...json } = formatTransaction(transaction);
        const read = tx.Transaction.deserialize(bytes);
        expect(read.serialize(true)).toBe(bytes);
        expect(read.size).toBe(sizeOfTransaction(transaction));
        expect(`0x${read.hash()}`).toBe(hash);
        expect(read.getMessageForSigning(magic)).toBe(encodeHex(encodeSigningMessage(magic, hash)));
        const built = tx.Transaction.fromJson(
          structuredClone({ ...json, attributes: [], witnesses: [] }) as never,
        );
        expect(built.serialize(false)).toBe(encodeHex(encodeUnsigned(transaction)));
        expect(witnesses.length).toBe(read.witnesses.length);
      }),
      runs,
    );
  });
});

const toNeon = (argument: StackArgument): sc.ContractParam => {
  switch (argument.type) {
    case 'Boolean':
      return sc.ContractParam.boolean(argument.value);
    case 'Integer':
      return sc.ContractParam.integer(argument.value.toString());
    case 'ByteArray':
      return sc.ContractParam.byteArray(u.HexString.fromHex(encodeHex(argument.value), true));
    case 'String':
      return sc.ContractParam.string(argument.value);
    case 'Hash160':
      return sc.ContractParam.hash160(withoutPrefix(argument.value));
    case 'Hash256':
      return sc.ContractParam.hash256(withoutPrefix(argument.value));
    case 'PublicKey':
      return sc.ContractParam.publicKey(argument.value);
    case 'Array':
      return sc.ContractParam.array(...argument.value.map(toNeon));
    default:
      return sc.ContractParam.any(null);
  }
};

describe('a script', () => {
  const calls = callOf({
    types: [
      'Any',
      'Boolean',
      'Integer',
      'ByteArray',
      'String',
      'Hash160',
      'Hash256',
      'PublicKey',
      'Array',
    ],
    isLeftOut: ({ type, value }) => type === 'Array' && value.length === 0,
  });

  it('of a call has the bytes that neon-js writes', () => {
    fc.assert(
      fc.property(calls, (given) => {
        const call = { ...given, result: 'kept' } as const;
        const theirs = new sc.ScriptBuilder().emitContractCall({
          scriptHash: withoutPrefix(call.contract),
          operation: call.method,
          // The names of its enum are not all that four bits can say.
          callFlags: call.flags as never,
          args: call.args.map(toNeon),
        });
        expect(encodeHex(encodeCalls([call]))).toBe(theirs.build());
      }),
      runs,
    );
  });
});

describe('an account', () => {
  const privateKeys = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map(decodePrivateKey)
    .filter((key) => key !== null);

  it('has the address, script and WIF that neon-js gives it', () => {
    fc.assert(
      fc.property(privateKeys, (key) => {
        const script = encodeSignatureScript(publicKeyOf(key));
        const account = new wallet.Account(encodeHex(key));
        expect(account.publicKey).toBe(publicKeyOf(key));
        expect(account.WIF).toBe(encodeWif(key));
        expect(wallet.getVerificationScriptFromPublicKey(account.publicKey)).toBe(
          encodeHex(script),
        );
        expect(account.address).toBe(encodeAddress(scriptHashOf(script)));
        expect(`0x${account.scriptHash}`).toBe(parseAddress(account.address));
      }),
      curveRuns,
    );
  });

  it('of several keys has the script that neon-js writes for them in order', () => {
    const members = fc.uniqueArray(arbitraryPublicKey, { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(members, fc.nat(), (publicKeys, at) => {
        const threshold = 1 + (at % publicKeys.length);
        const sorted = publicKeys.toSorted(comparePublicKeys);
        const script = encodeMultisigScript({ threshold, publicKeys });
        const theirs = wallet.constructMultiSigVerificationScript(threshold, sorted);
        expect(script.ok && encodeHex(script.value)).toBe(theirs);
      }),
      curveRuns,
    );
  });

  it('signs what neon-js verifies, and verifies what neon-js signs', () => {
    fc.assert(
      fc.property(privateKeys, fc.uint8Array({ minLength: 1, maxLength: 80 }), (key, message) => {
        const publicKey = publicKeyOf(key);
        const hex = encodeHex(message);
        expect(wallet.verify(hex, encodeHex(signMessage(message, key)), publicKey)).toBe(true);
        const signature = parseHex(wallet.sign(hex, encodeHex(key))) ?? new Uint8Array();
        expect(verifySignature({ message, signature, publicKey })).toBe(true);
      }),
      curveRuns,
    );
  });
});

describe('neon-js differs by intent', () => {
  it('in an empty array inside another', () => {
    const inner: StackArgument = { type: 'Array', value: [] };
    const theirs = new sc.ScriptBuilder().emitContractParam(toNeon(inner));
    expect(theirs.build()).toBe('10c0');
  });

  it('in the order of multisig keys', () => {
    const [one, other] =
      fc.sample(fc.uniqueArray(arbitraryPublicKey, { minLength: 2, maxLength: 2 }), {
        seed: 1,
        numRuns: 1,
      })[0] ?? [];
    const inOrder = wallet.constructMultiSigVerificationScript(1, [one ?? '', other ?? '']);
    expect(wallet.constructMultiSigVerificationScript(1, [other ?? '', one ?? ''])).not.toBe(
      inOrder,
    );
  });

  it('in attributes, which it drops', () => {
    const [transaction] = fc.sample(arbitraryTransaction, { seed: 1, numRuns: 1 });
    if (transaction === undefined) throw new Error('a sample of one');
    const attributes = [{ type: 'NotValidBefore', height: 7 }] as const;
    const bytes = encodeHex(encodeTransaction({ ...transaction, attributes }));
    let again: string | null = null;
    try {
      again = tx.Transaction.deserialize(bytes).serialize(true);
    } catch {
      // Or it reads on in the middle of one and fails.
    }
    expect(again).not.toBe(bytes);
  });
});
