/**
 * Trial balances under attack (M6, M10, M11): what must be found, what must not be called wrong, and
 * what must never be guessed.
 */
import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { bookName } from '../../../worker/core/ledger/book.ts';
import type { Env } from '../../../worker/env.ts';
import { isPaused } from '../../../worker/services/proofs/index.ts';
import {
  checkpoints,
  db,
  deposit,
  GAS,
  hear,
  MAGIC,
  openBank,
  openCustomer,
  operatorEvents,
  pass,
  proofAt,
  proveAt,
  receive,
  sendDeposit,
  spend,
  sweepOnce,
  sweepThrough,
  VAULT,
  WALLET,
} from './proofs-under-test.ts';

const paused = () => isPaused(db(), MAGIC, Date.now());

describe('M10 M11: a checkpoint', () => {
  it('is proven when books and chain agree at that height, and carries unchanged books over', async () => {
    const bank = await openBank();
    const [one, two] = [await openCustomer(), await openCustomer()];
    await deposit(bank, one.accountId, { amount: 5n * GAS, height: 12 });
    await deposit(bank, two.accountId, { amount: 2n * GAS, height: 13 });
    await spend(one.accountId, GAS);
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven', reason: null });
    const { statement } = (await proofAt(20)).body;
    expect(statement).toMatchObject({
      height: 20,
      assets: [
        { address: VAULT, amount: '7' },
        { address: WALLET, amount: '0' },
      ],
      tree: { sum: '6' },
    });
    expect(statement.liabilities).toContainEqual({ heading: 'customers/spent', amount: '1' });
    await spend(one.accountId, GAS);
    await hear(one.accountId);
    expect(await proveAt(bank, 30)).toMatchObject({ status: 'proven', is_walk: 0 });
    expect((await proofAt(30)).body.statement.tree.sum).toBe('5');
  });

  it('counts what is under way between two books once', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 11 });
    const id = await sendDeposit(bank, accountId, { amount: 3n * GAS, height: 12 });
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven' });
    const answer = await receive(accountId, id, 3n * GAS);
    await hear(accountId);
    // Received, and not cleared yet: both books have it.
    expect(await proveAt(bank, 30)).toMatchObject({ status: 'proven', is_walk: 0 });
    const { liabilities, tree } = (await proofAt(30)).body.statement;
    expect(liabilities).toContainEqual({ heading: 'other_books', amount: '-3' });
    expect(tree.sum).toBe('4');
    await answer();
    expect(await proveAt(bank, 40)).toMatchObject({ status: 'proven', is_walk: 0 });
    expect((await proofAt(40)).body.statement.liabilities).toContainEqual({
      heading: 'other_books',
      amount: '0',
    });
  });

  it('finds a book whose notice was lost by asking every book, and is proven', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 11 });
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven', is_walk: 0 });
    await deposit(bank, accountId, { amount: 2n * GAS, height: 25 });
    // Nobody heard of it.
    expect(await proveAt(bank, 30)).toMatchObject({ status: 'proven', is_walk: 1 });
    expect((await proofAt(30)).body.statement.tree.sum).toBe('3');
  });

  it('fails after every book was asked, where two books do not have the same between them', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 3n * GAS, height: 11 });
    // GAS that no other book sent.
    await receiveFromNowhere(accountId, GAS);
    expect(await proveAt(bank, 20)).toMatchObject({
      status: 'failed',
      reason: 'other_books_differ',
      is_walk: 1,
    });
    expect(await paused()).toBe('trial_balance_failed');
  });

  it('M6: fails where the chain has less than is booked, and pauses until one is proven', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 3n * GAS, height: 11 });
    bank.chain.set(VAULT, 3n * GAS - 1n);
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'failed', reason: 'assets_differ' });
    expect(await paused()).toBe('trial_balance_failed');
    expect(await operatorEvents('gasbank.trial_balance_failed')).toMatchObject([
      { data: { height: 20, reason: 'assets_differ' } },
    ]);
    expect((await proofAt(20)).status).toBe(404);
    bank.chain.set(VAULT, 3n * GAS);
    expect(await proveAt(bank, 21)).toMatchObject({ status: 'proven' });
    expect(await paused()).toBeNull();
  });

  it('fails where one address makes up for what another lacks', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 3n * GAS, height: 11 });
    bank.chain.set(VAULT, GAS);
    bank.chain.set(WALLET, 2n * GAS);
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'failed', reason: 'assets_differ' });
  });

  it('fails where a watched address without an entry has GAS', async () => {
    const bank = await openBank();
    bank.chain.set(WALLET, 1n);
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'failed', reason: 'assets_differ' });
  });
});

