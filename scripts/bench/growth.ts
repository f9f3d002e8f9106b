/** How reads behave when the connections and the accounts become more. */
import { listAccounts, readAccount } from './comparisons.ts';
import { measure } from './load.ts';
import type { Site } from './site.ts';
import type { Timing } from './statistics.ts';

export interface GrowthStep {
  /** Connections or accounts. */
  readonly count: number;
  readonly read: Timing;
  readonly list: Timing;
}

const CONNECTIONS = [1, 4, 16, 64];
const ACCOUNTS = [10, 1_000, 100_000];
const ACCOUNTS_CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;

export async function growConnections(site: Site, seconds: number): Promise<readonly GrowthStep[]> {
  const steps: GrowthStep[] = [];
  for (const connections of CONNECTIONS) {
    steps.push(await takeStep(site, { count: connections, connections, seconds }));
  }
  return steps;
}

/** From few to many: accounts are only added. */
export async function growAccounts(site: Site, seconds: number): Promise<readonly GrowthStep[]> {
  const steps: GrowthStep[] = [];
  for (const accounts of ACCOUNTS) {
    await site.fill(accounts);
    const step = { count: accounts, connections: ACCOUNTS_CONNECTIONS, seconds };
    steps.push(await takeStep(site, step));
  }
  return steps;
}

interface Step {
  readonly count: number;
  readonly connections: number;
  readonly seconds: number;
}

async function takeStep(site: Site, { count, ...load }: Step): Promise<GrowthStep> {
  const [read, list] = [readAccount(site.tenant()), listAccounts(site.tenant())];
  for (const request of [read, list]) await measure(request, { ...load, seconds: WARM_UP_SECONDS });
  return { count, read: await measure(read, load), list: await measure(list, load) };
}
