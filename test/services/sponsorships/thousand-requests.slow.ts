/**
 * M22 over the API: a thousand requests against a budget for 37 of them. A hundred are under way at
 * any time, since one thread of this runtime does the work of all of them side by side: of a
 * thousand at once the last hear their node only after the deadline of a question to it, and are
 * answered that the chain cannot be reached. No more is held then either.
 */
import { describe, expect, it } from 'vitest';
import { formatGas } from '../../../worker/core/money.ts';
import type { Called } from '../../support/harness.ts';
import {
  addPolicy,
  balancesOf,
  create,
  createUser,
  DATOSHI,
  openSponsoring,
  prepared,
  type Sponsoring,
  transactionOf,
} from './sponsorships-under-test.ts';

const REQUESTS = 1_000;
const CALLERS = 100;
const ROOM = 37;
const WIDE = {
  perDay: '100',
  perAccountPerDay: '100',
  perSignerPerDay: '100',
  openMax: 1_000,
  openPerSignerMax: 1_000,
};
/** Nobody is refused for anything but the money, or for coming when there is no room. */
const REFUSALS = new Set(['gasbank.budget_exceeded', 'request.rate_limited', 'chain.unavailable']);

/** A policy with room for so many like the sample and one datoshi less than one more. */
async function openWithRoom(cap: string) {
  const sponsoring = await openSponsoring(WIDE, 100n * DATOSHI);
  const { systemFee, networkFee } = transactionOf(await prepared(sponsoring));
  const cost = systemFee + networkFee;
  const terms = { ...WIDE, [cap]: formatGas(BigInt(ROOM + 1) * cost - 1n) };
  const policyId = await addPolicy(sponsoring.tenant, sponsoring.gasAccountId, terms);
  return { sponsoring: { ...sponsoring, policyId }, cost };
}

/** Each caller asks again as soon as it was answered. */
async function askOver(ask: (index: number) => Promise<Called>): Promise<readonly Called[]> {
  const answers: Called[] = [];
  let begun = 0;
  const call = async (): Promise<void> => {
    while (begun < REQUESTS) {
      begun += 1;
      answers.push(await ask(begun));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return answers;
}

/** Of those that were answered, and of what the book holds: the sample under the other policy is in it. */
async function expectExactly({ tenant }: Sponsoring, answers: readonly Called[], cost: bigint) {
  expect(answers).toHaveLength(REQUESTS);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(ROOM);
  const refused = answers.filter(({ status }) => status !== 201);
  expect(
    refused.map(({ body }) => String(body.code)).filter((code) => !REFUSALS.has(code)),
  ).toEqual([]);
  expect((await balancesOf(tenant)).reserved).toBe(BigInt(ROOM + 1) * cost);
}

describe('a thousand requests for sponsorships', () => {
  it('M22: get exactly what the budget of the policy has room for, whoever signs', async () => {
    const { sponsoring, cost } = await openWithRoom('perDay');
    const users = Array.from({ length: 50 }, createUser);
    const answers = await askOver((index) =>
      create({ ...sponsoring, user: users[index % users.length] ?? sponsoring.user }),
    );
    await expectExactly(sponsoring, answers, cost);
  });

  it('M22: get exactly what the budget of one signer has room for', async () => {
    const { sponsoring, cost } = await openWithRoom('perSignerPerDay');
    const answers = await askOver(() => create(sponsoring));
    await expectExactly(sponsoring, answers, cost);
  });
});
