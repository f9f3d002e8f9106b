/**
 * The network behind the endpoints: its protocol settings, which are read and never assumed, and
 * whether it is the configured one. A running Worker that finds a fault answers 503 on everything
 * about the chain and says why in `/readyz`; `npm start` and deploy refuse.
 */
import { faultsOfNetwork, type NetworkFault } from '../core/neo/rpc/network-check.ts';
import { getVersion, type ProtocolSettings } from '../core/neo/rpc/protocol-settings.ts';
import type { ScriptHash } from '../core/neo/script-hash.ts';
import type { RpcClient } from './rpc-client.ts';

export interface NetworkReading {
  readonly faults: readonly NetworkFault[];
  /** Null when there is a fault, or no endpoint of this network answered. */
  readonly settings: ProtocolSettings | null;
}

export async function readNetwork(
  client: RpcClient,
  network: { readonly magic: number; readonly accounts: readonly ScriptHash[] },
): Promise<NetworkReading> {
  const versions = await client.askEach(getVersion());
  const protocols = new Map(
    versions.flatMap(({ endpoint, reply }) =>
      reply.kind === 'value' ? [[endpoint, reply.value.protocol] as const] : [],
    ),
  );
  const nodes = client.status().map(({ endpoint, magic }) => ({
    endpoint,
    magic: protocols.get(endpoint)?.magic ?? magic,
    addressVersion: protocols.get(endpoint)?.addressVersion ?? null,
  }));
  const faults = faultsOfNetwork({ ...network, nodes });
  const [first = null] = protocols.values();
  return { faults, settings: faults.length === 0 ? first : null };
}
