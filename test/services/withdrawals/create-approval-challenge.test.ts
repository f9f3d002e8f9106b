/** `POST .../withdrawals/{withdrawalId}/approval-challenges`: the text that approves, and who gets one. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import { addVerified } from '../../support/signed-in.ts';
import {
  ABSENT,
  NETWORK,
  openApproving,
  read,
  TO,
  VAULT,
  withdrawn,
} from './withdrawals-under-test.ts';

const pathOf = (id: string) => `POST /gasbank/withdrawals/${id}/approval-challenges`;

describe('201', () => {
  it('M16: names network, vault, withdrawal, receiver, amount, highest fee and end', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    const { feeMax, expiresAt } = await read(approving, id);
    const { text } = (await approving.ask(id, 0)).body;
    for (const word of [NETWORK, VAULT, id, TO, '5 GAS', `at most ${feeMax} GAS`, expiresAt])
      expect(text).toContain(word);
  });
});

describe('403', () => {
  it('M16: asks no wallet that became verified after it', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    const late = await addVerified(approving.tenant, createNeoWallet());
    const refused = await approving.tenant.call(pathOf(id), { body: { walletId: late } });
    expect(refused.body.code).toBe('withdrawals.not_an_approver');
  });
});

describe('404', () => {
  it('knows no such withdrawal', async () => {
    const approving = await openApproving();
    expect((await approving.ask(ABSENT, 0)).body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('asks nobody about what does not wait', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    await approving.tenant.call(`POST /gasbank/withdrawals/${id}/cancel`);
    expect((await approving.ask(id, 0)).body).toMatchObject({
      code: 'withdrawals.not_proposed',
      detail: 'cancelled',
    });
  });
});

describe('503', () => {
  it('has no text where no site is configured', async () => {
    const approving = await openApproving();
    const id = await withdrawn(approving);
    const { accountId, key } = approving.tenant;
    const refused = await callAltered(
      { SIGN_IN_ORIGINS: '' },
      `POST /accounts/${accountId}/gasbank/withdrawals/${id}/approval-challenges`,
      { token: key, body: { walletId: approving.approverIds[0] } },
    );
    expect(refused.body.code).toBe('sign_in.unconfigured');
  });
});
