/** `POST .../transactions/{transactionId}/approval-challenges`: what an approver reads and signs. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../worker/core/sessions/limits.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { createEvmWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { ABSENT, created, openFunded, openProposing, pass } from './transactions-under-test.ts';

const DAY_MS = 86_400_000;

describe('201', () => {
  it('M19: names network, transaction, amount, receiver, highest fee, hash and end', async () => {
    const proposing = await openProposing(2);
    const { body } = await created(proposing);
    const { text, network } = (await proposing.ask(body.id, 0)).body;
    const fee = BigInt(body.systemFeeMax) + BigInt(body.networkFeeMax);
    for (const part of [
      `Approve the transaction ${body.id} of the account ${proposing.tenant.accountId}`,
      `as its wallet ${proposing.approverIds[0]}.`,
      `On neo3:private (magic 56753) ${proposing.address} pays at most ${fee} datoshi in fees`,
      `for: 100000000 datoshi of GAS to ${SMALL_CHAIN.receiver}.`,
      `Request: ${body.intentHash}, valid until ${body.expiresAt}.`,
    ])
      expect(text).toContain(part);
    expect(network).toBe('neo3:private');
  });

  it('is signed by EVM wallets as well', async () => {
    const proposing = await openProposing(2);
    const evm = createEvmWallet();
    const walletId = await addVerified(proposing.tenant, evm, 'evm');
    const { body } = await created(proposing);
    const path = `POST /transactions/${body.id}`;
    const asked = await proposing.tenant.call(`${path}/approval-challenges`, {
      body: { walletId },
    });
    const signed = evm.answer(asked.body);
    const given = await proposing.tenant.call(`${path}/approvals`, { body: signed });
    expect(given.body.approvals).toMatchObject([{ walletId, layout: 'personal-sign' }]);
  });
});

describe('400', () => {
  it('refuses a site that is not configured', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const refused = await proposing.tenant.call(`POST /transactions/${id}/approval-challenges`, {
      body: { walletId: proposing.approverIds[0], origin: 'https://evil.test' },
    });
    expect(refused.body.fields).toMatchObject([{ pointer: '/origin' }]);
  });
});

describe('404', () => {
  it('answers it for a transaction of another account, whoever asks', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const stranger = await openTenant('stranger');
    const body = { walletId: proposing.approverIds[0] };
    for (const transactionId of [id, ABSENT]) {
      const path = `POST /transactions/${transactionId}/approval-challenges`;
      expect((await stranger.call(path, { body })).body.code).toBe('request.not_found');
    }
  });
});

describe('409', () => {
  it('has no text for what waits for no approval', async () => {
    const proposing = await openProposing(2);
    const free = await openFunded(undefined, proposing.tenant);
    const sending = (await created(free)).body.id;
    expect((await proposing.ask(sending, 0)).body).toMatchObject({
      code: 'transactions.not_proposed',
      detail: 'sending',
    });
    const late = (await created(proposing)).body.id;
    pass(DAY_MS);
    expect((await proposing.ask(late, 0)).body).toMatchObject({ detail: 'expired' });
  });
});

describe('422', () => {
  it('M16: has none for a wallet that was verified after the proposal, or was removed', async () => {
    const proposing = await openProposing(3);
    const { id } = (await created(proposing)).body;
    const walletId = await addVerified(proposing.tenant, createEvmWallet(), 'evm');
    const path = `POST /transactions/${id}/approval-challenges`;
    const late = await proposing.tenant.call(path, { body: { walletId } });
    expect(late.body.code).toBe('transactions.not_an_approver');
    await proposing.tenant.call(`DELETE /workspace-wallets/${proposing.approverIds[1]}`);
    expect((await proposing.ask(id, 1)).body.code).toBe('transactions.not_an_approver');
  });
});

describe('429', () => {
  it('has a bound for the open texts of a wallet', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const most = LIMITS.walletChallengesMax.value;
    for (let turn = 0; turn < most; turn += 1)
      expect((await proposing.ask(id, 0)).status).toBe(201);
    expect((await proposing.ask(id, 0)).body.code).toBe('request.rate_limited');
  });
});

describe('503', () => {
  it('answers it where no site is configured', async () => {
    const proposing = await openProposing(2);
    const { id } = (await created(proposing)).body;
    const { accountId, key } = proposing.tenant;
    const answer = await callAltered(
      { SIGN_IN_ORIGINS: '' },
      `POST /accounts/${accountId}/transactions/${id}/approval-challenges`,
      { token: key, body: { walletId: proposing.approverIds[0] } },
    );
    expect(answer.body.code).toBe('sign_in.unconfigured');
  });
});
