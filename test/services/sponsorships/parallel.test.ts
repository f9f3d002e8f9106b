/** M22: budgets hold to the datoshi, however many ask at once. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { assert } from '../../../worker/core/assert.ts';
import { formatGas } from '../../../worker/core/money.ts';
import { connect } from '../../../worker/db/connect.ts';
import type { Env } from '../../../worker/env.ts';
import { loadGasAccount } from '../../../worker/services/gasbank/index.ts';
import { reserve } from '../../../worker/services/sponsorships/holds.ts';
import { loadPolicy, termsOfPolicy } from '../../../worker/services/sponsorships/policy-store.ts';
import { findSponsorship } from '../../../worker/services/sponsorships/store.ts';
import {
  addPolicy,
  balancesOf,
  create,
  DATOSHI,
  openSponsoring,
  prepared,
  transactionOf,
} from './sponsorships-under-test.ts';

const CALLERS = 1_000;
const WIDE = {
  perDay: '100',
  perAccountPerDay: '100',
  perSignerPerDay: '100',
  openMax: 1_000,
  openPerSignerMax: 1_000,
};
const platform = env as unknown as Env;

/** A policy whose budget has room for ten such, less one datoshi. */
async function openTight(cap: string) {
  const sponsoring = await openSponsoring(WIDE, 100n * DATOSHI);
  const sample = await prepared(sponsoring);
  const { systemFee, networkFee } = transactionOf(sample);
  const cost = systemFee + networkFee;
  const { tenant, gasAccountId } = sponsoring;
  const terms = { ...WIDE, [cap]: formatGas(10n * cost - 1n) };
  const policyId = await addPolicy(tenant, gasAccountId, terms);
  return { ...sponsoring, policyId, sample, cost };
}

type Tight = Awaited<ReturnType<typeof openTight>>;

/** As a request does it, once it knows what to hold; with so many ids of its own. */
async function holder({ tenant, policyId, gasAccountId, sample, user }: Tight) {
  const db = connect(platform.DB);
  const { accountId } = tenant;
  const [policy, gasAccount, row] = await Promise.all([
    loadPolicy(db, { accountId, policyId }),
    loadGasAccount(db, accountId, gasAccountId),
    findSponsorship(db, sample.body.id),
  ]);
  assert(policy && gasAccount && row, 'a policy, its gas account and a sponsorship');
  const terms = termsOfPolicy(policy);
  const drafted = { policy, terms, gasAccount, signer: user.account, calls: [], forMs: 60_000 };
  return (number: number) => {
    const sponsorshipId = `spn_${String(number).padStart(26, '0')}`;
    const request = { row: { ...row, policyId, sponsorshipId }, drafted: drafted as never };
    return reserve({ env: platform }, request);
  };
}

describe('a thousand sponsorships at once', () => {
  it.each([
    ['of the policy', 'perDay'],
    ['of a signer', 'perSignerPerDay'],
  ])('M22: cannot pass the budget %s by one datoshi', async (_what, cap) => {
    const tight = await openTight(cap);
    const hold = await holder(tight);
    const answers = await Promise.all(Array.from({ length: CALLERS }, (_, index) => hold(index)));
    const refused = answers.flatMap((answer) => (answer.ok ? [] : answer.failure.code));
    expect(refused).toHaveLength(CALLERS - 9);
    expect(new Set(refused)).toEqual(new Set(['gasbank.budget_exceeded']));
    // The sample under the other policy, and nine.
    expect((await balancesOf(tight.tenant)).reserved).toBe(10n * tight.cost);
  });

  it('M22: cannot pass that of the account, under however many policies', async () => {
    const tight = await openTight('perAccountPerDay');
    const hold = await holder(tight);
    const answers = await Promise.all(Array.from({ length: CALLERS }, (_, index) => hold(index)));
    // The sample counts as well.
    expect(answers.filter(({ ok }) => ok)).toHaveLength(8);
  });

  it('M22: asked over the API, hold what they are answered and nothing more', async () => {
    const tight = await openTight('perDay');
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(tight)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(9);
    expect((await balancesOf(tight.tenant)).reserved).toBe(10n * tight.cost);
  });
});
