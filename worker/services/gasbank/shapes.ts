/** Parts that several operations of gas accounts have in common. */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { gasAmount, gasSum, termsFields } from '../../http/gas-schemas.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  labelSchema,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

export const NETWORK = 'neo3:private';
export const TIME = '2026-11-01T09:00:00.000Z';
export const read = { kind: 'account', scope: 'gasbank:read' } as const;
export const write = { kind: 'account', scope: 'gasbank:write' } as const;

export const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of the network.',
  example: NETWORK,
});
export const gasAccountIdSchema = idSchema('gasAccount', 'The gas account.');
export const params = z.strictObject({ accountId: accountIdSchema });
export const gasAccountParams = z.strictObject({
  accountId: accountIdSchema,
  gasAccountId: gasAccountIdSchema,
});
export const exampleParams = {
  accountId: exampleId('account'),
  gasAccountId: exampleId('gasAccount'),
} as const;

export const nameField = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'has other than 1 to 63 of a-z, 0-9, _ and -')
  .meta({ description: 'Its name in the book of this network; used once for ever.' });
export const labelField = labelSchema(LIMITS.gasAccountLabelCharsMax.value, 'A name for people.');

export const gasAccountSchema = z
  .strictObject({
    id: gasAccountIdSchema,
    network: networkField,
    networkMagic: z.int().meta({ description: 'What its GAS is bound to.' }),
    name: nameField,
    label: labelField.nullable(),
    status: z.enum(['open', 'closed']),
    ...termsFields,
    lowBalance: gasAmount('Below this an event tells of it; null for never.').nullable(),
    createdAt: timestampSchema('When it was opened.'),
    updatedAt: timestampSchema('When it was last changed.'),
    closedAt: timestampSchema('When it was closed.').nullable(),
  })
  .meta({ id: 'GasAccount' });

export const gasAccountExample = {
  id: exampleId('gasAccount'),
  network: NETWORK,
  networkMagic: 56_753,
  name: 'main',
  label: 'sponsorships',
  status: 'open',
  minimumBalance: '0.5',
  dailyLimit: '25',
  topUp: null,
  lowBalance: '2',
  createdAt: TIME,
  updatedAt: TIME,
  closedAt: null,
} as const;

export const balancesSchema = z.strictObject({
  available: gasSum('What can be spent.'),
  reserved: gasSum('Held for something that has not ended.'),
  inTransit: gasSum('On its way out, to another book.'),
});

/** Of a body: an amount as the wire has it. */
export const amountField = gasAmount('How much.');
