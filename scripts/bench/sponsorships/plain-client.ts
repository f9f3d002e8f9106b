/**
 * The floor of a sponsorship: the same transaction by a client that has both keys and nobody to ask.
 * It simulates, asks for the fee, builds, signs for sponsor and user, and sends, one call of the
 * node after the other. How high the chain is it knows from before.
 */
import { randomBytes } from 'node:crypto';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import {
  hashTransaction,
  toBase64Transaction,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY, NO_SCOPES } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { accountNamed, type NamedAccount } from '../../devnet/accounts.ts';
import { payFromGenesis } from '../../devnet/funds.ts';
import { blockCount } from '../../devnet/node.ts';
import { openRpc, type Rpc } from '../../devnet/rpc.ts';
import { networkFeeOf, trialRun, witnessOf } from '../../devnet/transactions.ts';
import { type Callers, measureCallers } from '../callers.ts';
import type { Timing } from '../statistics.ts';
import { moveOne, type PrivateChain, payUsers } from './private-chain.ts';

const GAS_OF_THE_SPONSOR = 50_000n;
const BLOCKS_VALID = 100;

export interface PlainClient {
  /** From the first call until the node has the transaction. */
  readonly measure: (load: Callers) => Promise<Timing>;
}

export async function openPlainClient(chain: PrivateChain, users: number): Promise<PlainClient> {
  const sponsor = accountNamed('bench-plain-sponsor');
  const callers = Array.from({ length: users }, (_, n) => accountNamed(`bench-plain-user-${n}`));
  await payFromGenesis(chain.rpc, [sponsor], { gas: GAS_OF_THE_SPONSOR, neo: 0n });
  await payUsers(
    chain,
    callers.map(({ scriptHash }) => scriptHash),
  );
  const rpc = openRpc(chain.door.url);
  const act = (validUntilBlock: number) => async (caller: number) => {
    const user = callers[caller];
    if (user === undefined) throw new Error('every caller has a user');
    const startedAt = performance.now();
    const unsigned = await build(rpc, [sponsor, user], validUntilBlock);
    const witnesses = [witnessOf(sponsor, unsigned), witnessOf(user, unsigned)];
    await rpc.call('sendrawtransaction', [toBase64Transaction({ ...unsigned, witnesses })]);
    return (await chain.door.handedAt(hashTransaction(unsigned))) - startedAt;
  };
  return {
    measure: async (load) => measureCallers(act((await blockCount(rpc)) + BLOCKS_VALID), load),
  };
}

async function build(
  rpc: Rpc,
  [sponsor, user]: readonly [NamedAccount, NamedAccount],
  validUntilBlock: number,
): Promise<UnsignedTransaction> {
  const script = encodeCalls([moveOne(user.scriptHash)]);
  const signers = [
    { account: sponsor.scriptHash, scopes: NO_SCOPES },
    { account: user.scriptHash, scopes: CALLED_BY_ENTRY },
  ];
  const unsigned: UnsignedTransaction = {
    nonce: randomBytes(4).readUInt32LE(),
    systemFee: await trialRun(rpc, signers, script),
    networkFee: 0n,
    validUntilBlock,
    signers,
    attributes: [],
    script,
  };
  return { ...unsigned, networkFee: await networkFeeOf(rpc, [sponsor, user], unsigned) };
}
