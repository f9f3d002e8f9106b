/**
 * The whole private network: a validator, on request a follower, funded accounts and our contracts.
 * It starts everything or nothing, and `description` is all that a test or a person needs to use it,
 * as plain JSON. A kept chain was made with its settings and goes on with them alone.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackArgument } from '../../worker/core/neo/stack-argument.ts';
import { checkPort, choosePort } from '../serve/ports.ts';
import { UserError } from '../serve/user-error.ts';
import {
  accountNamed,
  councilAccount,
  FUNDED_NAMES,
  genesisAccount,
  type SigningAccount,
} from './accounts.ts';
import { DEVNET_MAGIC } from './config.ts';
import { contractNames, deployContract, loadContract } from './contracts.ts';
import { fillAccounts } from './funds.ts';
import { type NeoNode, startNode } from './node.ts';
import { isObject, openRpc, type Rpc } from './rpc.ts';
import { ensureNeoGo } from './toolchain.ts';
import { vaultTerms } from './vault-terms.ts';

export interface NetworkOptions {
  readonly folder: string;
  readonly storage: 'disk' | 'memory';
  readonly blockMs: number;
  readonly services: boolean;
  readonly follower: boolean;
  /** Of the validator's RPC; absent: free ports. The others follow it. */
  readonly rpcPort?: number | undefined;
}

export interface DescribedNode {
  readonly rpcUrl: string;
  readonly p2pPort: number;
  readonly processId: number;
}

export interface DescribedAccount {
  readonly address: string;
  readonly scriptHash: string;
}

/** Plain JSON. */
export interface NetworkDescription {
  readonly magic: number;
  readonly userAgent: string;
  readonly blockMs: number;
  readonly services: boolean;
  /** The validator first, then the follower. */
  readonly nodes: readonly DescribedNode[];
  /** The genesis block, from which headers can be verified. */
  readonly checkpoint: {
    readonly height: number;
    readonly hash: string;
    readonly nextConsensus: string;
  };
  readonly accounts: Readonly<Record<string, DescribedAccount & { readonly wif: string }>>;
  /** Two of the three approvers; funded. */
  readonly council: DescribedAccount;
  readonly genesis: DescribedAccount;
  /** Script hashes by the name of the folder. */
  readonly contracts: Readonly<Record<string, string>>;
}

export interface Network {
  readonly description: NetworkDescription;
  readonly stop: () => Promise<void>;
}

const PORT_OF_P2P = 2;
const PORT_OF_FOLLOWER = 10;
const GAS = 100_000_000n;

/** What contracts are deployed with, by the name of the folder. */
const TERMS: Readonly<Record<string, StackArgument>> = {
  'gas-vault': vaultTerms({
    owner: councilAccount().scriptHash,
    operator: accountNamed('operator').scriptHash,
    minimumDeposit: GAS / 100n,
    releaseCap: 1_000n * GAS,
    refillCap: 100n * GAS,
    sponsors: [accountNamed('sponsor').scriptHash],
  }),
};

export async function startNetwork(options: NetworkOptions): Promise<Network> {
  await ensureNeoGo();
  const contracts = await Promise.all(contractNames().map(loadContract));
  holdToSettings(options);
  const nodes: NeoNode[] = [];
  // The follower first: it loses nothing by its seed's end.
  const stop = async (): Promise<void> => {
    for (const node of nodes.toReversed()) await node.stop();
  };
  try {
    const validator = await startOne(options, 'validator');
    nodes.push(validator);
    if (options.follower) nodes.push(await startOne(options, 'follower', validator));
    const rpc = openRpc(validator.rpcUrl);
    const accounts = FUNDED_NAMES.map(accountNamed);
    await fillAccounts(rpc, [...accounts, councilAccount()]);
    const deployer = accountNamed('deployer');
    const hashes: [string, string][] = [];
    for (const contract of contracts) {
      const terms = TERMS[contract.name];
      const deployment = { contract, deployer, ...(terms === undefined ? {} : { terms }) };
      hashes.push([contract.name, await deployContract(rpc, deployment)]);
    }
    const named = accounts.map(({ name, wif, ...account }) => [name, { ...toJson(account), wif }]);
    const description: NetworkDescription = {
      ...(await describeChain(rpc)),
      blockMs: options.blockMs,
      services: options.services,
      nodes: nodes.map(({ rpcUrl, p2pPort, processId }) => ({ rpcUrl, p2pPort, processId })),
      accounts: Object.fromEntries(named),
      council: toJson(councilAccount()),
      genesis: toJson(genesisAccount()),
      contracts: Object.fromEntries(hashes),
    };
    return { description, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A node of the network, also for tests that need one of their own to stop or to freeze. */
async function startOne(
  { folder, storage, blockMs, services, rpcPort }: NetworkOptions,
  name: 'validator' | 'follower',
  follows?: NeoNode,
): Promise<NeoNode> {
  const port = async (offset: number): Promise<number> => {
    if (rpcPort === undefined) return choosePort('127.0.0.1', 0);
    const fixed = rpcPort + offset + (follows === undefined ? 0 : PORT_OF_FOLLOWER);
    await checkPort('127.0.0.1', fixed);
    return fixed;
  };
  return startNode({
    folder: join(folder, name),
    storage,
    blockMs,
    services,
    rpcPort: await port(0),
    p2pPort: await port(PORT_OF_P2P),
    ...(follows === undefined ? {} : { follows }),
  });
}

/** Genesis holds block time and designations, and the store what is in a block. */
function holdToSettings({ folder, storage, blockMs, services }: NetworkOptions): void {
  mkdirSync(folder, { recursive: true });
  if (storage === 'memory') return;
  const path = join(folder, 'settings.json');
  const settings = `${JSON.stringify({ blockMs, services })}\n`;
  if (!existsSync(path)) writeFileSync(path, settings);
  const kept = readFileSync(path, 'utf8');
  if (kept === settings) return;
  throw new UserError(
    `The chain in ${folder} was made with ${kept.trim()}, not ${settings.trim()}.\n` +
      'Start with the same settings, or drop it with --fresh.',
  );
}

async function describeChain(rpc: Rpc) {
  const version = await rpc.call('getversion');
  const genesis = await rpc.call('getblock', [0, 1]);
  if (!isObject(version) || !isObject(genesis)) throw new Error('not the answers of a node');
  return {
    magic: DEVNET_MAGIC,
    userAgent: String(version.useragent),
    checkpoint: {
      height: 0,
      hash: String(genesis.hash),
      nextConsensus: String(genesis.nextconsensus),
    },
  };
}

const toJson = ({ address, scriptHash }: Pick<SigningAccount, 'address' | 'scriptHash'>) => ({
  address,
  scriptHash,
});
