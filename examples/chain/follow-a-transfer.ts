/**
 * Reads a Neo N3 chain through the platform: its height, a block, what the first transaction of
 * that block did, and what the receiver of a transfer holds.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<any valid token> \
 *     node examples/chain/follow-a-transfer.ts [height]
 */
import { connect, print, runExample } from '../connect.ts';

await runExample(async () => {
  const { chain } = connect();
  const { items: networks } = await chain.listNetworks();
  for (const { id, status, height } of networks) print(`${id}: ${status}, height ${height}`);
  const [first] = networks;
  if (!first) return print('no network is configured: see NEO_NETWORKS');

  const network = first.id;
  const block = process.argv[2] ?? String(first.height);
  const { transactions, time } = await chain.getBlock({ network, block });
  print(`block ${block} of ${time}: ${transactions.length} transactions`);

  for (const hash of transactions) {
    const { vmState, exception, notifications } = await chain.getApplicationLog({ network, hash });
    // A transaction in a block may have done nothing: the state of its run says so.
    print(`${hash} ${vmState}${exception === null ? '' : `: ${exception}`}`);
    for (const { contract, eventName } of notifications) print(`  ${eventName} of ${contract}`);
  }

  const [hash] = transactions;
  if (hash === undefined) return;
  const { sender, systemFee, networkFee } = await chain.getTransaction({ network, hash });
  print(`${sender} paid ${BigInt(systemFee) + BigInt(networkFee)} datoshi`);
  const { items } = await chain.listBalances({ network, address: sender });
  print(`and holds ${items.length === 0 ? 'nothing' : ''}${items.map(inWords).join(', ')}`);
});

/** Amounts are whole numbers of the token's smallest unit. */
function inWords({ amount, symbol, contract, decimals }: Balance): string {
  const digits = amount.padStart((decimals ?? 0) + 1, '0');
  const point = digits.length - (decimals ?? 0);
  const fraction = digits.slice(point).replace(/0+$/, '');
  return `${digits.slice(0, point)}${fraction && `.${fraction}`} ${symbol ?? contract}`;
}

interface Balance {
  readonly amount: string;
  readonly symbol: string | null;
  readonly contract: string;
  readonly decimals: number | null;
}
