/**
 * What work costs, and what pays for it: a price list of the operator, an execution that is refused
 * before anything starts, credits that pay for it, and what was taken. The platform must serve a
 * network: see `NEO_NETWORKS`. The prices are of the whole platform, so they are taken back at the end.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/metering/prices-and-credits.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { connect, print, runExample, type Tenant, withAccount } from '../connect.ts';

const FREE = { execution: '0', fuel: '0', storage: '0', creditsPerGas: null };

async function workFor({ client, accountId }: Tenant, network: string): Promise<void> {
  const operator = connect();
  const { metering, functions, executions } = client;
  const source = '({ n }) => ({ squared: n * n })';
  const limits = { fuel: 1_000_000_000 };
  const { id: functionId } = await functions.createFunction({
    accountId,
    name: 'square',
    source,
    limits,
  });

  const prices = { execution: '0.001', fuel: '0.01', storage: '0', creditsPerGas: '2' };
  const list = await operator.metering.setPrices({ network, ...prices });
  print(`list ${list.version}: ${list.execution} GAS a run, ${list.fuel} GAS for 10^9 fuel`);

  try {
    await executions.executeFunction({ accountId, functionId, params: { n: 12 } });
  } catch (error) {
    if (!isServiceLayerError(error)) throw error;
    print(`nothing started: ${error.code} (${String(error.observed)} datoshi are needed)`);
  }

  const grant = { id: 'welcome', network, amount: '0.5', reason: 'An example' };
  await operator.metering.grantCredits({ accountId, ...grant });
  const ran = await executions.executeFunction({ accountId, functionId, params: { n: 12 } });
  print(`${ran.status}: ${JSON.stringify(ran.output)} for ${String(ran.fuel)} fuel`);

  const credits = await metering.getCredits({ accountId, network });
  print(`credits: ${credits.spent} of ${credits.issued} are spent, ${credits.available} are left`);
  const { payer } = await metering.getBilling({ accountId });
  print(`GAS would be paid by ${payer?.name ?? 'nobody'} on ${payer?.network ?? 'no network'}`);
}

await runExample(async () => {
  const operator = connect();
  const { items: networks } = await operator.chain.listNetworks();
  const network = networks[0]?.id;
  if (network === undefined) return print('no network is configured: see NEO_NETWORKS');
  try {
    await withAccount('metering example', (tenant) => workFor(tenant, network));
  } finally {
    await operator.metering.setPrices({ network, ...FREE });
  }
});
