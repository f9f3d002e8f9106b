/**
 * A wallet on a Neo network whose key is made in the bridge: what its policy lets pass, what a
 * transfer would do and cost, and the end of the wallet. The platform must serve a network: see
 * `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/wallets/under-a-policy.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
/** Datoshi: 10^-8 GAS. */
const ONE_GAS = 100_000_000n;

await runExample(() =>
  withAccount('wallets example', async ({ client, accountId }) => {
    const { chain, wallets, transactions } = client;
    const { items: networks } = await chain.listNetworks();
    const network = networks[0]?.id;
    if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

    const wallet = await wallets.createWallet({ accountId, network, label: 'payouts' });
    const place = { accountId, walletId: wallet.id };
    print(`${wallet.address} on ${wallet.network}, ${wallet.exportable ? '' : 'never '}exportable`);

    const { items: balances } = await wallets.listBalances(place);
    for (const { symbol, amount } of balances) print(`  ${symbol}: ${amount}`);

    await wallets.setPolicy({
      ...place,
      contracts: [],
      tokens: [{ token: GAS, perDay: String(ONE_GAS) }],
      scopes: ['CalledByEntry'],
      customContracts: [],
      systemFeeMax: '20000000',
      networkFeeMax: '10000000',
      approvals: 2,
    });
    print('it signs transfers of up to 1 GAS a day, and whatever else with two approvals');

    const transfer = {
      contract: GAS,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: wallet.address },
        { type: 'Hash160', value: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' },
        { type: 'Integer', value: String(ONE_GAS / 2n) },
        { type: 'Any', value: null },
      ],
      // A transfer that answers false would be charged and have done nothing.
      result: 'asserted' as const,
    };
    const signers = [{ account: wallet.address, scopes: 'CalledByEntry' }];
    const calls = [transfer];
    const run = await transactions.simulateTransaction({ accountId, network, calls, signers });
    const why = run.exception === null ? '' : `, because of ${run.exception}`;
    print(`half a GAS: ${run.vmState}${why}, ${run.systemFee} + ${run.networkFee} datoshi`);

    try {
      await client.accounts.deleteAccount({ accountId });
    } catch (error) {
      if (!isServiceLayerError(error)) throw error;
      print(`the account cannot go yet: ${error.code}`);
    }
    const { status } = await wallets.retireWallet(place);
    print(`${wallet.address} is ${status}`);
  }),
);
