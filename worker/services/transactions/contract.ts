/**
 * Transactions of an account on a Neo network: simulated, proposed, approved, sent, cancelled. A
 * simulation runs a script on a node without sending anything: it tells before signing what the
 * script would do, what it would cost, and why it would fail.
 */
import * as z from 'zod';
import { LIMITS as TRANSACTION_LIMITS } from '../../core/neo/transaction/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId } from '../../http/schemas.ts';
import { signerSchema, simulationSchema } from '../../http/transaction-schemas.ts';
import { approvalOperations } from './approval-operations.ts';
import { disputeOperations } from './dispute-operations.ts';
import { LIMITS } from './limits.ts';
import { multisigOperations } from './multisig-operations.ts';
import { sendOperations } from './send-operations.ts';
import {
  ADDRESS,
  callSchema,
  GAS,
  NETWORK,
  networkField,
  params,
  transferExample,
} from './shapes.ts';

export const simulateTransaction = defineOperation({
  id: 'transactions.simulateTransaction',
  method: 'post',
  path: '/accounts/{accountId}/transactions/simulate',
  summary: 'Simulate a transaction',
  description:
    'Runs a script, or the calls a script is made of, with the signers given, and sends nothing. ' +
    'State, time and the hash of a transaction may change between this and its execution.',
  access: { kind: 'account', scope: 'transactions:read' },
  params,
  body: z
    .strictObject({
      network: networkField,
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
      calls: [transferExample],
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

export const transactionOperations = [
  simulateTransaction,
  ...sendOperations,
  ...approvalOperations,
  ...multisigOperations,
  ...disputeOperations,
] as const;
