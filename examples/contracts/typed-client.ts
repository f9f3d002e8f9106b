/**
 * A contract through a typed client: the GAS token, which every Neo network has. `nep17/client.ts`
 * was written by `slctl contracts generate --manifest nep17/manifest.json`; a client of your own
 * contract is written in the same way. Reading takes no transaction; sending one is up to the policy
 * of the wallet, under which nothing is free at first. The platform must serve a network: see
 * `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/contracts/typed-client.ts
 */
import { type Client, isServiceLayerError } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';
import { createContractClient } from './nep17/client.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const SOMEBODY = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';

await runExample(() =>
  withAccount('contracts example', async ({ client, accountId }) => {
    const { items: networks } = await client.chain.listNetworks();
    const network = networks[0]?.id;
    if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

    const contract = await client.contracts.registerContract({
      accountId,
      network,
      scriptHash: GAS,
      label: 'gas',
    });
    print(`${contract.name} on ${network}: ${contract.supportedStandards.join(', ')}`);

    const place = { accountId, contractId: contract.id };
    const token = createContractClient(client, place);
    const [symbol, decimals, held] = await Promise.all([
      token.symbol(),
      token.decimals(),
      token.balanceOf({ account: SOMEBODY }),
    ]);
    print(`${symbol}, ${decimals} decimals; ${SOMEBODY} holds ${held} of its smallest unit`);

    await tryWrongArgument(client, place);
    await tryTransfer(client, { accountId, network, transfer: token.transfer });
    await client.contracts.removeContract(place);
    const { items } = await client.contracts.listContracts({ accountId });
    print(`${items.length} contracts are registered`);
  }),
);

/** What a typed client cannot do by mistake. */
async function tryWrongArgument(
  client: Client,
  place: { readonly accountId: string; readonly contractId: string },
): Promise<void> {
  try {
    const args = [{ type: 'Integer', value: '1' }];
    await client.contracts.testInvokeMethod({ ...place, method: 'balanceOf', args });
  } catch (error) {
    if (!isServiceLayerError(error, 'request.malformed')) throw error;
    for (const { pointer, detail } of error.fields) print(`refused: ${pointer} ${detail}`);
  }
}

interface Transfer {
  readonly accountId: string;
  readonly network: string;
  readonly transfer: ReturnType<typeof createContractClient>['transfer'];
}

async function tryTransfer(client: Client, { accountId, network, transfer }: Transfer) {
  const wallet = await client.wallets.createWallet({ accountId, network });
  try {
    const given = { from: wallet.address, to: SOMEBODY, amount: 1n, data: null };
    const { status } = await transfer(given, { walletId: wallet.id });
    print(`the transfer is ${status}`);
  } catch (error) {
    // An empty wallet cannot pay, and a wallet without a policy needs an approval.
    if (!isServiceLayerError(error)) throw error;
    print(`not sent: ${error.code}`);
  }
  await client.wallets.retireWallet({ accountId, walletId: wallet.id });
}
