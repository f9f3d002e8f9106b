/** The part of the contract about what deleted accounts have left. */
import * as z from 'zod';
import { commandIdSchema, gasAmount, gasSum } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId, pageOf, pageQuery } from '../../http/schemas.ts';
import { addressSchema } from '../../http/withdrawal-schemas.ts';
import {
  NETWORK,
  networkField,
  PAYMENT_ERRORS,
  payoutExample,
  payoutSchema,
  reasonField,
} from './shapes.ts';

const access = { kind: 'operator' } as const;
const accountId = exampleId('account');
// Of an account that is no more; an `accountId` in a path has to exist.
const params = z.strictObject({ network: networkField, deletedAccountId: accountIdSchema });
const exampleParams = { network: NETWORK, deletedAccountId: accountId };

const fields = {
  id: accountIdSchema,
  network: networkField,
  networkMagic: z.int(),
  available: gasSum('What can be paid out.'),
} as const;
const example = { id: accountId, network: NETWORK, networkMagic: 56_753, available: '4' } as const;

export const listUnclaimed = defineOperation({
  id: 'withdrawals.listUnclaimed',
  method: 'get',
  path: '/operator/gasbank/unclaimed',
  summary: 'List what deleted accounts have left',
  description:
    'On one network, by account; those that were paid out have nothing available. It is their ' +
    'owners’, and never the operator’s.',
  access,
  query: z.strictObject({ ...pageQuery, network: networkField }),
  successes: [
    {
      status: 200,
      description: 'A page of accounts.',
      schema: pageOf(z.strictObject(fields).meta({ id: 'UnclaimedSummary' }), 'UnclaimedPage'),
    },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: { query: { network: NETWORK }, response: { items: [example], nextCursor: null } },
});

export const getUnclaimed = defineOperation({
  id: 'withdrawals.getUnclaimed',
  method: 'get',
  path: '/operator/gasbank/unclaimed/{network}/{deletedAccountId}',
  summary: 'Read what a deleted account has left',
  description: 'And whom it can be paid to.',
  access,
  params,
  successes: [
    {
      status: 200,
      description: 'What is left.',
      schema: z
        .strictObject({
          ...fields,
          reserved: gasSum('What is held for payouts under way.'),
          payees: z.array(addressSchema).meta({
            description:
              'Wallets that the owner had verified: only they are paid, while there are any.',
          }),
        })
        .meta({ id: 'Unclaimed' }),
    },
  ],
  errors: ['chain.network_unknown', 'request.not_found'],
  idempotency: 'none',
  example: {
    params: exampleParams,
    response: { ...example, reserved: '0', payees: [payoutExample.to] },
  },
});

export const payUnclaimed = defineOperation({
  id: 'withdrawals.payUnclaimed',
  method: 'post',
  path: '/operator/gasbank/unclaimed/{network}/{deletedAccountId}/payouts',
  summary: 'Pay out what a deleted account has left',
  description:
    'To a wallet that the account had verified; when it had none, to whom you name. What the ' +
    'release costs comes off what is left. `id` is your own: asked again with the same contents, ' +
    'the same payout is answered (200).',
  access,
  params,
  body: z
    .strictObject({
      id: commandIdSchema,
      to: addressSchema,
      amount: gasAmount('What is paid out; all that is left after the fee, if absent.').optional(),
      reason: reasonField,
    })
    .meta({ id: 'PayUnclaimed' }),
  successes: [
    { status: 201, description: 'The payout.', schema: payoutSchema },
    { status: 200, description: 'It was there already.', schema: payoutSchema },
  ],
  errors: [...PAYMENT_ERRORS, 'withdrawals.request_conflict'],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: { id: 'claim-4711', to: payoutExample.to, reason: 'ticket 4711, signed by the owner' },
    response: {
      ...payoutExample,
      kind: 'unclaimed',
      requestId: `${accountId}.claim-4711`,
      gasAccountId: null,
      accountId: 'platform',
    },
  },
});

export const unclaimedOperations = [listUnclaimed, getUnclaimed, payUnclaimed] as const;
