/** The part of the contract in which an account says what may leave by itself. */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { exampleId } from '../../http/schemas.ts';
import { withdrawalPolicyFields } from '../../http/withdrawal-schemas.ts';
import { NETWORK, networkField, params, policyExample, policySchema } from './shapes.ts';

const accountId = exampleId('account');
const path = '/accounts/{accountId}/gasbank/withdrawal-policy';

export const getPolicy = defineOperation({
  id: 'withdrawals.getPolicy',
  method: 'get',
  path,
  summary: 'Read the withdrawal policy',
  description: 'Of one network. An account that has set none lets everything leave.',
  access: { kind: 'account', scope: 'gasbank:read' },
  params,
  query: z.strictObject({ network: networkField }),
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: { params: { accountId }, query: { network: NETWORK }, response: policyExample },
});

export const setPolicy = defineOperation({
  id: 'withdrawals.setPolicy',
  method: 'put',
  path,
  summary: 'Set the withdrawal policy',
  description:
    'Of one network, as a whole. What lets more leave needs the approvals of the wallet policy, where ' +
    'one is active (`workspaceWallets.createApprovalChallenge`); what lets less leave needs none. ' +
    'With a list, what is added to it counts after the delay.',
  access: { kind: 'account', scope: 'withdrawals:write' },
  params,
  body: z
    .strictObject({ network: networkField, ...withdrawalPolicyFields })
    .meta({ id: 'SetWithdrawalPolicy' }),
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: ['chain.network_unknown', 'wallets.approvals_required'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId },
    body: {
      network: NETWORK,
      approvalsAbove: '10',
      perDay: '100',
      destinations: [{ address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i', label: 'treasury' }],
      delayHours: 24,
    },
    response: policyExample,
  },
});

export const policyOperations = [getPolicy, setPolicy] as const;
