/** Parts that several operations of workspace wallets have in common. */
import * as z from 'zod';
import { networkField, originField } from '../../http/challenge-schemas.ts';
import { accountIdSchema, idSchema } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

export const walletIdSchema = idSchema('workspaceWallet', 'The wallet.');
export const params = z.strictObject({ accountId: accountIdSchema });

/** What a text names besides its purpose. */
export const place = {
  origin: originField,
  network: networkField.optional(),
} as const;

export const policyFields = {
  threshold: z.int().min(1).max(LIMITS.policyMembersMax.value).meta({
    description: 'How many members must approve.',
  }),
  members: z
    .array(walletIdSchema)
    .min(1)
    .max(LIMITS.policyMembersMax.value)
    .meta({ description: 'Wallets of this account, each once.' }),
} as const;
