import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { findExcluded, inclusionSchema } from '../../../worker/core/proofs/inclusion.ts';
import { statementSchema } from '../../../worker/core/proofs/statement.ts';
import { keyOf } from '../../support/harness.ts';
import {
  type Customer,
  db,
  deposit,
  GAS,
  MAGIC,
  NETWORK,
  openBank,
  openCustomer,
  proofAt,
  proveAt,
  spend,
} from './proofs-under-test.ts';

const included = (customer: Customer, height = 20) =>
  customer.call(`GET /gasbank/inclusions/${NETWORK}/${String(height)}`);

async function twoProven() {
  const bank = await openBank();
  const customers = [await openCustomer(), await openCustomer()] as const;
  for (const [index, { accountId }] of customers.entries())
    await deposit(bank, accountId, { amount: BigInt(index + 1) * GAS, height: 11 + index });
  await proveAt(bank, 20);
  const statement = statementSchema.parse((await proofAt(20)).body.statement);
  return { bank, customers, statement };
}

describe('200', () => {
  it('M12: proves to each owner what is in the total, by the public root alone', async () => {
    const { customers, statement } = await twoProven();
    for (const [index, customer] of customers.entries()) {
      const proof = inclusionSchema.parse((await included(customer)).body);
      expect(proof.available).toBe(String(index + 1));
      expect(proof.leaves.length).toBeGreaterThanOrEqual(2);
      expect(findExcluded(proof, statement)).toBeNull();
    }
  });

  it('M12: is of the books as they were then', async () => {
    const { bank, customers, statement } = await twoProven();
    const [one] = customers;
    await deposit(bank, one.accountId, { amount: GAS, height: 25 });
    await proveAt(bank, 30);
    const then = inclusionSchema.parse((await included(one)).body);
    const later = inclusionSchema.parse((await included(one, 30)).body);
    expect([then.available, later.available]).toEqual(['1', '2']);
    expect(findExcluded(then, statement)).toBeNull();
    expect(findExcluded(later, statement)).toBe('another_height');
    expect(findExcluded({ ...later, height: 20 }, statement)).toBe('leaf_not_in_tree');
  });

  it('M12: shows nobody more than what is left, where all is spent', async () => {
    const bank = await openBank();
    const customer = await openCustomer();
    await deposit(bank, customer.accountId, { amount: GAS, height: 11 });
    await spend(customer.accountId, GAS);
    await proveAt(bank, 20);
    const proof = inclusionSchema.parse((await included(customer)).body);
    expect(proof).toMatchObject({ available: '0', leaves: [] });
  });

  it('holds over books whose leaves fill several rows', async () => {
    const bank = await openBank();
    const customer = await openCustomer();
    await deposit(bank, customer.accountId, { amount: GAS, height: 11 });
    // Neighbours that were told of and not asked again; what they have is in transit elsewhere.
    const owners = Array.from({ length: 600 }, (_, index) => `acc_${String(index)}`);
    await db().run(sql`INSERT INTO gasbank_books (network_magic, owner, changed_height, asked_height,
        entry, available, reserved, in_transit, spent, other_books, seen_at)
      SELECT ${MAGIC}, value, NULL, 20, 1, 0, 0, 1, 0, -1, ${Date.now() + 7_200_000}
      FROM json_each(${JSON.stringify(owners)})`);
    expect((await proveAt(bank, 20))?.status).toBe('proven');
    const statement = statementSchema.parse((await proofAt(20)).body.statement);
    expect(statement.tree.leaves).toBeGreaterThan(1_100);
    const proof = inclusionSchema.parse((await included(customer)).body);
    expect(findExcluded(proof, statement)).toBeNull();
  });
});

describe('403', () => {
  it('is shown to nobody else', async () => {
    const { customers } = await twoProven();
    const [one, two] = customers;
    const token = await keyOf(two.accountId);
    const answer = await one.call(`GET /gasbank/inclusions/${NETWORK}/20`, { token });
    expect(answer.status).toBe(404);
    const weak = await keyOf(one.accountId, { scopes: ['audit:read'] });
    expect((await one.call(`GET /gasbank/inclusions/${NETWORK}/20`, { token: weak })).status).toBe(
      403,
    );
  });
});

describe('404', () => {
  it('answers it for an account that had nothing then', async () => {
    await twoProven();
    expect((await included(await openCustomer())).body.code).toBe('request.not_found');
  });

  it('answers it where nothing was stated, or the network is not served', async () => {
    const { customers } = await twoProven();
    expect((await included(customers[0], 21)).body.code).toBe('request.not_found');
    const elsewhere = await customers[0].call('GET /gasbank/inclusions/neo3:nowhere/20');
    expect(elsewhere.body.code).toBe('chain.network_unknown');
  });
});

describe('410', () => {
  it('says that the tree is gone rather than that nothing is owed', async () => {
    const { customers } = await twoProven();
    await db().run(sql`DELETE FROM gasbank_tree_chunks`);
    await db().run(sql`DELETE FROM gasbank_checkpoint_books`);
    expect((await included(customers[0])).body.code).toBe('proofs.tree_gone');
  });
});
