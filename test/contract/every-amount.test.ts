/**
 * Amounts of GAS and of credits, wherever the contract takes one, in bodies and queries: what a
 * float, another parser or another unit would make something of is refused with 400 by the name of
 * the field. The fields are found by the form they declare, so one that is added is walked without a
 * line here.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operations } from '../../worker/contract.ts';
import { gasAmount, gasAmountOrZero } from '../../worker/http/gas-schemas.ts';
import type { Operation } from '../../worker/http/operation.ts';
import { sponsorshipTermsExample } from '../../worker/http/sponsorship-schemas.ts';
import { grantBody } from '../../worker/services/metering/shapes.ts';
import { openTenant, type Tenant } from '../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../support/small-chain.ts';
import { makeValid, send, type Valid, withQuery } from './fixtures.ts';

const WRONG: readonly unknown[] = [
  '0.000000001',
  '1.000000000',
  '-1',
  '+1',
  '1e3',
  '1E-8',
  '90071992.54740992',
  '99999999',
  '1'.repeat(400),
  '.5',
  '1.',
  '01',
  '0x10',
  '\u0661',
  ' 1',
  '1\n',
  '1,5',
  '1_000',
  '',
  'NaN',
  'Infinity',
];
const NOT_TEXT: readonly unknown[] = [1, true, ['1'], {}];
const ZEROS: readonly unknown[] = ['0', '0.0', '0.00000000'];

interface Json {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Json>>;
  readonly pattern?: string;
  readonly anyOf?: readonly Json[];
  readonly properties?: Readonly<Record<string, Json>>;
}

const jsonOf = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
const patternOf = (schema: z.ZodType): string => jsonOf(schema).pattern ?? '';
const OR_ZERO = patternOf(gasAmountOrZero(''));
const FORMS = new Set([OR_ZERO, patternOf(gasAmount('')), patternOf(grantBody.shape.amount)]);

interface Field {
  readonly operation: Operation;
  readonly place: 'body' | 'query';
  readonly path: readonly string[];
  readonly mayBeZero: boolean;
}

type Found = Pick<Field, 'path' | 'mayBeZero'>;

function amountsIn(schema: z.ZodType | undefined): readonly Found[] {
  if (schema === undefined) return [];
  const root = jsonOf(schema);
  const walk = (one: Json, path: readonly string[]): readonly Found[] => {
    const { $ref = '', pattern = '', anyOf = [], properties = {} } = one;
    const meant = root.$defs?.[$ref.replace('#/$defs/', '')];
    if (meant !== undefined) return walk(meant, path);
    if (FORMS.has(pattern)) return [{ path, mayBeZero: pattern === OR_ZERO }];
    return [
      ...anyOf.flatMap((branch) => walk(branch, path)),
      ...Object.entries(properties).flatMap(([name, inner]) => walk(inner, [...path, name])),
    ];
  };
  return walk(root, []);
}

const FIELDS: readonly Field[] = operations.flatMap((operation) => [
  ...amountsIn(operation.body).map((found) => ({ operation, place: 'body' as const, ...found })),
  ...amountsIn(operation.query).map((found) => ({ operation, place: 'query' as const, ...found })),
]);
const nameOf = ({ operation, place, path }: Field): string =>
  `${operation.id} ${place === 'query' ? 'query' : ''}/${path.join('/')}`;

const RULE = { fromGasAccountId: 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs', amount: '1', perDay: '1' };
/** What stands beside an amount that is not at the top. */
const AROUND: Readonly<Record<string, object>> = {
  topUp: RULE,
  refillRule: { below: '1', upTo: '2' },
  initialAllocation: { credits: '1', total: '2' },
  gasAccountTerms: { minimumBalance: '1', dailyLimit: null, topUp: RULE },
  sponsorshipTerms: sponsorshipTermsExample,
  withdrawalPolicy: { approvalsAbove: '1', perDay: '1', destinations: null, delayHours: 0 },
};
/** Without which it is not asked for at all. */
const BESIDE: Readonly<Record<string, object>> = {
  topUp: { lowBalance: '1' },
  gasAccountTerms: {
    operation: 'gasbank.loosenGasAccount',
    gasAccountId: RULE.fromGasAccountId,
  },
  sponsorshipTerms: {
    operation: 'sponsorships.createPolicy',
    sponsorshipGasAccountId: RULE.fromGasAccountId,
  },
  withdrawalPolicy: { operation: 'withdrawals.setPolicy', withdrawalNetwork: NETWORKS.up.id },
};

function put(whole: unknown, [name = '', ...rest]: readonly string[], value: unknown): object {
  const known = whole as Readonly<Record<string, unknown>>;
  if (rest.length === 0) return { ...known, [name]: value };
  return { ...known, [name]: put(AROUND[name], rest, value) };
}

const withAmount = (body: unknown, path: readonly string[], value: unknown): object => ({
  ...put(body, path, value),
  ...(path.length > 1 ? BESIDE[path[0] ?? ''] : {}),
});

const PAYER = `from=${SMALL_CHAIN.sender}`;

/** The same request with this amount in it. */
function altered(valid: Valid, { place, path }: Field, value: unknown): Valid {
  if (place === 'body') return { ...valid, body: withAmount(valid.body, path, value) };
  const query = `${PAYER}&${path.join('')}=${encodeURIComponent(String(value))}`;
  return { ...valid, path: withQuery(valid.path, query) };
}

let tenant: Tenant;
beforeEach(async () => {
  tenant = await openTenant();
});

describe('an amount', () => {
  it('is found wherever money is asked for', () => {
    expect(FIELDS.map(nameOf)).toEqual(
      expect.arrayContaining([
        'gasbank.createTransfer /amount',
        'gasbank.updateGasAccount /topUp/perDay',
        'withdrawals.createWithdrawal /feeMax',
        'withdrawals.setPolicy /approvalsAbove',
        'sponsorships.createPolicy /perEndUserPerDay',
        'metering.buyCredits /amount',
        'metering.setPrices /initialAllocation/total',
        'vaults.setRefillRule /refillRule/upTo',
        'vaults.getDepositInstructions query/amount',
      ]),
    );
  });

  it.each(FIELDS.map((field) => [nameOf(field), field] as const))(
    'is refused by the name of its field unless it is one: %s',
    async (_name, field) => {
      const { operation, place, path, mayBeZero } = field;
      const valid = await makeValid(operation, tenant);
      const pointer = `${place === 'query' ? 'query' : ''}/${path.join('/')}`;
      const wrong = [...WRONG, ...(mayBeZero ? [] : ZEROS), ...(place === 'body' ? NOT_TEXT : [])];
      for (const value of wrong) {
        const refused = await send(altered(valid, field, value), tenant);
        expect(refused, `${JSON.stringify(value)}: ${refused.text}`).toMatchObject({
          status: 400,
          body: { code: 'request.malformed' },
        });
        const named = refused.body.fields.map((one: { pointer: string }) => one.pointer);
        expect(named, JSON.stringify(value)).toContain(pointer);
      }
      const taken = await send(valid, tenant);
      expect(taken.status, taken.text).toBeLessThan(300);
    },
  );
});
