/** `GET /accounts/{accountId}/wallet-policy/approvals` */
import { describe, expect, it } from 'vitest';
import { DELETION, openGoverned, removalOf } from './policy-under-test.ts';

describe('200', () => {
  it('lists newest first what was given and not used yet, and nothing of other tenants', async () => {
    const neighbour = await openGoverned(1, 1);
    await neighbour.approve(0, DELETION);
    const { tenant, members, approve } = await openGoverned(2, 2);
    const first = (await approve(0, DELETION)).body;
    const second = (await approve(1, removalOf(members[0]))).body;
    const { items } = (await tenant.call('GET /wallet-policy/approvals')).body;
    expect(items).toEqual([second, first].toSorted((one, other) => (one.id < other.id ? 1 : -1)));
  });
});
