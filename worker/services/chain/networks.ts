/** The networks of this deployment, each with the client of its nodes. */
import { networkClient } from '../../chain/network-client.ts';
import type { RpcClient } from '../../chain/rpc-client.ts';
import { toTimestamp } from '../../core/clock.ts';
import type { NetworkSettings } from '../../core/neo/network-settings.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Settings } from '../../env.ts';
import { LIMITS } from './limits.ts';

export interface Network {
  readonly settings: NetworkSettings;
  readonly client: RpcClient;
}

export function findNetwork(
  settings: Settings,
  id: string,
): Result<Network, 'chain.network_unknown'> {
  const found = settings.NEO_NETWORKS.find((network) => network.id === id);
  return found
    ? ok({ settings: found, client: networkClient(found) })
    : err('chain.network_unknown');
}

/** Of something that belongs to one network for ever. */
export function findBoundNetwork(
  settings: Settings,
  { network, networkMagic }: { readonly network: string; readonly networkMagic: number },
): Result<Network, 'chain.network_unknown'> {
  const found = findNetwork(settings, network);
  // The name may have been given to another network since (money rule M1).
  if (found.ok && found.value.settings.magic !== networkMagic) return err('chain.network_unknown');
  return found;
}

export interface NetworkStanding {
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly height: number | null;
  readonly blockTime: string | null;
  /** Words for operators about endpoints that are not healthy. */
  readonly troubles: readonly string[];
}

const standings = new Map<string, { readonly standing: NetworkStanding; readonly at: number }>();

/** For tests, as with the clients themselves. */
export function forgetStandings(): void {
  standings.clear();
}

/** What the client knows of its nodes, asked anew at most twice a second. */
export async function readStanding(
  { settings, client }: Network,
  now: number,
): Promise<NetworkStanding> {
  const known = standings.get(settings.id);
  // The clock can be set back.
  if (known && Math.abs(now - known.at) < LIMITS.chainTipKeptMs.value) return known.standing;
  await client.probe();
  const standing = toStanding({ settings, client });
  standings.set(settings.id, { standing, at: now });
  return standing;
}

function toStanding({ settings, client }: Network): NetworkStanding {
  const endpoints = client.status();
  const healthy = endpoints.filter(({ standing }) => standing === 'healthy');
  const tip = healthy.toSorted((one, other) => (other.height ?? 0) - (one.height ?? 0))[0];
  const enough = healthy.length >= settings.quorum;
  const blockTimeMs = tip?.blockTimeMs ?? null;
  return {
    status: enough ? 'ready' : healthy.length > 0 ? 'degraded' : 'unavailable',
    height: tip?.height ?? null,
    blockTime: blockTimeMs === null ? null : toTimestamp(blockTimeMs),
    troubles: endpoints
      .filter(({ standing }) => standing !== 'healthy')
      .map(({ endpoint, standing, magic }) =>
        standing === 'foreign'
          ? `${endpoint} is on the network of magic ${String(magic)}`
          : `${endpoint} is ${standing}`,
      ),
  };
}
