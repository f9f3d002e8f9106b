/** `GET .../gas-accounts/{gasAccountId}/statement.csv`: what a spreadsheet reads, and never runs. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { bookOf, deposit, openFunded } from '../../support/gas-account.ts';
import { call, openTenant } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { pathOf, reserve } from './gas-under-test.ts';

const NAMES = 'sequence,at,kind,command,amount,change,from,from_balance,to,to_balance,note';

describe('200', () => {
  it('has one line of names and one for each entry, and ends each as RFC 4180 says', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await reserve(tenant, account, { amount: '0.5' });
    const exported = await tenant.call(`GET ${pathOf(account)}/statement.csv`);
    expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [names, first, second, ...rest] = exported.text.split('\r\n');
    expect(names).toBe(NAMES);
    expect(first).toMatch(
      /^2,[^,]+Z,reserve,reservations\/job-1,0.5,0,available\/main,4.5,reserved\/main,0.5,$/,
    );
    expect(second).toMatch(/^1,[^,]+Z,receive,book:platform\/[^,]+,5,5,other_books,-5,/);
    expect(rest).toEqual(['']);
    expect(exported.headers.get('link')).toBeNull();
  });

  // The attack: a note that a spreadsheet runs as a formula.
  it.each([
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1', "'\t=1"],
    ['two\r\nlines, "quoted"', '"two\r\nlines, ""quoted"""'],
  ])('writes the note %j so that it stays text', async (note, written) => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '5');
    await bookOf(tenant.accountId).execute({
      book: { magic: NETWORKS.up.magic, owner: tenant.accountId },
      command: {
        kind: 'spend',
        owner: 'executions',
        id: 'one',
        fund: 'main',
        amount: 1n,
        source: 'gas',
        purpose: 'functions.execution',
        budgets: [],
        note,
      },
    });
    const exported = await tenant.call(`GET ${pathOf(account)}/statement.csv`);
    expect(exported.text).toContain(`,spent,0.00000001,${written}\r\n`);
    expect(exported.text).toContain(',-0.00000001,available/main,');
  });

  it('leads on where there is more than one document holds, with nothing lost between', async () => {
    const tenant = await openTenant();
    const account = await openFunded(tenant, '1');
    await runInDurableObject(bookOf(tenant.accountId), (_instance, { storage: { sql } }) => {
      sql.exec(
        `INSERT INTO entries (number, at, command, kind, from_account, to_account, amount)
         WITH RECURSIVE n (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM n WHERE number < 5200)
         SELECT n.number, at, command, kind, from_account, to_account, 1 FROM n, entries e
         WHERE e.number = 1`,
      );
    });
    await deposit(tenant, '1');
    const first = await tenant.call(`GET ${pathOf(account)}/statement.csv`);
    const next = /^<(.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await call(`GET ${next}`, { token: tenant.key });
    const numbers = [first, second].flatMap(({ text }) =>
      text
        .split('\r\n')
        .slice(1, -1)
        .map((line) => Number(line.split(',')[0])),
    );
    expect(numbers).toEqual(Array.from({ length: 5_201 }, (_, index) => 5_201 - index));
    expect(second.headers.get('link')).toBeNull();
  });
});

describe('400', () => {
  it.each(['before=0', 'before=x', 'before=1.5', 'from=yesterday', 'format=pdf'])(
    'does not guess what %s means',
    async (query) => {
      const tenant = await openTenant();
      const account = await openFunded(tenant, '1');
      const refused = await tenant.call(`GET ${pathOf(account)}/statement.csv?${query}`);
      expect(refused.status).toBe(400);
    },
  );
});
