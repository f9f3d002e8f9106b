/**
 * The chain that sponsored transactions go to: one neo-go node in memory with blocks of a second,
 * and the door in front of it that everybody who is measured goes through. Every user has NEO and
 * no GAS.
 */
import { join } from 'node:path';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractCall } from '../../../worker/core/neo/stack-argument.ts';
import { accountNamed } from '../../devnet/accounts.ts';
import { payFromGenesis } from '../../devnet/funds.ts';
import { type NetworkDescription, startNetwork } from '../../devnet/network.ts';
import { openRpc, type Rpc } from '../../devnet/rpc.ts';
import { openRecordingDoor, type RecordingDoor } from './recording-door.ts';

export interface PrivateChain {
  readonly description: NetworkDescription;
  /** To the node itself, for everything but what is measured. */
  readonly rpc: Rpc;
  readonly door: RecordingDoor;
  readonly stop: () => Promise<void>;
}

const BLOCK_MS = 1_000;
/** Of every user: more than anybody moves in a full run. */
const NEO_OF_A_USER = 100_000n;
/** A test call may take 15 GAS, and each pair of transfers takes a quarter. */
const PAID_AT_ONCE = 16;

export async function openPrivateChain(folder: string): Promise<PrivateChain> {
  const network = await startNetwork({
    folder: join(folder, 'chain'),
    storage: 'memory',
    blockMs: BLOCK_MS,
    services: false,
    follower: false,
  });
  const [node] = network.description.nodes;
  if (node === undefined) throw new Error('a network has a node');
  const door = await openRecordingDoor(node.rpcUrl);
  return {
    description: network.description,
    rpc: openRpc(node.rpcUrl),
    door,
    stop: async () => {
      await door.stop();
      await network.stop();
    },
  };
}

export async function payUsers({ rpc }: PrivateChain, users: readonly ScriptHash[]): Promise<void> {
  for (let from = 0; from < users.length; from += PAID_AT_ONCE) {
    const accounts = users.slice(from, from + PAID_AT_ONCE).map((scriptHash) => ({ scriptHash }));
    await payFromGenesis(rpc, accounts, { gas: 0n, neo: NEO_OF_A_USER });
  }
}

/** What everybody does who is measured: one NEO to one who has some. */
export const moveOne = (user: ScriptHash): ContractCall => ({
  contract: NATIVE_CONTRACTS.NeoToken.hash,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: user },
    { type: 'Hash160', value: accountNamed('stranger').scriptHash },
    { type: 'Integer', value: 1n },
    { type: 'Any', value: null },
  ],
  flags: CALL_FLAGS.All,
  result: 'asserted',
});