describe('M11: what nodes do not tell', () => {
  const pruned = () => ({ error: { code: -606, message: 'Unsupported state' } });
  const unknown = () => ({ error: { code: -32_601, message: 'Method not found' } });
  const lying = ({ params: [, script] }: { readonly params: readonly unknown[] }) => ({
    result: {
      script,
      state: 'HALT',
      gasconsumed: '0',
      exception: null,
      notifications: [],
      stack: [
        { type: 'Integer', value: '1' },
        { type: 'Integer', value: '1' },
      ],
    },
  });
  const cases = [
    ['is proven with one pruned node of three', [pruned], 'proven', null],
    ['cannot be proven on pruned nodes', [pruned, pruned], 'unprovable', 'state_not_kept'],
    [
      'cannot be proven on nodes without historic calls',
      [unknown, unknown],
      'unprovable',
      'historic_calls_unsupported',
    ],
    ['cannot be proven when nodes disagree', [lying], 'unprovable', 'nodes_disagree'],
    [
      'is no failure by one lying node and silence',
      [lying, pruned, pruned],
      'unprovable',
      'state_not_kept',
    ],
  ] as const;
  it.each(cases)('%s', async (_, scripts, status, reason) => {
    const bank = await openBank();
    for (const [index, script] of scripts.entries())
      bank.nodes[index]?.scripts.set('invokescripthistoric', script);
    expect(await proveAt(bank, 20)).toMatchObject({ status, reason });
    // What could not be held against the chain is stated all the same, and pauses nothing yet.
    expect((await proofAt(20)).status).toBe(200);
    expect(await paused()).toBeNull();
  });

  it('is asked for again while nodes are silent, and then left unproven', async () => {
    const bank = await openBank();
    for (const node of bank.nodes)
      node.scripts.set('invokescripthistoric', () => ({ result: 'nothing of the kind' }));
    expect(await proveAt(bank, 20)).toMatchObject({
      status: 'unprovable',
      reason: 'nodes_unreachable',
    });
  });

  it('M6: pauses when nothing was proven for three hours', async () => {
    const bank = await openBank();
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven' });
    for (const node of bank.nodes) node.scripts.set('invokescripthistoric', pruned);
    for (const height of [21, 22, 23])
      expect(await proveAt(bank, height)).toMatchObject({ status: 'unprovable' });
    expect(await paused()).toBe('trial_balance_stale');
  });

  it('M6: pauses nothing without a vault, and a new one has three hours', async () => {
    await openBank();
    expect(await isPaused(db(), 1, Date.now())).toBeNull();
    expect(await paused()).toBeNull();
    pass(3 * 3_600_000 + 1);
    expect(await paused()).toBe('trial_balance_stale');
  });
});

