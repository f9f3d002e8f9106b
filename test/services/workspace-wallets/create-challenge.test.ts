/** `POST /accounts/{accountId}/workspace-wallets/{walletId}/challenges` */
import { describe, expect, it } from 'vitest';
import { parseSignIn } from '../../../worker/core/neo/message/sign-in-text.ts';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { makeWallet } from '../../contract/fixtures/workspace-wallets.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';

describe('201', () => {
  it('gives a text that names site, account and wallet', async () => {
    const tenant = await openTenant();
    const { address, scriptHash } = createNeoWallet();
    const wallet = await tenant.call('POST /workspace-wallets', { body: { kind: 'neo', address } });
    const path = `POST /workspace-wallets/${wallet.body.id}/challenges`;
    const { body } = await tenant.call(path, { body: {} });
    const signIn = parseSignIn(body.text);
    expect(signIn).toMatchObject({ domain: 'console.test', account: scriptHash });
    expect(signIn?.statement).toContain(wallet.body.id);
    expect(signIn?.statement).toContain(tenant.accountId);
  });

  it('gives an EVM wallet the text of EIP-4361', async () => {
    const tenant = await openTenant();
    const path = `POST /workspace-wallets/${await makeWallet(tenant)}/challenges`;
    const { body } = await tenant.call(path, { body: {} });
    expect(body.text).toContain('wants you to sign in with your Ethereum account:\n0x');
    expect(body).toMatchObject({ network: '1', form: 'text' });
  });
});

describe('503', () => {
  it('says so when no site is configured', async () => {
    const tenant = await openTenant();
    const path = `/workspace-wallets/${await makeWallet(tenant)}/challenges`;
    const request = `POST /accounts/${tenant.accountId}${path}`;
    const options = { token: tenant.key, body: {} };
    const refused = await callAltered({ SIGN_IN_ORIGINS: '' }, request, options);
    expect(refused).toMatchObject({ status: 503, body: { code: 'sign_in.unconfigured' } });
  });
});

describe('429', () => {
  it('keeps a bounded number of open texts for each wallet', async () => {
    const tenant = await openTenant();
    const path = `/workspace-wallets/${await makeWallet(tenant)}/challenges`;
    const answers = await Promise.all(
      Array.from({ length: LIMITS.walletChallengesMax.value + 3 }, () =>
        tenant.call(`POST ${path}`, { body: {} }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(
      LIMITS.walletChallengesMax.value,
    );
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 429,
      body: { code: 'request.rate_limited' },
    });
  });
});
