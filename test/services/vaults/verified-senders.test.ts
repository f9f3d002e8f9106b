/** M18: a payment without data belongs to whoever has verified the wallet that paid, if it is one. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import { openGasAccount } from '../../support/gas-account.ts';
import { openTenant, type Tenant } from '../../support/harness.ts';
import {
  depositRows,
  feed,
  insertGasAccount,
  paid,
  registered,
  STRANGER,
} from './vaults-under-test.ts';

/** As the verification leaves it. */
async function addWallet(
  { accountId }: Tenant,
  { status = 'verified', at = 1 }: { readonly status?: string; readonly at?: number } = {},
): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO workspace_wallets (wallet_id, account_id, kind, address, script_hash, status,
       revision, created_at, updated_at) VALUES (?, ?, 'neo', ?, ?, ?, 1, 1, ?)`,
  )
    .bind(`wlt_${accountId}`, accountId, encodeAddress(STRANGER), STRANGER, status, at)
    .run();
}

async function payFrom(prepare: (tenant: Tenant) => Promise<unknown>) {
  const { chain, vault } = await registered();
  const tenant = await openTenant();
  await prepare(tenant);
  await chain.add(...paid({ from: STRANGER, to: vault, amount: 5n, data: null }));
  await feed();
  const [row] = await depositRows();
  return { tenant, row };
}

describe('a payment without data', () => {
  it('goes to main of the one account that had verified the wallet', async () => {
    let main = '';
    const { tenant, row } = await payFrom(async (owner) => {
      main = (await openGasAccount(owner)).body.id;
      await addWallet(owner);
    });
    expect(row).toMatchObject({
      status: 'credited',
      account_id: tenant.accountId,
      gas_account_id: main,
    });
  });

  it.each<[string, (tenant: Tenant) => Promise<unknown>]>([
    [
      'two accounts have verified it',
      async (tenant) => {
        const other = await openTenant();
        for (const owner of [tenant, other]) {
          await openGasAccount(owner);
          await addWallet(owner);
        }
      },
    ],
    [
      'nobody has verified it',
      async (tenant) => {
        await openGasAccount(tenant);
        await addWallet(tenant, { status: 'unverified' });
      },
    ],
    [
      'it was verified after the block',
      async (tenant) => {
        await openGasAccount(tenant);
        await addWallet(tenant, { at: Date.now() + 3_600_000 });
      },
    ],
    ['its account has no gas account', (tenant) => addWallet(tenant)],
    [
      'its account has only one of another network (M1)',
      async (tenant) => {
        await insertGasAccount(tenant, { magic: 860_833_102 });
        await addWallet(tenant);
      },
    ],
  ])('lies in suspense when %s', async (_name, prepare) => {
    const { row } = await payFrom(prepare);
    expect(row).toMatchObject({ status: 'suspense', reason: 'sender_unknown', account_id: null });
  });
});
