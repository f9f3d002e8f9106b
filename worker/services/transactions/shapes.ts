/** Parts that several operations of transactions have in common. */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { accountIdSchema } from '../../http/schemas.ts';
import { scopesFields, transactionIdSchema } from '../../http/transaction-schemas.ts';
import { LIMITS } from './limits.ts';

export {
  chainWalletIdSchema,
  feeField,
  noteField,
  statusSchema,
  summaryExample,
  summarySchema,
  transactionExample,
  transactionIdSchema,
  transactionSchema,
} from '../../http/transaction-schemas.ts';

export const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
export const NETWORK = 'neo3:private';
export const ADDRESS = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';

export const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of a network.',
  example: NETWORK,
});
export const params = z.strictObject({ accountId: accountIdSchema });
export const transactionParams = z.strictObject({
  accountId: accountIdSchema,
  transactionId: transactionIdSchema,
});
export const callSchema = z
  .strictObject({
    contract: z.string().max(64).meta({ description: '`0x` and 40 digits.', example: GAS }),
    method: z.string().min(1).max(LIMITS.methodCharsMax.value),
    args: z
      .array(z.unknown())
      .max(LIMITS.callArgsMax.value)
      .default([])
      .meta({ description: 'Contract parameters, `{"type", "value"}` as JSON-RPC has them.' }),
    flags: z
      .string()
      .max(64)
      .default('All')
      .meta({ description: 'Call flags, e.g. `ReadOnly` or `All`.' }),
    result: z
      .enum(['kept', 'asserted', 'dropped'])
      .default('kept')
      .meta({
        description:
          'What becomes of the answer. `asserted`: anything but true is a FAULT, which a transfer ' +
          'should ask for.',
      }),
  })
  .meta({ id: 'ContractCall' });

/** What is sent, and how far the sender's witness counts. */
export const scriptFields = {
  script: z
    .string()
    .max(LIMITS.scriptBase64CharsMax.value)
    .optional()
    .meta({ description: 'Base64. Either this, `calls` or `raw`.' }),
  calls: z.array(callSchema).min(1).max(LIMITS.callsMax.value).optional(),
  raw: z.string().max(LIMITS.transactionBase64CharsMax.value).optional().meta({
    description: 'A whole transaction without witnesses, Base64. Its one signer is the sender.',
  }),
  ...scopesFields,
} as const;

export const transferExample = {
  contract: GAS,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: ADDRESS },
    { type: 'Hash160', value: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP' },
    { type: 'Integer', value: '100000000' },
    { type: 'Any', value: null },
  ],
  result: 'asserted',
} as const;
