/**
 * Replay in a fresh process with the network off: every example function and a number of random ones are executed by
 * one process, which is stopped with the outside and the chain they asked; another one replays them all from what is on
 * disk.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  deployExample,
  type Example,
  listExamples,
  readExample,
} from '../../examples/functions/deploy-and-try.ts';
import type { ExecutionsExecuteFunctionInput } from '../../sdk/src/index.ts';
import { startScriptedServer } from '../support/scripted-server.ts';
import { serveNode } from '../support/serve-node.ts';
import { answerAsNode, NETWORKS } from '../support/small-chain.ts';
import { randomFunction, randomOf } from './random-functions.ts';
import { type ServedPlatform, type ServedTenant, servePlatform } from './served-platform.ts';

type Params = ExecutionsExecuteFunctionInput['params'];

interface Ran {
  readonly accountId: string;
  readonly executionId: string;
  readonly what: string;
  readonly receipt: unknown;
}

/** Answers how many executions were replayed. */
export async function replayAfterRestart(options: {
  readonly seed: number;
  readonly functions: number;
}): Promise<number> {
  const state = mkdtempSync(join(tmpdir(), 'replay-'));
  try {
    const ran = await executeAll(state, options);
    await replayAll(state, ran);
    return ran.length;
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

async function executeAll(
  state: string,
  { seed, functions }: { readonly seed: number; readonly functions: number },
): Promise<readonly Ran[]> {
  const outside = await startScriptedServer();
  const examples = await Promise.all((await listExamples()).map(readExample));
  const fixtures = examples.flatMap(({ cases }) => cases).flatMap((one) => one.fixtures ?? []);
  outside.answer((response, { url }) => {
    const fixture = fixtures.find((one) => one.url === `https:/${url}`);
    response.writeHead(fixture?.status ?? (fixture ? 200 : 404), fixture?.headers);
    response.end(fixture?.body);
  });
  const node = await serveNode(answerAsNode);
  const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, rpc: [node.url] }]);
  const env = { EGRESS_ALLOW: outside.baseUrl, NEO_NETWORKS };
  const platform = await servePlatform({ state, env });
  try {
    const ofExamples = await executeExamples(platform, examples, outside.baseUrl);
    const ofDevpack = await executeDevpack(platform);
    return [...ofExamples, ...ofDevpack, ...(await executeRandom(platform, seed, functions))];
  } finally {
    await platform.stop();
    await outside.stop();
    await node.stop();
  }
}

async function executeExamples(
  platform: ServedPlatform,
  examples: readonly Example[],
  origin: string,
): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  for (const example of examples) {
    const tenant = await platform.openTenant();
    const hosts = example.permissions.httpHosts ?? [];
    const functionId = await deployExample(tenant, {
      ...example,
      source: example.source.replaceAll(/https:\/\/(?=\w+\.example\.com)/g, `${origin}/`),
      permissions: { ...example.permissions, httpHosts: hosts.map(() => new URL(origin).host) },
    });
    const { client, accountId } = tenant;
    for (const [name, value] of Object.entries(example.secrets ?? {}))
      await client.secrets.createSecret({ accountId, name, value, grants: [functionId] });
    for (const one of example.cases)
      ran.push(await execute(tenant, functionId, { params: one.params, what: example.name }));
  }
  return ran;
}

const DEVPACK = join(import.meta.dirname, '../../examples/functions/devpack');

/** The functions of today's Devpack, as they are. */
async function executeDevpack(platform: ServedPlatform): Promise<readonly Ran[]> {
  const tenant = await platform.openTenant();
  const { client, accountId } = tenant;
  const ran: Ran[] = [];
  for (const file of readdirSync(join(DEVPACK, 'js'))) {
    const name = file.replace('.js', '');
    const source = readFileSync(join(DEVPACK, 'js', file), 'utf8');
    // A file of the examples, which is JSON.
    const params = JSON.parse(
      readFileSync(join(DEVPACK, 'params', `${name}.json`), 'utf8'),
    ) as Params;
    const { id } = await client.functions.createFunction({ accountId, name, source });
    ran.push(await execute(tenant, id, { params, what: name }));
  }
  return ran;
}

const FUNCTIONS_PER_ACCOUNT = 40;
const AT_ONCE = 4;

async function executeRandom(
  platform: ServedPlatform,
  seed: number,
  functions: number,
): Promise<readonly Ran[]> {
  const random = randomOf(seed);
  const ran: Ran[] = [];
  let tenant = await platform.openTenant();
  for (let made = 0; made < functions; made += AT_ONCE) {
    if (made > 0 && made % FUNCTIONS_PER_ACCOUNT === 0) tenant = await platform.openTenant();
    const { client, accountId } = tenant;
    const batch = Array.from({ length: AT_ONCE }, () => randomFunction(random));
    const executed = batch.map(async ({ source, params }, index) => {
      const name = `random-${made + index}`;
      const { id } = await client.functions.createFunction({ accountId, name, source });
      return execute(tenant, id, { params, what: source });
    });
    ran.push(...(await Promise.all(executed)));
  }
  return ran;
}

async function execute(
  { client, accountId }: ServedTenant,
  functionId: string,
  {
    params,
    what,
  }: {
    readonly params: Params;
    readonly what: string;
  },
): Promise<Ran> {
  const execution = await client.executions.executeFunction({ accountId, functionId, params });
  const executionId = execution.id;
  const receipt = await client.executions.getReceipt({ accountId, executionId });
  return { accountId, executionId, what, receipt };
}

async function replayAll(state: string, ran: readonly Ran[]): Promise<void> {
  const platform = await servePlatform({ state, env: { EGRESS_ALLOW: '' } });
  try {
    const { executions } = platform.operator;
    for (const { what, receipt, ...key } of ran) {
      const replayed = await executions.replayExecution(key);
      expect(replayed, what).toMatchObject({ equal: true, problem: null });
      expect(await executions.getReceipt(key), what).toEqual(receipt);
    }
  } finally {
    await platform.stop();
  }
}
