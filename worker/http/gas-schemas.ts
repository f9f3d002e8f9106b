/**
 * Amounts of GAS as requests and answers have them: decimal text such as `1.5`, with up to eight
 * decimals. What a float or another parser would guess about is refused by name of the field.
 */
import * as z from 'zod';
import { idSchema } from './schemas.ts';

/** Eight decimals, the first that is not zero at each of their places. */
const FRACTION_ABOVE_ZERO = Array.from(
  { length: 8 },
  (_place, zeros) => `0{${String(zeros)}}[1-9][0-9]{0,${String(7 - zeros)}}`,
).join('|');
/** The bound is that of the books: 2^53 - 1 datoshi. */
const GAS_ABOVE_ZERO = new RegExp(
  `^(?:[1-9][0-9]{0,7}(?:\\.[0-9]{1,8})?|0\\.(?:${FRACTION_ABOVE_ZERO}))$`,
);
const GAS_OR_ZERO = /^(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{1,8})?$/;
const NO_GAS = 'is not a decimal amount of GAS above zero with at most 8 decimals, such as 1.5';
const NO_GAS_OR_ZERO = 'is not a decimal amount of GAS with at most 8 decimals, such as 1.5 or 0';

export const gasAmount = (description: string) =>
  z
    .string()
    .regex(GAS_ABOVE_ZERO, NO_GAS)
    .meta({ description: `${description} In GAS.` });

export const gasAmountOrZero = (description: string) =>
  z
    .string()
    .regex(GAS_OR_ZERO, NO_GAS_OR_ZERO)
    .meta({ description: `${description} In GAS.` });

export const topUpSchema = z
  .strictObject({
    fromGasAccountId: idSchema('gasAccount', 'Another one on the same network, without a rule.'),
    amount: gasAmount('What one top-up moves.'),
    perDay: gasAmount('What may be moved in a day (UTC) at most.'),
  })
  .meta({ id: 'TopUpRule' });

/** What binds every spending of a gas account; loosening these is a governed act. */
export const termsFields = {
  minimumBalance: gasAmountOrZero('No spending takes it below this.'),
  dailyLimit: gasAmountOrZero('What may leave it in a day (UTC); null for no limit.').nullable(),
  topUp: topUpSchema.nullable(),
} as const;

/** In answers, where sums of a book may be below zero. */
export const gasSum = (description: string) =>
  z.string().meta({ description: `${description} In GAS, decimal.` });

/** The id a client makes for a command about money: kept for the life of the book. */
export const commandIdSchema = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z_.-]{0,79}$/, 'has other than 1 to 80 plain characters')
  .meta({
    description:
      'Made by the caller. The same id with the same contents is the same act and answers the ' +
      'same, for the life of the book; with other contents it is refused.',
  });
