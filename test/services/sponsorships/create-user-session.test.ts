/** `POST .../sponsorship-policies/{policyId}/user-sessions`: the signer shows whose the address is. */
import { describe, expect, it } from 'vitest';
import { createNeoWallet } from '../../support/neo-wallet.ts';
import {
  addPolicy,
  create,
  openSponsoring,
  pass,
  publishableOf,
  type Sponsoring,
  transferBy,
} from './sponsorships-under-test.ts';

const MINUTE_MS = 60_000;

async function open() {
  const sponsoring = await openSponsoring({ requiresUserSession: true });
  const wallet = createNeoWallet();
  const path = `/gasbank/sponsorship-policies/${sponsoring.policyId}`;
  const ask = () =>
    sponsoring.tenant.call(`POST ${path}/user-challenges`, { body: { address: wallet.address } });
  const answer = (body: object) => sponsoring.tenant.call(`POST ${path}/user-sessions`, { body });
  const fields = { signer: wallet.address, calls: [transferBy(wallet.scriptHash)] };
  return { sponsoring, wallet, path, ask, answer, fields };
}

describe('201', () => {
  it('opens a session with which the address is sponsored, for an hour', async () => {
    const { sponsoring, wallet, ask, answer, fields } = await open();
    const asked = await ask();
    expect(asked.body.text).toContain(`under ${sponsoring.policyId}`);
    const opened = await answer(wallet.answer(asked.body));
    expect([opened.status, opened.body.signer], opened.text).toEqual([201, wallet.address]);
    const userSession = opened.body.token;
    expect((await create(sponsoring, { ...fields, userSession })).status).toBe(201);
    pass(60 * MINUTE_MS);
    expect((await create(sponsoring, { ...fields, userSession })).body.code).toBe(
      'sponsorships.user_session_required',
    );
  });

  it('serves no other address and no other policy', async () => {
    const { sponsoring, wallet, ask, answer, fields } = await open();
    const { token: userSession } = (await answer(wallet.answer((await ask()).body))).body;
    const codeOf = async (by: Sponsoring, own: object) =>
      (await create(by, { ...own, userSession })).body.code;
    expect(await codeOf(sponsoring, {})).toBe('sponsorships.user_session_required');
    const policyId = await addPolicy(sponsoring.tenant, sponsoring.gasAccountId, {
      requiresUserSession: true,
    });
    expect(await codeOf({ ...sponsoring, policyId }, fields)).toBe(
      'sponsorships.user_session_required',
    );
  });
});

describe('400', () => {
  it('takes nothing that is no signature', async () => {
    const { wallet, ask, answer } = await open();
    const body = { ...wallet.answer((await ask()).body), signature: 'no' };
    expect((await answer(body)).status).toBe(400);
  });
});

describe('403', () => {
  it('M22: opens none under another policy than that of a publishable key', async () => {
    const { sponsoring, wallet, ask, path } = await open();
    const { body } = await ask();
    const refused = await sponsoring.tenant.call(`POST ${path}/user-sessions`, {
      ...(await publishableOf(sponsoring)),
      body: wallet.answer(body),
    });
    expect([refused.status, refused.body.code]).toEqual([403, 'sponsorships.policy_foreign']);
  });
});

describe('404', () => {
  it('knows no policy of another account', async () => {
    const { wallet, ask, path } = await open();
    const other = await openSponsoring();
    const body = wallet.answer((await ask()).body);
    expect((await other.tenant.call(`POST ${path}/user-sessions`, { body })).status).toBe(404);
  });
});

describe('409', () => {
  it('takes an answer once, and none of another wallet', async () => {
    const { wallet, ask, answer } = await open();
    const asked = await ask();
    const forged = await answer(createNeoWallet().answer(asked.body));
    expect(forged.body.code).toBe('challenges.answer_refused');
    const right = wallet.answer(asked.body);
    expect((await answer(right)).status).toBe(201);
    expect((await answer(right)).body.code).toBe('challenges.ended');
  });

  it('takes no answer to a challenge of another policy', async () => {
    const one = await open();
    const asked = await one.ask();
    const policyId = await addPolicy(one.sponsoring.tenant, one.sponsoring.gasAccountId);
    const refused = await one.sponsoring.tenant.call(
      `POST /gasbank/sponsorship-policies/${policyId}/user-sessions`,
      { body: one.wallet.answer(asked.body) },
    );
    expect(refused.body.code).toBe('challenges.ended');
  });
});
