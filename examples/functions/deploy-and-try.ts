/**
 * Deploys functions of this folder and tries them with the params, secrets and answers of their
 * example.json: nothing is stored, no action is done, no host is called and no chain is read.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<the token npm start prints> \
 *     node examples/functions/deploy-and-try.ts [price-alert ...]
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ChainFixture,
  ExecutionsExecuteFunctionInput,
  FunctionPermissions,
  FunctionTest,
  HttpFixture,
} from '../../sdk/src/index.ts';
import { print, runExample, type Tenant, withAccount } from '../connect.ts';

export interface ExampleCase {
  readonly name: string;
  readonly params: ExecutionsExecuteFunctionInput['params'];
  /** Answers for its HTTP calls, each given once. */
  readonly fixtures?: readonly HttpFixture[];
  /** Answers for its reads of a chain, each given once. */
  readonly chainFixtures?: readonly ChainFixture[];
  /** What the run must give: an output, or the message of its error. */
  readonly output?: unknown;
  readonly error?: string;
  readonly actions?: readonly { readonly type: string; readonly params: unknown }[];
}

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly permissions: FunctionPermissions;
  readonly cases: readonly ExampleCase[];
}

export async function listExamples(): Promise<readonly string[]> {
  const files = await readdir(import.meta.dirname, { recursive: true });
  return files.flatMap((file) => /^([^/]+)\/example\.json$/.exec(file)?.[1] ?? []).sort();
}

export async function readExample(name: string): Promise<Example> {
  const folder = join(import.meta.dirname, name);
  const source = await readFile(join(folder, 'function.js'), 'utf8');
  // Files of this folder, whose shape is ours.
  const example = JSON.parse(await readFile(join(folder, 'example.json'), 'utf8')) as Omit<
    Example,
    'name' | 'source'
  >;
  return { ...example, name, source };
}

export async function deployExample(
  { client, accountId }: Tenant,
  { name, title, source, permissions, secrets = {} }: Example,
): Promise<string> {
  const { id } = await client.functions.createFunction({
    accountId,
    name,
    description: title,
    source,
    permissions,
    secrets: Object.keys(secrets),
  });
  return id;
}

/** One case, with values for the secrets: a test never reads those of the vault. */
export const tryCase = (
  { client, accountId }: Tenant,
  functionId: string,
  one: ExampleCase & Pick<Example, 'secrets'>,
): Promise<FunctionTest> => {
  const { params, fixtures = [], chainFixtures = [], secrets = {} } = one;
  const answers = { fixtures, chainFixtures };
  return client.functions.testFunction({ accountId, functionId, params, ...answers, secrets });
};

async function show(tenant: Tenant, name: string): Promise<void> {
  const example = await readExample(name);
  const functionId = await deployExample(tenant, example);
  print(`${name}: ${example.title}`);
  for (const one of example.cases) {
    const tried = await tryCase(tenant, functionId, { ...one, secrets: example.secrets ?? {} });
    const { status, fuel, plannedActions, httpCalls, chainReads } = tried;
    print(`  ${one.name}`);
    print(`    ${status}: ${JSON.stringify(tried.error?.message ?? tried.output).slice(0, 100)}`);
    const calls = `${httpCalls} HTTP calls, ${chainReads} reads of a chain`;
    print(`    ${fuel} fuel, ${plannedActions.length} actions, ${calls}`);
  }
}

if (import.meta.main) {
  await runExample(() =>
    withAccount('functions example', async (tenant) => {
      const named = process.argv.slice(2);
      const names = named.length > 0 ? named : await listExamples();
      for (const name of names) await show(tenant, name);
      print(`${names.length} functions deployed and tried`);
    }),
  );
}
