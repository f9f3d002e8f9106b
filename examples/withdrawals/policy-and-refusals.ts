/**
 * Withdrawals: what an account lets leave by itself, how slowly that may become more, and what is
 * refused before anything is held. The platform must serve a network: see `NEO_NETWORKS`. Without a
 * vault or a resolver nothing is paid, so this shows what is decided before.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/withdrawals/policy-and-refusals.ts
 */
import { isServiceLayerError, type ServiceLayerError } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

const TREASURY = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';
const ANYBODY = 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP';

async function refusalOf(call: Promise<unknown>): Promise<ServiceLayerError> {
  try {
    await call;
  } catch (error) {
    if (isServiceLayerError(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

await runExample(() =>
  withAccount('withdrawals example', async ({ client, accountId }) => {
    const { chain, gasbank, withdrawals } = client;
    const { items: networks } = await chain.listNetworks();
    const network = networks[0]?.id;
    if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

    const terms = { approvalsAbove: '10', perDay: '100', delayHours: 24 };
    const treasury = { address: TREASURY, label: 'treasury' };
    const policy = await withdrawals.setPolicy({
      accountId,
      network,
      ...terms,
      destinations: [treasury],
    });
    print(
      `above ${String(policy.approvalsAbove)} GAS members approve; ${String(policy.perDay)} a day`,
    );

    const wider = await withdrawals.setPolicy({
      accountId,
      network,
      ...terms,
      destinations: [treasury, { address: ANYBODY, label: null }],
    });
    const late = wider.destinations?.filter(({ activeAt }) => activeAt !== null) ?? [];
    print(`${String(late.length)} destination was added, and is paid in a day`);

    const { id: gasAccountId } = await gasbank.createGasAccount({ accountId, network });
    const asked = { accountId, gasAccountId, to: TREASURY };
    const small = await refusalOf(withdrawals.quoteWithdrawal({ ...asked, amount: '0.01' }));
    print(`too little: ${small.code} (${String(small.limit)} datoshi at least)`);
    const request = { ...asked, id: 'payout-1', amount: '5', to: ANYBODY };
    const early = await refusalOf(withdrawals.createWithdrawal(request));
    print(`too early: ${early.code}`);
    const { items } = await withdrawals.listWithdrawals({ accountId });
    print(`${String(items.length)} withdrawals were made`);
  }),
);
