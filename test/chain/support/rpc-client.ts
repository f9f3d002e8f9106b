/** Our client on endpoints of the private network, and transactions with one thing wrong in them. */
import { randomBytes } from 'node:crypto';
import type { SigningAccount } from '../../../scripts/devnet/accounts.ts';
import { RpcClient } from '../../../worker/chain/rpc-client.ts';
import { signMessage } from '../../../worker/core/neo/private-key.ts';
import type { RpcCall } from '../../../worker/core/neo/rpc/call.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import {
  encodeSigningMessage,
  hashTransaction,
  type Transaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import type { Witness } from '../../../worker/core/neo/transaction/witness.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { devnet } from './devnet.ts';

export function openClient(urls: readonly string[], quorum = Math.min(2, urls.length)): RpcClient {
  return new RpcClient({
    urls,
    quorum,
    magic: devnet.magic,
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    random: () => 0.5,
    // Nothing ends the process before its probes here.
    defer: (work) => void work,
  });
}

/** Whatever a node answers to a method that the product has no call for. */
export const rawCall = (method: string, ...params: readonly unknown[]): RpcCall<unknown> => ({
  method,
  params,
  parse: (result) => ({ ok: true, value: result }),
});

/** Costs nothing, so that the system fee may be 0. */
export const RETURN = Uint8Array.of(0x40);

export interface Draft extends Partial<UnsignedTransaction> {
  readonly validUntilBlock: number;
}

/** Sound but for what the change says; the fee is ample for one signature. */
export function draft(sender: SigningAccount, change: Draft): UnsignedTransaction {
  return {
    nonce: randomBytes(4).readUInt32LE(),
    systemFee: 0n,
    networkFee: 5_000_000n,
    signers: [{ account: sender.scriptHash, scopes: CALLED_BY_ENTRY }],
    attributes: [],
    script: RETURN,
    ...change,
  };
}

/** Signed for the network of that magic by each account, in the order of the signers. */
export function signed(
  unsigned: UnsignedTransaction,
  accounts: readonly SigningAccount[],
  magic: number = devnet.magic,
): Transaction {
  const message = encodeSigningMessage(magic, hashTransaction(unsigned));
  const witnesses = accounts.map(({ privateKeys, verification }): Witness => {
    const invocation = new ScriptBuilder();
    for (const key of privateKeys) invocation.pushBytes(signMessage(message, key));
    return { invocation: invocation.toBytes(), verification };
  });
  return { ...unsigned, witnesses };
}
