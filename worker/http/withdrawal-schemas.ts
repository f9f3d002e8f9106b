/** The withdrawal policy, as its own operations and the approvals of members have it. */
import * as z from 'zod';
import { networkIdSchema } from '../core/neo/network-settings.ts';
import { LIMITS } from '../core/withdrawals/limits.ts';
import { gasAmountOrZero } from './gas-schemas.ts';
import { labelSchema } from './schemas.ts';

export const addressSchema = z
  .string()
  .regex(/^N[1-9A-HJ-NP-Za-km-z]{33}$/, 'is not an address of Neo N3')
  .meta({ description: 'An address of Neo N3.', example: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' });

export const withdrawalNetworkField = networkIdSchema.meta({
  description: 'CAIP-2 id of the network whose withdrawals the policy is about.',
  example: 'neo3:private',
});

export const withdrawalPolicyFields = {
  approvalsAbove: gasAmountOrZero(
    'What is above needs approvals of the members of the wallet policy, or without one of a ' +
      'verified wallet; null for none.',
  ).nullable(),
  perDay: gasAmountOrZero(
    'What may leave in a day (UTC), fees included; null for no limit.',
  ).nullable(),
  destinations: z
    .array(
      z.strictObject({
        address: addressSchema,
        label: labelSchema(80, 'For people.').nullable().default(null),
      }),
    )
    .max(LIMITS.withdrawalDestinationsMax.value)
    .nullable()
    .meta({ description: 'The only ones that are paid; null for any.' }),
  delayHours: z
    .int()
    .min(0)
    .max(LIMITS.withdrawalDelayHoursMax.value)
    .default(0)
    .meta({
      description:
        'How long a destination waits that is added to a list, and a list that is lifted goes on. A ' +
        'shorter delay counts only after the longer one.',
    }),
} as const;

export const withdrawalPolicySchema = z
  .strictObject(withdrawalPolicyFields)
  .meta({ id: 'WithdrawalPolicyTerms' });
