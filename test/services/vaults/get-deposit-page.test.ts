/** `GET /deposit/{gasAccountId}`: for people, with nothing of the account and nothing from elsewhere. */
import { describe, expect, it } from 'vitest';
import { openGasAccount } from '../../support/gas-account.ts';
import { call, openTenant } from '../../support/harness.ts';
import { insertGasAccount, makePlatformWallet, putVault } from './vaults-under-test.ts';

const page = (id: string) => call(`GET /deposit/${id}`, { token: null });

async function opened() {
  const put = await putVault(await makePlatformWallet('operator'));
  const tenant = await openTenant('secret name');
  const made = await openGasAccount(tenant, { label: 'secret label' });
  return { tenant, vault: put.body, id: made.body.id };
}

describe('200', () => {
  it('M18: says that the code has no data, and what the data is', async () => {
    const { id, vault } = await opened();
    const { status, headers, text } = await page(id);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain(`<pre><code>${id}</code></pre>`);
    expect(text).toContain(`data-vault="${vault.contract}"`);
    expect(text).toContain('<svg');
    expect(text).toContain('This code has the address alone.');
  });

  it('shows nothing of the account, and loads nothing from elsewhere', async () => {
    const { id, tenant } = await opened();
    const { headers, text } = await page(id);
    expect(text).not.toMatch(/secret (name|label)/);
    expect(text).not.toContain(tenant.accountId);
    expect(text).not.toMatch(/(src|href)="(?!\/)/);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:/);
  });
});

describe('404', () => {
  it('has no page for a gas account that is unknown or closed', async () => {
    await opened();
    const tenant = await openTenant();
    const closed = await insertGasAccount(tenant, { status: 'closed' });
    for (const id of ['gas_01k4j8x1e0e4r9v2m3n5p6q7rs', closed])
      expect((await page(id)).body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('sends nobody to a network that has no vault', async () => {
    const id = (await openGasAccount(await openTenant())).body.id;
    expect((await page(id)).body.code).toBe('vaults.vault_absent');
  });
});
