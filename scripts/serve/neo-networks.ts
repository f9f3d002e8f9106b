/**
 * Asks the nodes of `NEO_NETWORKS` which network they are on, before anything is served or
 * deployed: with a wrong magic every signature would be for another chain. A node that does not
 * answer now may answer later, so that is a warning; the running Worker asks again by itself.
 */
import type { NetworkSettings } from '../../worker/core/neo/network-settings.ts';
import { describeNetworkFault, faultsOfNetwork } from '../../worker/core/neo/rpc/network-check.ts';
import { getVersion } from '../../worker/core/neo/rpc/protocol-settings.ts';
import { openRpc } from '../devnet/rpc.ts';

/** As long as a start should be kept by a node that hangs. */
const ASK_MS = 3_000;

export interface NetworkFindings {
  /** What refuses the start, by setting. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export async function checkNeoNetworks(
  networks: readonly NetworkSettings[],
): Promise<NetworkFindings> {
  const found = await Promise.all(networks.map(checkOne));
  return {
    problems: found.flatMap(({ problems }) => problems),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

async function checkOne({ id, magic, rpc }: NetworkSettings): Promise<NetworkFindings> {
  const nodes = await Promise.all(rpc.map(askNode));
  const faults = faultsOfNetwork({ magic, accounts: [], nodes });
  return {
    problems: faults.map((fault) => `NEO_NETWORKS ${id}: ${describeNetworkFault(fault)}.`),
    warnings: nodes
      .filter((node) => node.magic === null)
      .map(({ endpoint }) => `NEO_NETWORKS ${id}: ${endpoint} does not answer; not checked.`),
  };
}

async function askNode(url: string) {
  const endpoint = new URL(url).host;
  const { method, params, parse } = getVersion();
  try {
    const answer = await openRpc(url, { timeoutMs: ASK_MS }).call(method, params);
    const version = parse(answer);
    if (!version.ok) return { endpoint, magic: null, addressVersion: null };
    const { magic, addressVersion } = version.value.protocol;
    return { endpoint, magic, addressVersion };
  } catch {
    // Whatever goes wrong with a node here is said in one way: it was not checked.
    return { endpoint, magic: null, addressVersion: null };
  }
}
