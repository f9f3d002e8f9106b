/**
 * The first failing check of `sendrawtransaction`, row by row, on a live neo-go: what it answers is
 * what the product takes it for. Every transaction has one fault, in the order of the checks.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { accountNamed, genesisAccount, type NamedAccount } from '../../scripts/devnet/accounts.ts';
import { execute } from '../../scripts/devnet/transactions.ts';
import { ByteWriter } from '../../worker/core/neo/byte-writer.ts';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { encodeCalls } from '../../worker/core/neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import type { RpcMeaning } from '../../worker/core/neo/rpc/errors.ts';
import { sendRawTransaction } from '../../worker/core/neo/rpc/transaction-calls.ts';
import { writeAttribute } from '../../worker/core/neo/transaction/attribute.ts';
import { writeSigner } from '../../worker/core/neo/transaction/signer.ts';
import {
  hashTransaction,
  type Transaction,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { writeWitness } from '../../worker/core/neo/transaction/witness.ts';
import { CALLED_BY_ENTRY } from '../../worker/core/neo/transaction/witness-scope.ts';
import { openAccount, rpc, validator, waitForHeight } from './support/devnet.ts';
import { type Draft, draft, openClient, rawCall, signed } from './support/rpc-client.ts';

const client = openClient([validator.rpcUrl]);
let sender: NamedAccount;
let height = 0;

beforeAll(async () => {
  sender = await openAccount('send-errors', { gas: 100n, neo: 0n });
  height = await waitForHeight(0);
});

const soon = (): Draft => ({ validUntilBlock: height + 100 });

/** What the endpoint says of the transaction. */
async function say(
  transaction: Transaction,
): Promise<{ code: number; meaning: RpcMeaning } | 'accepted'> {
  const answer = await client.ask(sendRawTransaction(transaction));
  if (answer.kind === 'unreachable') throw new Error(JSON.stringify(answer.attempts));
  return answer.kind === 'value' ? 'accepted' : answer.error;
}

const sayOf = (change: Partial<UnsignedTransaction>) =>
  say(signed(draft(sender, { ...soon(), ...change }), [sender]));

async function sayRaw(base64: string) {
  const answer = await client.ask(rawCall('sendrawtransaction', base64));
  if (answer.kind !== 'refused') throw new Error(answer.kind);
  return answer.error;
}

/** Past our own codec, which makes no such bytes. */
function base64OfSize(bytes: number): string {
  const write = (scriptBytes: number): Uint8Array => {
    const { nonce, systemFee, networkFee, validUntilBlock, signers } = draft(sender, soon());
    const writer = new ByteWriter();
    writer.u8(0).u32(nonce).i64(systemFee).i64(networkFee).u32(validUntilBlock);
    writer.list(signers, (signer) => writeSigner(writer, signer));
    const result = new Uint8Array(50_000);
    writer.list(
      [{ type: 'OracleResponse', id: 1n, code: 'Success', result } as const],
      (attribute) => writeAttribute(writer, attribute),
    );
    writer.varBytes(new Uint8Array(scriptBytes).fill(0x21));
    const { witnesses } = signed(draft(sender, soon()), [sender]);
    writer.list(witnesses, (witness) => writeWitness(writer, witness));
    return writer.toBytes();
  };
  const script = 40_000;
  return Buffer.from(write(script + bytes - write(script).length)).toString('base64');
}

