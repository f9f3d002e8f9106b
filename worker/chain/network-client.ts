/**
 * The RPC client of a configured network, one an isolate: what it learned of its endpoints serves
 * the next request too. Nothing else is kept here, so an isolate that ends costs a probe.
 */
import type { NetworkSettings } from '../core/neo/network-settings.ts';
import { RpcClient } from './rpc-client.ts';

const clients = new Map<string, RpcClient>();

/** A network whose settings changed has another client. */
export function networkClient(network: NetworkSettings): RpcClient {
  const key = JSON.stringify([network.magic, network.rpc, network.quorum]);
  const known = clients.get(key);
  if (known) return known;
  const client = new RpcClient({
    urls: network.rpc,
    magic: network.magic,
    quorum: network.quorum,
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    random: randomFraction,
    // A probe that dies with the request it came with is made again by the next.
    defer: (work) => void work.catch(() => undefined),
  });
  clients.set(key, client);
  return client;
}

function randomFraction(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word / 2 ** 32;
}
