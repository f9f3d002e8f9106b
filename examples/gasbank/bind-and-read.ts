/**
 * Gas accounts: what binds the spending of prepaid GAS, a rule that fills one from another, and how
 * to read what is in them. The platform must serve a network: see `NEO_NETWORKS`. GAS comes in with
 * a deposit, so this account has none, and what would spend some is refused.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/gasbank/bind-and-read.ts
 */
import { isServiceLayerError, type ServiceLayerError } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

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
  withAccount('gas bank example', async ({ client, accountId }) => {
    const { chain, gasbank } = client;
    const { items: networks } = await chain.listNetworks();
    const network = networks[0]?.id;
    if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

    const main = await gasbank.createGasAccount({
      accountId,
      network,
      minimumBalance: '0.5',
      dailyLimit: '25',
    });
    const { minimumBalance, dailyLimit } = main;
    print(`main on ${network} keeps ${minimumBalance} GAS, and lets ${dailyLimit} GAS leave a day`);

    const topUp = { fromGasAccountId: main.id, amount: '2', perDay: '10' };
    const hot = await gasbank.createGasAccount({
      accountId,
      network,
      name: 'hot',
      lowBalance: '1',
      topUp,
    });
    print(`hot is topped up with ${topUp.amount} GAS, ${topUp.perDay} GAS a day at most`);

    const back = { ...topUp, fromGasAccountId: hot.id };
    const looped = await refusalOf(
      gasbank.updateGasAccount({ accountId, gasAccountId: main.id, lowBalance: '1', topUp: back }),
    );
    print(`no rule feeds itself: ${looped.code}`);

    const refused = await refusalOf(
      gasbank.createReservation({
        accountId,
        id: 'job-1',
        gasAccountId: hot.id,
        amount: '1',
        purpose: 'rendering',
        expiresInSeconds: 600,
      }),
    );
    const { code, limit, observed } = refused;
    print(`nothing is put aside: ${code} (${String(limit)} of ${String(observed)} datoshi)`);

    const place = { accountId, gasAccountId: main.id };
    const { opening, closing, items } = await gasbank.getStatement(place);
    const entries = `${items.length} entries`;
    print(`main had ${opening.available} GAS and has ${closing.available} GAS, after ${entries}`);
    print(await gasbank.exportStatement(place));

    const { id: gasAccountId } = await gasbank.createGasAccount({
      accountId,
      network,
      name: 'trading',
    });
    const closed = await gasbank.closeGasAccount({ accountId, gasAccountId });
    print(`${closed.name} is ${closed.status}`);
  }),
);