describe('the first failing check answers', () => {
  test('-32602 to what does not decode', async () => {
    expect(await sayRaw('AAAA')).toMatchObject({ code: -32_602, meaning: 'badParams' });
    expect(await sayRaw('not base64')).toMatchObject({ meaning: 'badParams' });
  });

  test('-509 to more text than any transaction has', async () => {
    expect(await sayRaw('A'.repeat(136_540))).toMatchObject({ code: -509, meaning: 'badSize' });
  });

  test('-505 to a system fee above that of a block', async () => {
    expect(await sayOf({ systemFee: 150_000_000_001n })).toMatchObject({
      code: -505,
      meaning: 'policyFail',
    });
  });

  test('-506 to a script that is none', async () => {
    expect(await sayOf({ script: Uint8Array.of(0xff) })).toMatchObject({
      code: -506,
      meaning: 'badScript',
    });
  });

  test('-510 outside of its window', async () => {
    const expected = { code: -510, meaning: 'lookUpThenRebuild' };
    expect(await sayOf({ validUntilBlock: height })).toMatchObject(expected);
    expect(await sayOf({ validUntilBlock: height + 100_000 })).toMatchObject(expected);
  });

  test('-505 to a signer that the policy blocks', async () => {
    const blocked = accountNamed('send-errors-blocked');
    const call = {
      contract: NATIVE_CONTRACTS.PolicyContract.hash,
      method: 'blockAccount',
      args: [{ type: 'Hash160', value: blocked.scriptHash }],
      flags: CALL_FLAGS.All,
      result: 'dropped',
    } as const;
    await execute(rpc, genesisAccount(), encodeCalls([call]));
    const unsigned = draft(blocked, soon());
    expect(await say(signed(unsigned, [blocked]))).toMatchObject({
      code: -505,
      meaning: 'policyFail',
    });
  });

  test('-509 to one byte too many', async () => {
    expect(await sayRaw(base64OfSize(102_401))).toMatchObject({ code: -509, meaning: 'badSize' });
    // One byte less comes further: to its fee.
    expect(await sayRaw(base64OfSize(102_400))).toMatchObject({ code: -504 });
  });

  test('-504 to a network fee below the price of its bytes', async () => {
    expect(await sayOf({ networkFee: 1_000n })).toMatchObject({
      code: -504,
      meaning: 'networkFeeTooLow',
    });
  });

  test('-500 to one that pays for its bytes and not for its witness', async () => {
    expect(await sayOf({ networkFee: 300_000n })).toMatchObject({
      code: -500,
      meaning: 'badTransaction',
    });
  });

  test('-508 to a signature for another network, by another key, or of other bytes', async () => {
    const expected = { code: -508, meaning: 'badSignature' };
    const unsigned = draft(sender, soon());
    expect(await say(signed(unsigned, [sender], 860_833_102))).toMatchObject(expected);
    const { privateKeys } = accountNamed('send-errors-other');
    expect(await say(signed(unsigned, [{ ...sender, privateKeys }]))).toMatchObject(expected);
    const { witnesses } = signed({ ...unsigned, systemFee: 1n }, [sender]);
    expect(await say({ ...unsigned, witnesses })).toMatchObject(expected);
  });

  test('-500 to a witness of another form', async () => {
    const expected = { code: -500, meaning: 'badTransaction' };
    const unsigned = draft(sender, soon());
    const [witness] = signed(unsigned, [sender]).witnesses;
    if (!witness) throw new Error('a witness');
    const nothing = new Uint8Array();
    const wrong = [
      { ...witness, verification: nothing },
      { ...witness, invocation: nothing },
      { ...witness, verification: accountNamed('send-errors-other').verification },
    ];
    for (const one of wrong)
      expect(await say({ ...unsigned, witnesses: [one] })).toMatchObject(expected);
  });

  test('-507 to an attribute that does not hold', async () => {
    const expected = { code: -507, meaning: 'badAttribute' };
    const tooEarly = { type: 'NotValidBefore', height: height + 1_000 } as const;
    expect(await sayOf({ attributes: [tooEarly] })).toMatchObject(expected);
    expect(await sayOf({ attributes: [{ type: 'HighPriority' }] })).toMatchObject(expected);
  });

  test('-511 to a sender that cannot pay', async () => {
    const expected = { code: -511, meaning: 'insufficientFunds' };
    const empty = accountNamed('send-errors-empty');
    expect(await say(signed(draft(empty, soon()), [empty]))).toMatchObject(expected);
    // A hundred GAS cover one of them, not both.
    const half = { systemFee: 6_000_000_000n };
    const first = await sayOf(half);
    const second = await sayOf(half);
    expect(first).toBe('accepted');
    expect(second).toMatchObject(expected);
  });
});

describe('a transaction that was sent before', () => {
  test('-503 while it is pooled, -501 once it is on chain, -510 when its window has passed too', async () => {
    const payer = await openAccount('send-errors-again', { gas: 10n, neo: 0n });
    const start = await waitForHeight(0);
    const transaction = signed(draft(payer, { validUntilBlock: start + 4 }), [payer]);
    expect(await say(transaction)).toBe('accepted');
    const again = await say(transaction);
    // A block may have come between the two.
    expect(['alreadyKnown', 'alreadyOnChain']).toContain(
      again === 'accepted' ? again : again.meaning,
    );
    await waitForHeight(start + 2);
    expect(await say(transaction)).toMatchObject({ code: -501, meaning: 'alreadyOnChain' });
    await waitForHeight(start + 4);
    // It is on chain and paid: whoever rebuilds at this answer pays twice.
    expect(await say(transaction)).toMatchObject({ code: -510, meaning: 'lookUpThenRebuild' });
  });

  test('-500 names conflicts, in the pool and on chain, and -507 comes when the original has won', async () => {
    const payer = await openAccount('send-errors-conflicts', { gas: 10n, neo: 0n });
    const start = await waitForHeight(0);
    const window = { validUntilBlock: start + 100 };
    const original = draft(payer, window);
    const canceller = (networkFee: bigint) =>
      signed(
        draft(payer, {
          ...window,
          networkFee,
          attributes: [{ type: 'Conflicts', hash: hashTransaction(original) }],
        }),
        [payer],
      );
    expect(await say(canceller(6_000_000n))).toBe('accepted');
    expect(await say(signed(original, [payer]))).toMatchObject({
      code: -500,
      meaning: 'conflicts',
    });
    await waitForHeight(start + 2);
    expect(await say(signed(original, [payer]))).toMatchObject({
      code: -500,
      meaning: 'conflicts',
    });

    const winner = draft(payer, window);
    expect(await say(signed(winner, [payer]))).toBe('accepted');
    await waitForHeight(start + 4);
    const late = draft(payer, {
      ...window,
      signers: [{ account: payer.scriptHash, scopes: CALLED_BY_ENTRY }],
      attributes: [{ type: 'Conflicts', hash: hashTransaction(winner) }],
    });
    expect(await say(signed(late, [payer]))).toMatchObject({ code: -507, meaning: 'badAttribute' });
  });
});

test('oz-681: none of this lowered the health of the endpoint', async () => {
  await client.probe();
  expect(client.status()).toMatchObject([{ standing: 'healthy' }]);
});