describe('M11: while a checkpoint runs', () => {
  it('takes what arrives late into the next one', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 11 });
    pass(3_600_000);
    await sweepOnce(bank);
    expect(await checkpoints()).toMatchObject([{ status: 'running', stage: 'collecting' }]);
    const before = bank.chain.get(VAULT);
    await deposit(bank, accountId, { amount: 2n * GAS, height: 21 });
    bank.chain.set(VAULT, before ?? 0n);
    pass(60_000);
    await sweepThrough(bank);
    expect(await checkpoints()).toMatchObject([{ height: 20, status: 'proven' }]);
    expect((await proofAt(20)).body.statement.tree.sum).toBe('1');
    bank.chain.set(VAULT, 3n * GAS);
    expect(await proveAt(bank, 30)).toMatchObject({ status: 'proven' });
    expect((await proofAt(30)).body.statement.tree.sum).toBe('3');
  });

  it('goes to the height that is booked, when later blocks came into the book first', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 24 });
    pass(3_600_000);
    await sweepOnce(bank);
    expect(await checkpoints()).toMatchObject([{ height: 20, stage: 'closing' }]);
    await db().run(sql`UPDATE vaults SET booked_height = 25`);
    pass(60_000);
    await sweepThrough(bank);
    expect(await checkpoints()).toMatchObject([{ height: 25, status: 'proven' }]);
  });

  it('begins no other, so that no book skips it', async () => {
    const bank = await openBank();
    pass(3_600_000);
    await sweepOnce(bank);
    await db().run(sql`UPDATE vaults SET booked_height = 30`);
    pass(2 * 3_600_000);
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 30 });
    bank.chain.clear();
    await sweepThrough(bank);
    expect(await checkpoints()).toMatchObject([{ height: 20, status: 'proven' }]);
  });

  it('proves no height whose address is booked from a later block on', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 11 });
    // The opening balance would be in the book, and not on the chain of that height.
    await db().run(sql`UPDATE vaults SET watched_height = 25, booked_height = 20`);
    expect(await proveAt(bank, 20)).toBeUndefined();
    await db().run(sql`UPDATE vaults SET watched_height = 10`);
    await db().run(sql`UPDATE platform_wallets SET script_hash = ${VAULT}, watched_height = 25`);
    expect(await proveAt(bank, 20)).toMatchObject({
      status: 'unprovable',
      reason: 'address_watched_later',
    });
  });

  it('ends the same after a crash between any two steps, and when two sweeps race', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 4n * GAS, height: 11 });
    pass(3_600_000);
    const stages = ['closing', 'collecting', 'weighing', 'reading', 'planting', 'signing'];
    await sweepOnce(bank);
    for (const stage of stages) {
      // The step before was done, and the process died before it could tell.
      await db().run(sql`UPDATE gasbank_checkpoints SET stage = ${stage}, due_at = 0
        WHERE status = 'running' AND (${stage} <> 'signing' OR statement IS NOT NULL)`);
      pass(60_000);
      await Promise.all([sweepOnce(bank), sweepOnce(bank)]);
    }
    await sweepThrough(bank);
    expect(await checkpoints()).toMatchObject([{ height: 20, status: 'proven' }]);
    expect((await proofAt(20)).body.statement.tree.sum).toBe('4');
    expect(await operatorEvents('gasbank.trial_balance_failed')).toEqual([]);
  });
});

describe('books that are silent', () => {
  it('are asked after a day, though the catalogue has lost what they told', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 4n * GAS, height: 11 });
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven' });
    await spend(accountId, GAS);
    // As after a restore: the book believes that it was heard.
    await ledgerOf(accountId).acknowledgeNotices(Number.MAX_SAFE_INTEGER);
    expect(await proveAt(bank, 21)).toMatchObject({ status: 'proven' });
    expect((await proofAt(21)).body.statement.tree.sum).toBe('4');
    pass(86_400_000);
    expect(await proveAt(bank, 22)).toMatchObject({ status: 'proven', is_walk: 0 });
    expect((await proofAt(22)).body.statement.tree.sum).toBe('3');
  });

  it('are woken and asked after a day, though nobody heard of a change', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 4n * GAS, height: 11 });
    expect(await proveAt(bank, 20)).toMatchObject({ status: 'proven' });
    await hear(accountId);
    await spend(accountId, GAS);
    // Its alarm is lost; nothing in the sums of all books shows it.
    expect(await proveAt(bank, 21)).toMatchObject({ status: 'proven' });
    expect((await proofAt(21)).body.statement.tree.sum).toBe('4');
    pass(86_400_000);
    expect(await proveAt(bank, 22)).toMatchObject({ status: 'proven', is_walk: 0 });
    expect((await proofAt(22)).body.statement.tree.sum).toBe('3');
  });
});

const ledgerOf = (owner: string) =>
  (env as unknown as Env).ACCOUNT_LEDGER.getByName(bookName({ magic: MAGIC, owner }));

async function receiveFromNowhere(owner: string, amount: bigint): Promise<void> {
  await ledgerOf(owner).receive({
    magic: MAGIC,
    fromOwner: 'platform',
    toOwner: owner,
    toFund: 'main',
    number: 99,
    id: `${String(MAGIC)}:0x${'ee'.repeat(32)}:0`,
    amount,
    closedHeight: 0,
  });
}
