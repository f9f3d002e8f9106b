/** `POST .../sponsorship-policies/{policyId}/user-challenges`: a text for the wallet of a user. */
import { describe, expect, it } from 'vitest';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { openSponsoring, publishableOf } from './sponsorships-under-test.ts';

const pathOf = ({ policyId }: { readonly policyId: string }) =>
  `POST /gasbank/sponsorship-policies/${policyId}/user-challenges`;
const body = { address: createNeoWallet().address };

describe('201', () => {
  it('names the account, the policy and the address, and is no transaction', async () => {
    const sponsoring = await openSponsoring();
    const asked = await sponsoring.tenant.call(pathOf(sponsoring), { body });
    expect([asked.status, asked.body.address], asked.text).toEqual([201, body.address]);
    for (const word of [sponsoring.tenant.accountId, sponsoring.policyId, 'no transaction'])
      expect(asked.body.text).toContain(word);
  });
});

describe('400', () => {
  it('asks nobody without an address', async () => {
    const sponsoring = await openSponsoring();
    const refused = await sponsoring.tenant.call(pathOf(sponsoring), {
      body: { address: 'Nobody' },
    });
    expect(refused.body.fields[0].pointer).toBe('/address');
  });
});

describe('403', () => {
  it('M22: asks nobody under another policy than that of a publishable key', async () => {
    const sponsoring = await openSponsoring();
    const key = await publishableOf(sponsoring);
    const refused = await sponsoring.tenant.call(pathOf(sponsoring), { ...key, body });
    expect([refused.status, refused.body.code]).toEqual([403, 'sponsorships.policy_foreign']);
  });
});

describe('404', () => {
  it('knows no policy of another account', async () => {
    const sponsoring = await openSponsoring();
    const other = await openSponsoring();
    expect((await other.tenant.call(pathOf(sponsoring), { body })).status).toBe(404);
  });
});
