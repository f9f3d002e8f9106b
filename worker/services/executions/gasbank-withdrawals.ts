/**
 * The actions of `Devpack.gasBank` about what leaves and came: a withdrawal under the limits and the
 * withdrawal policy that hold for everybody, under the id of the action, so that an order which is
 * given again finds what it made; and the list of both.
 */
import * as z from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { createWithdrawal } from '../withdrawals/index.ts';
import { authorOf, type Call, findPlace, given, performer, place, show } from './gasbank-calls.ts';
import { listTransactionsOf } from './gasbank-transactions.ts';

const LIST_MAX = 100;
const LIST_DEFAULT = 25;

/** GAS, as decimal text or a number; a number is read as it is printed, without an exponent. */
const amount = z
  .union([z.string(), z.number()])
  .transform((value) => (typeof value === 'number' ? printed(value) : value))
  .refine((text) => !/^-|^0*(?:\.0*)?$/.test(text), 'amount must be greater than zero');

function printed(value: number): string {
  const text = value.toFixed(8);
  // A number with more decimals is not what would be paid: it is refused by its form.
  return Number(text) === value ? text.replace(/\.?0+$/, '') : String(value);
}

const withdrawSchema = z.object({ ...place, amount, to: given, scheduleAt: given });
const listSchema = z.object({
  ...place,
  type: given,
  status: given,
  limit: z.int().min(1).max(LIST_MAX).nullish(),
});

const listTransactions = async (
  call: Call<z.output<typeof listSchema>>,
): Promise<Result<object>> => {
  const row = await findPlace(call, 'gasbank.listTransactions');
  if (!row.ok) return row;
  const { type, status, limit } = call.params;
  const query = { type, status, limit: limit ?? LIST_DEFAULT };
  return ok({ transactions: await listTransactionsOf(call.deps.db, row.value, query) });
};

const withdraw = async (call: Call<z.output<typeof withdrawSchema>>): Promise<Result<object>> => {
  const row = await findPlace(call, 'gasbank.withdraw');
  if (!row.ok) return row;
  const { deps, accountId, id, params } = call;
  const { to = params.wallet ?? row.value.label ?? undefined, scheduleAt } = params;
  if (to === undefined)
    return err('functions.call_invalid', { detail: 'gasbank.withdraw requires to' });
  const { settings, log } = deps;
  const context = { ...authorOf(call, 'withdrawals.createWithdrawal'), settings, log };
  const made = await createWithdrawal(context, accountId, {
    id,
    gasAccountId: row.value.gasAccountId,
    amount: params.amount,
    to,
    ...(scheduleAt === undefined ? {} : { scheduleAt }),
  });
  if (!made.ok) return made;
  const shown = await show(deps, row.value);
  return shown.ok ? ok({ ...shown.value, transaction: made.value.body }) : shown;
};

export const listGasTransactions = performer({
  scope: 'gasbank:read',
  schema: listSchema,
  act: listTransactions,
});

export const withdrawGas = performer({
  scope: 'withdrawals:write',
  schema: withdrawSchema,
  act: withdraw,
});
