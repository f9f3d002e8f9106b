/** The part of the contract in which a wallet of the account calls, deploys or updates a contract. */
import * as z from 'zod';
import { LIMITS as ARTIFACTS } from '../../core/neo/contract/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId, labelSchema } from '../../http/schemas.ts';
import {
  requestIdField,
  sendingFields,
  transactionExample,
  transactionSchema,
} from '../../http/transaction-schemas.ts';
import { LIMITS } from './limits.ts';
import { contractExample, contractParams, contractSchema, methodFields } from './shapes.ts';

const accountId = exampleId('account');
const exampleParams = { accountId, contractId: contractExample.id };
const walletId = exampleId('wallet');
/** Registering is the least of what these do, so the right to send stands for both. */
const send = { kind: 'account', scope: 'transactions:write' } as const;

const BASE64_OF_NEF = 4 * Math.ceil(ARTIFACTS.nefBytesMax.value / 3);
const nefField = z.string().max(BASE64_OF_NEF).meta({
  description: 'The NEF file as its compiler wrote it (NEP-16); Base64.',
});
const manifestField = z.string().max(ARTIFACTS.manifestBytesMax.value).meta({
  description: 'The manifest as its compiler wrote it (NEP-15), as text: its own bytes are sent.',
});
const dataField = z.unknown().optional().meta({
  description: 'For `_deploy`: a contract parameter, `{"type", "value"}`. Null if absent.',
});

const sendErrors = [
  'chain.network_unknown',
  'chain.unavailable',
  'request.precondition_failed',
  'transactions.approvers_missing',
  'transactions.fee_above_maximum',
  'transactions.script_refused',
  'transactions.too_many_open',
  'transactions.wallet_unknown',
  'transactions.would_fault',
  'wallets.policy_refused',
  'wallets.retired',
] as const;

const transactions = [
  { status: 201, description: 'The transaction.', schema: transactionSchema },
  { status: 200, description: 'It was there already.', schema: transactionSchema },
] as const;

export const invokeMethod = defineOperation({
  id: 'contracts.invokeMethod',
  method: 'post',
  path: '/accounts/{accountId}/contracts/{contractId}/invoke',
  summary: 'Call a method of a contract by a transaction',
  description:
    'As `contracts.testInvokeMethod`, but sent by a wallet of the account on the same network, under ' +
    'the policy of that wallet. The transaction goes on as one of `transactions.createTransaction`.',
  access: send,
  params: contractParams,
  body: z
    .strictObject({
      ...methodFields,
      result: z
        .enum(['kept', 'asserted', 'dropped'])
        .optional()
        .meta({
          description:
            'What becomes of the answer. `asserted`: anything but true is a FAULT, which is what a ' +
            'method that answers true or false gets if this is absent.',
        }),
      requestId: requestIdField.optional(),
      ...sendingFields,
    })
    .meta({ id: 'ContractInvocation' }),
  successes: transactions,
  errors: [...sendErrors, 'contracts.not_deployed', 'transactions.request_conflict'],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: {
      walletId,
      method: 'transfer',
      args: [
        { type: 'Hash160', value: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i' },
        { type: 'Hash160', value: 'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP' },
        { type: 'Integer', value: '100000000' },
        { type: 'Any', value: null },
      ],
    },
    response: transactionExample,
  },
});

export const deployContract = defineOperation({
  id: 'contracts.deployContract',
  method: 'post',
  path: '/accounts/{accountId}/contract-deployments',
  summary: 'Deploy a contract',
  description:
    'By a transaction of a wallet. File and manifest are checked as the chain checks them. The hash ' +
    'of the contract follows from wallet, checksum and name, so it is registered at once, as ' +
    '`pending`; once a node shows it, it is `deployed`.',
  access: send,
  params: z.strictObject({ accountId: accountIdSchema }),
  body: z
    .strictObject({
      nef: nefField,
      manifest: manifestField,
      data: dataField,
      label: labelSchema(LIMITS.contractLabelCharsMax.value, 'A name for people.').optional(),
      ...sendingFields,
    })
    .meta({ id: 'DeployContract' }),
  successes: [
    {
      status: 201,
      description: 'The contract to be, and the transaction that deploys it.',
      schema: z
        .strictObject({ contract: contractSchema, transaction: transactionSchema })
        .meta({ id: 'ContractDeployment' }),
    },
  ],
  errors: [...sendErrors, 'contracts.already_registered', 'quota.exceeded'],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { walletId, nef: '<Base64>', manifest: '{"name":"Badge"}', label: 'badges' },
    response: {
      contract: {
        ...contractExample,
        label: 'badges',
        standing: 'pending',
        name: 'Badge',
        supportedStandards: ['NEP-11'],
        deploymentTransactionId: transactionExample.id,
        readAt: null,
      },
      transaction: transactionExample,
    },
  },
});

export const updateContract = defineOperation({
  id: 'contracts.updateContract',
  method: 'post',
  path: '/accounts/{accountId}/contracts/{contractId}/update',
  summary: 'Update a contract',
  description:
    "Calls the contract's own `update` method, which decides who may: (nef, manifest) or (nef, " +
    'manifest, data). What is not given is kept. The name of a contract never changes.',
  access: send,
  params: contractParams,
  body: z
    .strictObject({
      nef: nefField.optional(),
      manifest: manifestField.optional(),
      data: dataField,
      requestId: requestIdField.optional(),
      ...sendingFields,
    })
    .meta({ id: 'UpdateContract' }),
  successes: transactions,
  errors: [
    ...sendErrors,
    'contracts.not_deployed',
    'contracts.not_updatable',
    'transactions.request_conflict',
  ],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: { walletId, nef: '<Base64>', manifest: '{"name":"Badge"}' },
    response: transactionExample,
  },
});

export const sendOperations = [invokeMethod, deployContract, updateContract] as const;
