/**
 * Transactions of an account on a Neo network. A simulation runs a script on a node without sending
 * anything: it tells before signing what the script would do, what it would cost, and why it would
 * fail.
 */
import { z } from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { LIMITS as TRANSACTION_LIMITS } from '../../core/neo/transaction/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId } from '../../http/schemas.ts';
import { signerSchema, simulationSchema } from '../../http/transaction-schemas.ts';
import { LIMITS } from './limits.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const ADDRESS = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';
const NETWORK = 'neo3:private';

const network = networkIdSchema.meta({ description: 'CAIP-2 id of a network.', example: NETWORK });

const callSchema = z
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

export const simulateTransaction = defineOperation({
  id: 'transactions.simulateTransaction',
  method: 'post',
  path: '/accounts/{accountId}/transactions/simulate',
  summary: 'Simulate a transaction',
  description:
    'Runs a script, or the calls a script is made of, with the signers given, and sends nothing. ' +
    'State, time and the hash of a transaction may change between this and its execution.',
  access: { kind: 'account', scope: 'transactions:read' },
  params: z.strictObject({ accountId: accountIdSchema }),
  body: z
    .strictObject({
      network,
      script: z
        .string()
        .max(LIMITS.scriptBase64CharsMax.value)
        .optional()
        .meta({ description: 'Base64. Either this or `calls`.' }),
      calls: z.array(callSchema).min(1).max(LIMITS.callsMax.value).optional(),
      signers: z
        .array(signerSchema)
        .min(1)
        .max(TRANSACTION_LIMITS.signersMax.value)
        .meta({ description: 'The first one pays the fees.' }),
    })
    .meta({ id: 'SimulateTransaction' }),
  successes: [
    {
      status: 200,
      description: 'What it would do; a FAULT is an answer too.',
      schema: simulationSchema,
    },
  ],
  errors: ['chain.network_unknown', 'chain.unavailable', 'transactions.script_refused'],
  idempotency: 'none',
  example: {
    params: { accountId: exampleId('account') },
    body: {
      network: NETWORK,
      calls: [
        {
          contract: GAS,
          method: 'transfer',
          args: [
            { type: 'Hash160', value: ADDRESS },
            { type: 'Hash160', value: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP' },
            { type: 'Integer', value: '100000000' },
            { type: 'Any', value: null },
          ],
          result: 'asserted',
        },
      ],
      signers: [{ account: ADDRESS, scopes: 'CalledByEntry' }],
    },
    response: {
      script: 'QA==',
      vmState: 'HALT',
      exception: null,
      systemFee: '9977780',
      networkFee: '1228520',
      stack: [],
      notifications: [{ contract: GAS, eventName: 'Transfer', state: [{ type: 'Any' }] }],
    },
  },
});

export const transactionOperations = [simulateTransaction] as const;
