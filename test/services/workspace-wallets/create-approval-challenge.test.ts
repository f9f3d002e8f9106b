/** `POST /accounts/{accountId}/wallet-policy/approval-challenges` */
import { describe, expect, it } from 'vitest';
import { parseSignIn } from '../../../worker/core/neo/message/sign-in-text.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { openTenant } from '../../support/harness.ts';
import { changeTo, DELETION, openGoverned, removalOf } from './policy-under-test.ts';

describe('201', () => {
  it('gives a text that names account, member, act, request, revision and end', async () => {
    const { tenant, members, askFor } = await openGoverned(1, 1);
    const { body } = await askFor(0, DELETION);
    const statement = parseSignIn(body.text)?.statement ?? '';
    for (const part of [
      tenant.accountId,
      members[0],
      'accounts.deleteAccount',
      'revision 1',
      'valid until 20',
    ])
      expect(statement).toContain(part);
  });

  it('gives another text for another act, and the same digest however a policy is written', async () => {
    const { members, askFor } = await openGoverned(1, 2);
    const digestOf = async (act: object) =>
      /Request: ([0-9a-f]{64})/.exec((await askFor(0, act)).body.text)?.[1];
    const digests = [
      await digestOf(DELETION),
      await digestOf(removalOf(members[0])),
      await digestOf(removalOf(members[1])),
      await digestOf(changeTo({ threshold: 1, members })),
      await digestOf(changeTo({ threshold: 2, members })),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    const turned = await digestOf(changeTo({ threshold: 2, members: members.toReversed() }));
    expect(turned).toBe(digests.at(-1));
  });
});

describe('400', () => {
  it('refuses an act that is not said in full, or says more than it is', async () => {
    const { members, askFor } = await openGoverned(1, 1);
    const policy = { threshold: 1, members };
    for (const act of [
      { operation: 'workspaceWallets.setPolicy' },
      { operation: 'workspaceWallets.deleteWallet' },
      { ...DELETION, policy },
      { ...removalOf(members[0]), policy },
      { ...changeTo(policy), removedWalletId: members[0] },
      { operation: 'keys.createKey' },
    ])
      expect((await askFor(0, act)).status, JSON.stringify(act)).toBe(400);
  });
});

describe('409', () => {
  it('has nothing to approve without a policy', async () => {
    const asked = await (await openTenant()).call('POST /wallet-policy/approval-challenges', {
      body: { walletId: 'wal_01k4j8x1e0e4r9v2m3n5p6q7rs', ...DELETION },
    });
    expect(asked).toMatchObject({ status: 409, body: { code: 'wallets.policy_absent' } });
  });
});

describe('422', () => {
  it('asks nobody but members', async () => {
    const { tenant, members } = await openGoverned(1, 2);
    await tenant.call('PUT /wallet-policy', { body: { threshold: 1, members } });
    const asked = await tenant.call('POST /wallet-policy/approval-challenges', {
      body: { walletId: 'wal_01k4j8x1e0e4r9v2m3n5p6q7rs', ...DELETION },
    });
    expect(asked).toMatchObject({ status: 422, body: { code: 'wallets.member_unknown' } });
  });
});

describe('503', () => {
  it('says so when no site is configured', async () => {
    const { tenant, members } = await openGoverned(1, 1);
    const refused = await callAltered(
      { SIGN_IN_ORIGINS: '' },
      `POST /accounts/${tenant.accountId}/wallet-policy/approval-challenges`,
      { token: tenant.key, body: { walletId: members[0], ...DELETION } },
    );
    expect(refused).toMatchObject({ status: 503, body: { code: 'sign_in.unconfigured' } });
  });
});
