/** What the tests of contracts need beside the API. */
import { base64 } from '@scure/base';
import { expect } from 'vitest';
import { decodeCalls, type LiteralCall } from '../../../worker/core/neo/contract-calls.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { type Called, type CallOptions, openTenant, type Tenant } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { SMALL_CONTRACTS } from '../../support/small-contracts.ts';
import { run } from '../secrets/vault-under-test.ts';
import { govern, makeWallet } from '../wallets/wallets-under-test.ts';

export const ABSENT = 'con_01k4j8x1e0e4r9v2m3n5p6q7rs';

export type SmallContract = keyof typeof SMALL_CONTRACTS;

export const bodyOf = (contract: SmallContract, fields: object = {}) => ({
  network: NETWORKS.up.id,
  scriptHash: SMALL_CONTRACTS[contract],
  ...fields,
});

export async function register(
  tenant: Tenant,
  contract: SmallContract = 'workshop',
  fields: object = {},
): Promise<Called> {
  const made = await tenant.call('POST /contracts', { body: bodyOf(contract, fields) });
  expect(made.status, made.text).toBe(201);
  return made;
}

export const pathOf = ({ body }: Called): string => `/contracts/${body.id}`;

/** As if the contract had been destroyed since it was registered. */
export const destroy = ({ body }: Called): Promise<unknown> =>
  run(
    'UPDATE contracts SET script_hash = ? WHERE contract_id = ?',
    SMALL_CONTRACTS.absent,
    body.id,
  );

/** The network of the contract is one whose nodes are down; its name stays. */
export function callWithoutNodes(
  tenant: Tenant,
  request: string,
  options: CallOptions = {},
): Promise<Called> {
  const [method = '', path = ''] = request.split(' ');
  const down = { ...NETWORKS.up, rpc: NETWORKS.down.rpc };
  return callAltered(
    { NEO_NETWORKS: JSON.stringify([down]) },
    `${method} /accounts/${tenant.accountId}${path}`,
    { token: tenant.key, body: options.body },
  );
}

/** The name of the network is that of another one now. */
export function callElsewhere(
  tenant: Tenant,
  request: string,
  options: CallOptions = {},
): Promise<Called> {
  const [method = '', path = ''] = request.split(' ');
  const other = { ...NETWORKS.up, magic: NETWORKS.up.magic + 1 };
  return callAltered(
    { NEO_NETWORKS: JSON.stringify([other]) },
    `${method} /accounts/${tenant.accountId}${path}`,
    { token: tenant.key, body: options.body },
  );
}

/** One who can approve what no policy of a wallet lets pass, so that a transaction is `proposed`. */
export async function openSender(name = 'payer'): Promise<Sender> {
  const tenant = await openTenant(name);
  await govern(tenant);
  const { body } = await makeWallet(tenant);
  return { tenant, walletId: body.id, account: body.scriptHash };
}

export interface Sender {
  readonly tenant: Tenant;
  readonly walletId: string;
  readonly account: ScriptHash;
}

/** The calls that the script of a transaction is made of. */
export function callsOf(script: string): readonly LiteralCall[] {
  const decoded = decodeCalls(base64.decode(script));
  return decoded.ok ? decoded.value : [];
}

export async function retire({ tenant, walletId }: Sender): Promise<void> {
  await run(`UPDATE chain_wallets SET status = 'retired' WHERE wallet_id = ?`, walletId);
  expect((await tenant.call(`GET /wallets/${walletId}`)).body.status).toBe('retired');
}

/** The wallet changes between what the decision was made on and the batch that holds it. */
export function callWhileWalletChanges(
  { tenant }: Sender,
  request: string,
  body: object,
): Promise<Called> {
  const [method = '', path = ''] = request.split(' ');
  const DB = racingDatabase(1, () => run('UPDATE chain_wallets SET revision = revision + 1'));
  return callAltered({ DB }, `${method} /accounts/${tenant.accountId}${path}`, {
    token: tenant.key,
    body,
  });
}

/** As many open transactions as an account may have, like the one that is named. */
export const openAllThereMayBe = (transactionId: string): Promise<unknown> =>
  run(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
     INSERT INTO transactions (transaction_id, account_id, kind, network, network_magic, sender,
       status, status_since, unsigned, system_fee_max, network_fee_max, gas_sent, window_blocks,
       intent_hash, approvers, reasons, due_at, created_by, revision, created_at, updated_at)
     SELECT 'txn_' || i, account_id, kind, network, network_magic, sender, status, status_since,
       unsigned, 0, 0, 0, 60, intent_hash, '[]', '[]', due_at, created_by, 1, 0, 0
     FROM n, transactions WHERE transaction_id = ?`,
    transactionId,
  );
