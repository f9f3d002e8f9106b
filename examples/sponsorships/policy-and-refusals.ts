/**
 * Sponsored transactions: a policy of what an account pays for, a key for browsers that is bound to
 * it, and what is refused before anything is held or signed. The platform must serve a network: see
 * `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/sponsorships/policy-and-refusals.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const USER = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';

async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (isServiceLayerError(error)) return error.code;
    throw error;
  }
  throw new Error('it was not refused');
}

await runExample(() =>
  withAccount('sponsorships example', async ({ client, accountId }) => {
    const { chain, gasbank, keys, sponsorships } = client;
    const { items: networks } = await chain.listNetworks();
    const network = networks[0]?.id;
    if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

    const gasAccount = await gasbank.createGasAccount({ accountId, network });
    const policy = await sponsorships.createPolicy({
      accountId,
      gasAccountId: gasAccount.id,
      name: 'shop',
      contracts: [{ contract: GAS, methods: ['transfer'] }],
      feeMax: '0.5',
      perDay: '20',
      perAccountPerDay: '50',
      perSignerPerDay: '1',
      faultsPerDay: 50,
      faultsPerSignerPerDay: 3,
      openMax: 100,
      openPerSignerMax: 2,
    });
    print(`the policy pays ${policy.feeMax} GAS for one transaction, ${policy.perDay} GAS a day`);

    const key = await keys.createPublishableKey({
      accountId,
      name: 'shop in the browser',
      policyId: policy.id,
      origins: ['https://shop.example.com'],
    });
    print(`a key for ${key.publishable?.origins.join()} may ${key.scopes.join()}`);

    const ask = (id: string, contract: string, fields: object = {}) =>
      sponsorships.createSponsorship({
        accountId,
        id,
        policyId: policy.id,
        signer: USER,
        calls: [{ contract, method: 'transfer', args: [], result: 'asserted' }],
        ...fields,
      });
    print(`another contract: ${await refusalOf(ask('one', `0x${'1'.repeat(40)}`))}`);
    print(`a user who signs for all: ${await refusalOf(ask('two', GAS, { scopes: 'Global' }))}`);

    await sponsorships.deletePolicy({ accountId, policyId: policy.id });
    print(`without a policy: ${await refusalOf(ask('three', GAS))}`);
  }),
);
