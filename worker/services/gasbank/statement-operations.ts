/** What is in a gas account, what was, and what moved it; usage of the book by service and day. */
import * as z from 'zod';
import { gasSum } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { pageOf, pageQuery, timestampSchema } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import {
  balancesSchema,
  exampleParams,
  gasAccountIdSchema,
  gasAccountParams,
  NETWORK,
  networkField,
  params,
  read,
  TIME,
} from './shapes.ts';

const time = (description: string) =>
  z.iso.datetime({ offset: true }).optional().meta({ description });
const day = (description: string) => z.iso.date().optional().meta({ description });

const sequenceField = z.int().min(0).meta({
  description: 'The number of the entry in the book, which has no gaps.',
});

const balanceSchema = balancesSchema
  .extend({
    gasAccountId: gasAccountIdSchema,
    network: networkField,
    at: timestampSchema('When it stood so.'),
    sequence: z.int().min(0).meta({ description: 'The last entry by then; 0 before the first.' }),
    credits: z
      .strictObject({
        available: z.string().meta({ description: 'Decimal, with up to 8 decimals.' }),
        reserved: z.string(),
      })
      .meta({
        description:
          'Of the whole book: they pay for work, and never become GAS. One pays what 1 GAS does.',
      }),
  })
  .meta({ id: 'GasBalance' });

const sideSchema = z.strictObject({
  account: z.string().meta({
    description:
      'An account of the book: `available/<name>`, `reserved/<name>`, `in_transit/<name>`, ' +
      '`spent` or `other_books`.',
  }),
  balance: gasSum('Of that account, after the entry.'),
});

const entrySchema = z
  .strictObject({
    sequence: sequenceField,
    at: timestampSchema('When it was written.'),
    kind: z.string().meta({ description: 'What was done, e.g. `receive`, `reserve`, `capture`.' }),
    command: z.string().meta({
      description:
        'What it belongs to: the service and the id it was given, e.g. `transfers/rent-november`. ' +
        'Of a deposit, `book:platform/` and its chain key.',
    }),
    amount: gasSum('What moved from one account to the other.'),
    change: gasSum('What it did to the gas account as a whole; 0 where it only moved within.'),
    from: sideSchema,
    to: sideSchema,
    note: z.string().nullable(),
  })
  .meta({ id: 'GasEntry' });

const entryExample = {
  sequence: 7,
  at: TIME,
  kind: 'capture',
  command: 'reservations/capture:job-1',
  amount: '0.25',
  change: '-0.25',
  from: { account: 'reserved/main', balance: '0' },
  to: { account: 'spent', balance: '1.75' },
  note: null,
} as const;
const balancesExample = { available: '9.75', reserved: '0', inTransit: '0' } as const;

export const getBalance = defineOperation({
  id: 'gasbank.getBalance',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/balance',
  summary: 'Read what is in a gas account',
  description: 'Now, or as it stood at any time.',
  access: read,
  params: gasAccountParams,
  query: z.strictObject({ at: time('As it stood then. Default: now.') }),
  successes: [{ status: 200, description: 'The balance.', schema: balanceSchema }],
  errors: [],
  idempotency: 'none',
  example: {
    params: exampleParams,
    response: {
      gasAccountId: exampleParams.gasAccountId,
      network: NETWORK,
      at: TIME,
      sequence: 7,
      ...balancesExample,
      credits: { available: '0', reserved: '0' },
    },
  },
});

export const listEntries = defineOperation({
  id: 'gasbank.listEntries',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/entries',
  summary: 'List the entries of a gas account',
  description: 'Newest first: each movement of GAS into it, out of it and between its parts.',
  access: read,
  params: gasAccountParams,
  query: z.strictObject(pageQuery),
  successes: [
    {
      status: 200,
      description: 'A page of entries.',
      schema: pageOf(entrySchema, 'GasEntryPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: { items: [entryExample], nextCursor: null } },
});

const period = {
  from: time(
    `From this time on. Default: ${LIMITS.gasStatementDaysDefault.value} days before \`to\`.`,
  ),
  to: time('Before this time. Default: now.'),
} as const;

export const getStatement = defineOperation({
  id: 'gasbank.getStatement',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/statement',
  summary: 'Read a statement of a gas account',
  description:
    'What it had at the beginning and at the end of a time, and every entry between, newest first. ' +
    'Beginning and the sum of `change` over all pages make the end.',
  access: read,
  params: gasAccountParams,
  query: z.strictObject({ ...period, ...pageQuery }),
  successes: [
    {
      status: 200,
      description: 'A page of the statement.',
      schema: z
        .strictObject({
          gasAccountId: gasAccountIdSchema,
          network: networkField,
          from: timestampSchema('Its beginning.'),
          to: timestampSchema('Its end.'),
          opening: balancesSchema,
          closing: balancesSchema,
          items: z.array(entrySchema),
          nextCursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
        })
        .meta({ id: 'GasStatement' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: exampleParams,
    query: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
    response: {
      gasAccountId: exampleParams.gasAccountId,
      network: NETWORK,
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
      opening: { available: '10', reserved: '0', inTransit: '0' },
      closing: balancesExample,
      items: [entryExample],
      nextCursor: null,
    },
  },
});

export const exportStatement = defineOperation({
  id: 'gasbank.exportStatement',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/statement.csv',
  summary: 'Read a statement as CSV',
  description:
    'RFC 4180 with a line of names, newest first, at most ' +
    `${LIMITS.gasStatementLinesMax.value.toLocaleString('en')} entries; where there are more, a ` +
    '`Link` with `rel="next"` (RFC 8288) leads on. Texts that a spreadsheet would take for a ' +
    'formula begin with an apostrophe.',
  access: read,
  params: gasAccountParams,
  query: z.strictObject({
    ...period,
    before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().meta({
      description: 'Only entries with a lower number; as `Link` has it.',
    }),
  }),
  successes: [
    { status: 200, description: 'The statement.', contentType: 'text/csv; charset=utf-8' },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: exampleParams,
    query: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
  },
});

const usageSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The day and the purpose.' }),
    day: z.iso.date().meta({ description: 'UTC.' }),
    purpose: z.string().meta({ description: 'E.g. `sponsorships.fee`, `functions.execution`.' }),
    gas: gasSum('What was spent on it.'),
    credits: z.string().meta({ description: 'What was paid with credits, decimal.' }),
    uses: z.int().min(1).meta({ description: 'How often.' }),
  })
  .meta({ id: 'GasUsage' });

export const listUsage = defineOperation({
  id: 'gasbank.listUsage',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/usage',
  summary: 'Read what was spent, by purpose and day',
  description: `Of the whole book of one network, by day; ${LIMITS.gasUsageDaysMax.value} days at most.`,
  access: read,
  params,
  query: z.strictObject({
    ...pageQuery,
    network: networkField,
    from: day(`The first day (UTC). Default: ${LIMITS.gasStatementDaysDefault.value} days before.`),
    to: day('The last day (UTC). Default: today.'),
  }),
  successes: [
    { status: 200, description: 'A page of usage.', schema: pageOf(usageSchema, 'GasUsagePage') },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: {
    params: { accountId: exampleParams.accountId },
    query: { network: NETWORK },
    response: {
      items: [
        {
          id: '2026-11-01/functions.execution',
          day: '2026-11-01',
          purpose: 'functions.execution',
          gas: '0.25',
          credits: '0',
          uses: 12,
        },
      ],
      nextCursor: null,
    },
  },
});

export const statementOperations = [
  getBalance,
  listEntries,
  getStatement,
  exportStatement,
  listUsage,
] as const;
