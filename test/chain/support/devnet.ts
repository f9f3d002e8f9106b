/**
 * What a test has of the private network: its description, RPC to both nodes, and what it may break
 * because nobody else uses it: an endpoint with fault switches, a follower of its own, an account
 * of its own. Files run at the same time, so the two nodes of the network are never stopped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished } from 'vitest';
import { accountNamed, type NamedAccount } from '../../../scripts/devnet/accounts.ts';
import { type FaultProxy, startFaultProxy } from '../../../scripts/devnet/fault-proxy.ts';
import { type Funds, payFromGenesis } from '../../../scripts/devnet/funds.ts';
import type { DescribedNode } from '../../../scripts/devnet/network.ts';
import { blockCount, type NeoNode, startNode } from '../../../scripts/devnet/node.ts';
import { openRpc, type Rpc } from '../../../scripts/devnet/rpc.ts';
import { choosePort } from '../../../scripts/serve/ports.ts';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { ScriptBuilder } from '../../../worker/core/neo/script-builder.ts';
import { parseScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { StackArgument } from '../../../worker/core/neo/stack-argument.ts';

/** Addresses, keys, contract hashes, checkpoint: see NetworkDescription. */
export const devnet = inject('network');

const POLL_MS = 50;

const [first, second] = devnet.nodes;
if (first === undefined || second === undefined) throw new Error('the network has two nodes');
export const validator: DescribedNode = first;
export const follower: DescribedNode = second;

/** contracts/probe */
export const probe = requireContract('probe');

/** contracts/badge */
export const badge = requireContract('badge');

/** To the validator. */
export const rpc: Rpc = openRpc(validator.rpcUrl);

/** A script that calls a method of the probe. */
export function callProbe(method: string, ...args: readonly StackArgument[]): Uint8Array {
  const call = { contract: probe, method, args, flags: CALL_FLAGS.All, result: 'kept' } as const;
  return new ScriptBuilder().call(call).toBytes();
}

/** Ends with the test. */
export async function openFaultyEndpoint(target = validator.rpcUrl): Promise<FaultProxy> {
  const proxy = await startFaultProxy({ target, controlPort: 0 });
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** Level with the validator; to be frozen, cut off or killed. Ends with the test. */
export const startOwnFollower = (): Promise<NeoNode> => startOwnNode(validator);

/** Level with the validator, without sessions and old state. Ends with the test. */
export const startFrugalFollower = (): Promise<NeoNode> =>
  startOwnNode(validator, { frugal: true });

/**
 * A network apart, without accounts but genesis: when its validator ends, its follower is cut off,
 * as a node can be. Both end with the test.
 */
export async function startOwnPair(): Promise<OwnPair> {
  const own = await startOwnNode();
  return { validator: own, follower: await startOwnNode(own) };
}

export interface OwnPair {
  readonly validator: NeoNode;
  readonly follower: NeoNode;
}

async function startOwnNode(
  follows?: Pick<NeoNode, 'rpcUrl' | 'p2pPort'>,
  { frugal = false }: { readonly frugal?: boolean } = {},
): Promise<NeoNode> {
  const folder = mkdtempSync(join(tmpdir(), 'chain-node-'));
  const node = await startNode({
    folder,
    storage: 'memory',
    blockMs: devnet.blockMs,
    services: devnet.services,
    frugal,
    rpcPort: await choosePort('127.0.0.1', 0),
    p2pPort: await choosePort('127.0.0.1', 0),
    ...(follows === undefined ? {} : { follows }),
  });
  onTestFinished(async () => {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return node;
}

/** Stops the process, sockets and all; answers when it no longer does. SIGCONT wakes it. */
export async function freeze({ processId, rpcUrl }: NeoNode): Promise<void> {
  process.kill(processId, 'SIGSTOP');
  const impatient = openRpc(rpcUrl, { timeoutMs: 300 });
  // The signal reaches one thread after the other.
  await expect
    .poll(() => impatient.call('getblockcount').catch(String), { timeout: 10_000 })
    .toContain('timeout');
}

/** An account nobody else spends from; the name must not be used by another test. */
export async function openAccount(name: string, funds: Funds): Promise<NamedAccount> {
  const account = accountNamed(name);
  await payFromGenesis(rpc, [account], funds);
  return account;
}

/** Answers the height once it is at least `height`. */
export async function waitForHeight(height: number, at: Rpc = rpc): Promise<number> {
  for (;;) {
    const reached = (await blockCount(at)) - 1;
    if (reached >= height) return reached;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function requireContract(name: string): ScriptHash {
  const hash = parseScriptHash(devnet.contracts[name] ?? '');
  if (hash === null) throw new Error(`the network has contracts/${name}`);
  return hash;
}
