/**
 * Proofs of the gas bank: what the platform owes and holds at a block, signed and public, and that
 * one's own balance is in it. Without a vault there is nothing to prove yet, and it says so.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<any valid token> \
 *     [ACCOUNT_ID=<an account of it>] node examples/proofs/check-a-statement.ts
 *
 * It adds the statement up again. Signature, tree and chain are checked by `slctl gasbank prove` and
 * `slctl gasbank inclusion`, with a node of your own.
 */
import { connect, print, runExample } from '../connect.ts';

await runExample(async () => {
  const { chain, proofs } = connect();
  const { items: networks } = await chain.listNetworks();
  const network = networks[0]?.id;
  if (network === undefined) return print('no network is configured: see NEO_NETWORKS');

  const { items } = await proofs.listProofs({ network });
  print(`${items.length} checkpoints on ${network}`);
  for (const { height, status, reason } of items)
    print(`${height}: ${status}${reason === null ? '' : ` (${reason})`}`);
  const stated = items.find(({ status }) => status !== 'failed');
  if (stated === undefined) return print('nothing is proven yet: no vault, or its first hour');

  const { height } = stated;
  const { statement, signature } = await proofs.getProof({ network, height });
  const held = sumOf(statement.assets);
  const owed = sumOf(statement.liabilities);
  print(`${statement.assets.length} addresses hold ${inGas(held)}, ${inGas(owed)} are owed`);
  print(`${held === owed ? 'they are the same' : 'THEY DIFFER'}, signed by ${signature.keyId}`);

  const accountId = process.env.ACCOUNT_ID;
  if (accountId === undefined) return;
  const { available, leaves } = await proofs.getInclusion({ accountId, network, height });
  print(`${available} GAS of ${accountId} are available in it, in ${leaves.length} leaves`);
});

/** Datoshi: a number of JavaScript would round what is owed. */
function sumOf(lines: readonly { readonly amount: string }[]): bigint {
  return lines.reduce((sum, { amount }) => sum + datoshiOf(amount), 0n);
}

function datoshiOf(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const datoshi = BigInt(whole + fraction.padEnd(8, '0'));
  return amount.startsWith('-') ? -datoshi : datoshi;
}

function inGas(datoshi: bigint): string {
  const digits = datoshi.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)} GAS`;
}
