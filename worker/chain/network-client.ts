/**
 * The RPC client of a configured network, one an isolate: what it learned of its endpoints serves
 * the next request too. Nothing else is kept here, so an isolate that ends costs a probe.
 */
import { waitUntil } from 'cloudflare:workers';
import type { NetworkSettings } from '../core/neo/network-settings.ts';
import { RpcClient } from './rpc-client.ts';

const clients = new Map<string, RpcClient>();

/** For tests: what one made of its nodes is not the next one's to suffer. */
export function forgetClients(): void {
  clients.clear();
}

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
    // Of whichever request, step or sweep asked. Without it a probe would end with an answer that is
    // faster than the probe, time after time, and a node that was cut off would look well for ever.
    // What a probe finds it notes itself, and what goes wrong too.
    defer: (work) => waitUntil(work.catch(() => undefined)),
  });
  clients.set(key, client);
  return client;
}

function randomFraction(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word / 2 ** 32;
}
