/**
 * Whether each part the platform stands on answers: asked for real, each with a time limit, all at
 * once.
 */
import { sql } from 'drizzle-orm';
import { connect } from '../../db/connect.ts';
import { type Env, parseSettings, type Settings } from '../../env.ts';
import { findNetwork, readStanding } from '../chain/index.ts';
import { readFollower } from './chain-metrics.ts';

export interface Part {
  /** `settings`, `catalogue`, `objects`, `bridge`, or the id of a Neo network. */
  readonly name: string;
  readonly ready: boolean;
  /** For operators only. */
  readonly problem: string | undefined;
}

const PART_TIMEOUT_MS = 5_000;
/** An object no caller is named after; asking it proves that objects start and have storage. */
const PROBE = 'readiness';

export async function probeParts(env: Env): Promise<readonly Part[]> {
  const settings = parseSettings(env);
  const settingsProblem = settings.ok
    ? undefined
    : (settings.failure.fields ?? []).map((field) => `${field.pointer} ${field.detail}`).join(', ');
  const probes = await Promise.all([
    probe('catalogue', async () => {
      await connect(env.DB).run(sql`SELECT 1 FROM accounts LIMIT 1`);
      return undefined;
    }),
    probe('objects', async () => {
      await env.ACCOUNT_SCHEDULER.getByName(PROBE).stats();
      return undefined;
    }),
    probe('bridge', async () => {
      const health = await env.BRIDGE.health();
      return health.ready ? undefined : health.missing.join(', ');
    }),
    ...(settings.ok ? probeNetworks(env, settings.value) : []),
  ]);
  return [
    { name: 'settings', ready: settingsProblem === undefined, problem: settingsProblem },
    ...probes,
  ];
}

/**
 * Not ready with fewer healthy nodes than the quorum, or a follower that stopped: reads may go on,
 * but nothing irreversible is decided.
 */
function probeNetworks(env: Env, settings: Settings): readonly Promise<Part>[] {
  return settings.NEO_NETWORKS.map(({ id }) =>
    probe(id, async () => {
      const network = findNetwork(settings, id);
      if (!network.ok) return network.failure.code;
      const { status, troubles } = await readStanding(network.value, Date.now());
      const alert = (await readFollower(env, id))?.alert ?? null;
      if (status === 'ready' && alert === null) return undefined;
      return [...troubles, ...(alert === null ? [] : [`the follower says ${alert}`])].join('; ');
    }),
  );
}

async function probe(name: Part['name'], ask: () => Promise<string | undefined>): Promise<Part> {
  try {
    const problem = await Promise.race([ask(), timeout()]);
    return { name, ready: problem === undefined, problem };
  } catch (thrown) {
    return { name, ready: false, problem: thrown instanceof Error ? thrown.message : 'failed' };
  }
}

const timeout = (): Promise<string> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(`no answer in ${PART_TIMEOUT_MS} ms`), PART_TIMEOUT_MS);
  });
