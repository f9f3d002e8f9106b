/**
 * How far the follower of each network is, read from it at the moment of the scrape: a lag that was
 * added up over isolates and minutes would tell nothing. In the text format of Prometheus; networks
 * are few, so their ids are labels.
 */
import type { FollowerStatus } from '../../../durable-objects/chain-follower/rpc.ts';
import type { Env, Settings } from '../../env.ts';

interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly valueOf: (status: FollowerStatus) => number | null;
}

const GAUGES: readonly Gauge[] = [
  {
    name: 'nsl_chain_verified_height',
    help: 'Height up to which headers were verified.',
    valueOf: ({ verifiedHeight }) => verifiedHeight,
  },
  {
    name: 'nsl_chain_behind_blocks',
    help: 'Blocks the network has whose events are not handed out yet.',
    valueOf: ({ behindBlocks }) => behindBlocks,
  },
  {
    name: 'nsl_chain_last_block_age_seconds',
    help: 'Age of the last verified block, by its own time.',
    valueOf: ({ lastBlockAgeMs }) => (lastBlockAgeMs === null ? null : lastBlockAgeMs / 1000),
  },
  {
    name: 'nsl_chain_alert',
    help: '1 while the follower has stopped or waits for a person; /readyz says why.',
    valueOf: ({ alert }) => (alert === null ? 0 : 1),
  },
];

export async function renderChainMetrics(env: Env, settings: Settings): Promise<string> {
  const networks = settings.NEO_NETWORKS.map(({ id }) => id).sort();
  const statuses = await Promise.all(
    networks.map(async (id) => [id, await readFollower(env, id)] as const),
  );
  return GAUGES.map((gauge) => renderGauge(gauge, statuses)).join('');
}

/** Undefined for a network that is not followed: it has no checkpoint, or was just configured. */
export async function readFollower(env: Env, network: string): Promise<FollowerStatus | undefined> {
  const status = await env.CHAIN_FOLLOWER.getByName(network).status();
  return status.ok ? status.value : undefined;
}

type Statuses = readonly (readonly [string, FollowerStatus | undefined])[];

function renderGauge({ name, help, valueOf }: Gauge, statuses: Statuses): string {
  const samples = statuses.flatMap(([network, status]) => {
    const value = status ? valueOf(status) : null;
    return value === null ? [] : [`${name}{network="${network}"} ${value}\n`];
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${samples.join('')}`;
}
