/**
 * Contracts of a Neo network that an account works with. Registering one gives it a name here and
 * no right there. Calls are held against the manifest that the contract has at that moment; what a
 * manifest says is its author's word, and texts in it are a stranger's.
 */
import * as z from 'zod';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { LIMITS as TRANSACTIONS } from '../../core/neo/transaction/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId, labelSchema, pageOf, pageQuery } from '../../http/schemas.ts';
import { signerSchema, simulationSchema } from '../../http/transaction-schemas.ts';
import { LIMITS } from './limits.ts';
import { sendOperations } from './send-operations.ts';
import {
  contractExample,
  contractParams,
  contractSchema,
  manifestExample,
  methodFields,
  NETWORK,
  scriptHashSchema,
} from './shapes.ts';

const accountId = exampleId('account');
const params = z.strictObject({ accountId: accountIdSchema });
const exampleParams = { accountId, contractId: contractExample.id };
const networkField = networkIdSchema.meta({
  description: 'CAIP-2 id of the network.',
  example: NETWORK,
});
const read = { kind: 'account', scope: 'contracts:read' } as const;
const write = { kind: 'account', scope: 'contracts:write' } as const;

export const registerContract = defineOperation({
  id: 'contracts.registerContract',
  method: 'post',
  path: '/accounts/{accountId}/contracts',
  summary: 'Register a contract',
  description:
    'The contract must be on the network now. Native contracts can be registered too. The same ' +
    'hash on two networks is two contracts.',
  access: write,
  params,
  body: z
    .strictObject({
      network: networkField,
      scriptHash: scriptHashSchema,
      label: labelSchema(LIMITS.contractLabelCharsMax.value, 'A name for people.').optional(),
    })
    .meta({ id: 'RegisterContract' }),
  successes: [{ status: 201, description: 'The contract.', schema: contractSchema }],
  errors: [
    'quota.exceeded',
    'chain.network_unknown',
    'chain.unavailable',
    'contracts.not_deployed',
    'contracts.already_registered',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { network: NETWORK, scriptHash: contractExample.scriptHash, label: 'gas' },
    response: contractExample,
  },
});

export const listContracts = defineOperation({
  id: 'contracts.listContracts',
  method: 'get',
  path: '/accounts/{accountId}/contracts',
  summary: 'List registered contracts',
  description: 'Newest first, each as it was read last.',
  access: read,
  params,
  query: z.strictObject({ ...pageQuery, network: networkField.optional() }),
  successes: [
    {
      status: 200,
      description: 'A page of contracts.',
      schema: pageOf(contractSchema, 'ContractPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [contractExample], nextCursor: null } },
});

export const getContract = defineOperation({
  id: 'contracts.getContract',
  method: 'get',
  path: '/accounts/{accountId}/contracts/{contractId}',
  summary: 'Read a registered contract',
  description:
    'As the network has it now. While no node answers, as it was read last: see `readAt`.',
  access: read,
  params: contractParams,
  successes: [{ status: 200, description: 'The contract.', schema: contractSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: contractExample },
});

export const getManifest = defineOperation({
  id: 'contracts.getManifest',
  method: 'get',
  path: '/accounts/{accountId}/contracts/{contractId}/manifest',
  summary: 'Read the manifest of a contract',
  description: 'As the network has it now: methods, events, permissions (NEP-15, NEP-25).',
  access: read,
  params: contractParams,
  successes: [
    {
      status: 200,
      description: 'The manifest.',
      schema: z
        .strictObject({
          scriptHash: z.string(),
          updateCounter: z.int().meta({ description: 'Of the update it came with; 0 at first.' }),
          manifest: z.record(z.string(), z.unknown()).meta({
            description: 'In the form of NEP-15. Checked in form; its words prove nothing.',
          }),
        })
        .meta({ id: 'ContractManifest' }),
    },
  ],
  errors: ['chain.network_unknown', 'chain.unavailable', 'contracts.not_deployed'],
  idempotency: 'none',
  example: {
    params: exampleParams,
    response: {
      scriptHash: contractExample.scriptHash,
      updateCounter: 0,
      manifest: manifestExample,
    },
  },
});

export const removeContract = defineOperation({
  id: 'contracts.removeContract',
  method: 'delete',
  path: '/accounts/{accountId}/contracts/{contractId}',
  summary: 'Remove the registration of a contract',
  description: 'The contract itself stays as it is. It can be registered again.',
  access: write,
  params: contractParams,
  successes: [{ status: 204, description: 'Removed.' }],
  errors: [],
  idempotency: 'catalogue',
  example: { params: exampleParams },
});

export const testInvokeMethod = defineOperation({
  id: 'contracts.testInvokeMethod',
  method: 'post',
  path: '/accounts/{accountId}/contracts/{contractId}/test-invoke',
  summary: 'Call a method of a contract without effect',
  description:
    'Runs the method on one node and sends nothing. Count and types of the arguments must be ' +
    'those of its manifest; a safe method runs without the right to write.',
  access: read,
  params: contractParams,
  body: z
    .strictObject({
      ...methodFields,
      signers: z
        .array(signerSchema)
        .max(TRANSACTIONS.signersMax.value)
        .default([])
        .meta({ description: 'Whose witnesses the method finds; the first one would pay.' }),
    })
    .meta({ id: 'TestInvocation' }),
  successes: [
    {
      status: 200,
      description: 'What it does; a FAULT is an answer too.',
      schema: simulationSchema,
    },
  ],
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'contracts.not_deployed',
    'transactions.script_refused',
  ],
  idempotency: 'none',
  example: {
    params: exampleParams,
    body: { method: 'decimals', args: [] },
    response: {
      script: 'wh8MCGRlY2ltYWxz',
      vmState: 'HALT',
      exception: null,
      systemFee: '984060',
      networkFee: null,
      stack: [{ type: 'Integer', value: '8' }],
      notifications: [],
    },
  },
});

export const contractOperations = [
  registerContract,
  listContracts,
  getContract,
  getManifest,
  removeContract,
  testInvokeMethod,
  ...sendOperations,
] as const;
