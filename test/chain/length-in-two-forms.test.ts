/**
 * What real nodes make of a length of 65535. neo-go writes it in five bytes where the C# node and we
 * write three, and hashes what it was given or what it would write, whichever way it came: the same
 * block then verifies on one node and not on the next. We read it in both forms.
 */
import { base64 } from '@scure/base';
import { expect, test } from 'vitest';
import { genesisAccount } from '../../scripts/devnet/accounts.ts';
import { blockCount } from '../../scripts/devnet/node.ts';
import { openRpc, type Rpc } from '../../scripts/devnet/rpc.ts';
import { awaitExecution } from '../../scripts/devnet/transactions.ts';
import { type Hash256, hash256Of } from '../../worker/core/neo/hash256.ts';
import { encodeHex, parseHex } from '../../worker/core/neo/hex.ts';
import { signMessage } from '../../worker/core/neo/private-key.ts';
import { getBlock } from '../../worker/core/neo/rpc/chain-calls.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import {
  encodeSigningMessage,
  encodeTransaction,
  encodeUnsigned,
  type UnsignedTransaction,
} from '../../worker/core/neo/transaction/transaction.ts';
import { devnet, startOwnPair, waitForHeight } from './support/devnet.ts';
import { draft, openClient } from './support/rpc-client.ts';

/** RET, and what is never reached. */
const LONGEST = new Uint8Array(65_535).fill(0x21).with(0, 0x40);

/** As neo-go writes it. */
function long(bytes: Uint8Array): Uint8Array {
  const written = parseHex(encodeHex(bytes).replace('fdffff', 'feffff0000'));
  if (written === null) throw new Error('hex');
  return written;
}

type Form = (bytes: Uint8Array) => Uint8Array;
const short: Form = (bytes) => bytes;

/** Signed over the hash of that form, and sent in it. */
async function send(rpc: Rpc, unsigned: UnsignedTransaction, form: Form): Promise<Hash256> {
  const genesis = genesisAccount();
  const hash = hash256Of(form(encodeUnsigned(unsigned)));
  const message = encodeSigningMessage(devnet.magic, hash);
  const invocation = new ScriptBuilder();
  for (const key of genesis.privateKeys) invocation.pushBytes(signMessage(message, key));
  const { verification } = genesis;
  const transaction = {
    ...unsigned,
    witnesses: [{ invocation: invocation.toBytes(), verification }],
  };
  const bytes = form(encodeTransaction(transaction));
  expect(await rpc.call('sendrawtransaction', [base64.encode(bytes)])).toEqual({ hash });
  return hash;
}

async function heightOf(rpc: Rpc, hash: Hash256): Promise<number> {
  await awaitExecution(rpc, hash);
  return Number(await rpc.call('gettransactionheight', [hash]));
}

test.each([
  { what: 'the five bytes of neo-go', form: long, isPassedOn: true },
  { what: 'the three bytes of everybody else', form: short, isPassedOn: false },
])('a script of 65535 bytes sent with $what is read from its block', async (sent) => {
  const { validator, follower } = await startOwnPair();
  const rpc = openRpc(validator.rpcUrl);
  const unsigned = draft(genesisAccount(), {
    validUntilBlock: (await waitForHeight(1, rpc)) + 100,
    networkFee: 100_000_000n,
    script: LONGEST,
  });
  const hash = await send(rpc, unsigned, sent.form);
  const height = await heightOf(rpc, hash);
  const answer = await openClient([validator.rpcUrl]).ask(getBlock(height));
  expect(answer).toMatchObject({ kind: 'value', value: { transactionHashes: [hash] } });
  const raw = base64.decode(String(await rpc.call('getblock', [height])));
  expect(encodeHex(raw)).toContain('feffff0000');
  // Why none of ours has such a length: the next node cannot make its hash again.
  await waitForHeight(height + 2, rpc);
  const passedOn = (await blockCount(openRpc(follower.rpcUrl))) - 1;
  if (sent.isPassedOn) expect(passedOn).toBeGreaterThan(height);
  else expect(passedOn).toBe(height - 1);
});
