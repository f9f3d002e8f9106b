/**
 * Wallets of the platform and its vault, as an operator makes them: an operator wallet for the terms
 * that the vault is deployed with, a sponsor with a rule by which the vault refills it, and what is
 * refused as a vault. The platform must serve a network: see `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/vaults/platform-wallets.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { connect, print, runExample } from '../connect.ts';

/** The contract of the token: whoever it is, no vault of ours. */
const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';

await runExample(async () => {
  const { chain, vaults } = connect();
  const { items: networks } = await chain.listNetworks();
  const network = networks[0]?.id;
  if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

  const operator = await vaults.createPlatformWallet({ network, purpose: 'operator' });
  print(`deploy the vault of ${network} with ${operator.address} as its operator`);

  const sponsor = await vaults.createPlatformWallet({ network, purpose: 'sponsor' });
  const { refillRule } = await vaults.setRefillRule({
    platformWalletId: sponsor.id,
    refillRule: { below: '5', upTo: '20' },
  });
  print(
    `a sponsor has ${refillRule?.upTo ?? '?'} GAS again when it has less than ${refillRule?.below ?? '?'}`,
  );

  try {
    await vaults.setVault({ network, contract: GAS });
  } catch (error) {
    if (!isServiceLayerError(error)) throw error;
    print(`not every contract is a vault: ${error.code}`);
  }

  const { items } = await vaults.listSuspense({ network });
  print(`${String(items.length)} deposits wait to be assigned`);

  for (const { id: platformWalletId } of [operator, sponsor]) {
    const retired = await vaults.retirePlatformWallet({ platformWalletId });
    print(`${retired.address} is ${retired.status}`);
  }
});
