/** The part of the contract about what an account pays for. */
import * as z from 'zod';
import {
  answerExample,
  challengeExample,
  challengeSchema,
  neoAnswerFields,
  originField,
} from '../../http/challenge-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, labelSchema, pageOf, pageQuery, timestampSchema } from '../../http/schemas.ts';
import { sponsorshipTermsExample, sponsorshipTermsFields } from '../../http/sponsorship-schemas.ts';
import { LIMITS } from './limits.ts';
import {
  ADDRESS,
  gasAccountIdSchema,
  networkField,
  params,
  policyExample,
  policyIdSchema,
  policyParams,
  policySchema,
} from './shapes.ts';

const accountId = exampleId('account');
const exampleParams = { accountId, policyId: policyExample.id };
const read = { kind: 'account', scope: 'gasbank:read' } as const;
const write = { kind: 'account', scope: 'sponsorships:write' } as const;
const create = { kind: 'account', scope: 'sponsorships:create' } as const;
const nameField = labelSchema(LIMITS.sponsorshipNameCharsMax.value, 'A name for people.');

export const createPolicy = defineOperation({
  id: 'sponsorships.createPolicy',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies',
  summary: 'Make a sponsorship policy',
  description:
    'Nothing is paid for without one. It pays from one gas account, on the network of that. Where ' +
    'the account has an active wallet policy, its members approve it first.',
  access: write,
  params,
  body: z
    .strictObject({
      gasAccountId: gasAccountIdSchema,
      name: nameField,
      ...sponsorshipTermsFields,
    })
    .meta({ id: 'CreateSponsorshipPolicy' }),
  successes: [{ status: 201, description: 'The policy.', schema: policySchema, etag: true }],
  errors: [
    'request.precondition_failed',
    'sponsorships.gas_account_unusable',
    'sponsorships.too_many_policies',
    'wallets.approvals_required',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      gasAccountId: policyExample.gasAccountId,
      name: policyExample.name,
      ...sponsorshipTermsExample,
    },
    response: policyExample,
  },
});

export const listPolicies = defineOperation({
  id: 'sponsorships.listPolicies',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies',
  summary: 'List sponsorship policies',
  description: 'Newest first.',
  access: read,
  params,
  query: z.strictObject({ ...pageQuery, network: networkField.optional() }),
  successes: [
    {
      status: 200,
      description: 'A page of policies.',
      schema: pageOf(policySchema, 'SponsorshipPolicyPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [policyExample], nextCursor: null } },
});

export const getPolicy = defineOperation({
  id: 'sponsorships.getPolicy',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies/{policyId}',
  summary: 'Read a sponsorship policy',
  description: 'What it pays for, and whether its faults have suspended it.',
  access: read,
  params: policyParams,
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: policyExample },
});

export const setPolicy = defineOperation({
  id: 'sponsorships.setPolicy',
  method: 'put',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies/{policyId}',
  summary: 'Change a sponsorship policy',
  description:
    'All of its terms at once. What lets more be paid for needs the approvals of the wallet policy ' +
    'of the account, where one is active; what tightens it counts at once, also for what is ' +
    'prepared and not signed yet.',
  access: write,
  params: policyParams,
  body: z
    .strictObject({ name: nameField, ...sponsorshipTermsFields })
    .meta({ id: 'SetSponsorshipPolicy' }),
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: ['request.precondition_failed', 'wallets.approvals_required'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    body: { name: policyExample.name, ...sponsorshipTermsExample },
    response: policyExample,
  },
});

export const resumePolicy = defineOperation({
  id: 'sponsorships.resumePolicy',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies/{policyId}/resume',
  summary: 'Resume a suspended sponsorship policy',
  description:
    'Of one that came to its faults of a day. On the same day (UTC) it pays again only with a ' +
    'higher `faultsPerDay`.',
  access: write,
  params: policyParams,
  successes: [{ status: 200, description: 'The policy.', schema: policySchema, etag: true }],
  errors: ['request.precondition_failed', 'wallets.approvals_required'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: exampleParams, response: policyExample },
});

export const deletePolicy = defineOperation({
  id: 'sponsorships.deletePolicy',
  method: 'delete',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies/{policyId}',
  summary: 'Delete a sponsorship policy',
  description:
    'Nothing is paid for under it any more; what is prepared can no longer be signed, and what was ' +
    'signed is on its way. Publishable keys that are bound to it serve for nothing.',
  access: write,
  params: policyParams,
  successes: [{ status: 204, description: 'Deleted.' }],
  errors: ['request.precondition_failed'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: exampleParams },
});

export const createUserChallenge = defineOperation({
  id: 'sponsorships.createUserChallenge',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies/{policyId}/user-challenges',
  summary: 'Ask for a text that shows whose an address is',
  description:
    'For policies with `requiresUserSession`: the wallet of the user signs the text, which is no ' +
    'transaction.',
  access: create,
  params: policyParams,
  body: z.strictObject({
    address: z.string().max(64).meta({ description: 'Of the user.', example: ADDRESS }),
    origin: originField,
  }),
  successes: [{ status: 201, description: 'The challenge.', schema: challengeSchema }],
  errors: ['sign_in.busy', 'sign_in.unconfigured', 'sponsorships.policy_foreign'],
  idempotency: 'none',
  example: { params: exampleParams, body: { address: ADDRESS }, response: challengeExample },
});

const sessionExample = {
  token: 'x'.repeat(43),
  policyId: policyExample.id,
  signer: ADDRESS,
  expiresAt: '2026-11-01T10:00:00.000Z',
} as const;

export const createUserSession = defineOperation({
  id: 'sponsorships.createUserSession',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/sponsorship-policies/{policyId}/user-sessions',
  summary: 'Open a session of a user',
  description:
    'With the signature of a challenge. The token goes into `userSession` of ' +
    '`sponsorships.createSponsorship`, for this policy and this address alone.',
  access: create,
  params: policyParams,
  body: z.strictObject(neoAnswerFields),
  successes: [
    {
      status: 201,
      description: 'The session, whose token is shown once.',
      schema: z
        .strictObject({
          token: z.string(),
          policyId: policyIdSchema,
          signer: z.string().meta({ description: 'The address that signed.' }),
          expiresAt: timestampSchema('When it ends.'),
        })
        .meta({ id: 'SponsorshipUserSession' }),
    },
  ],
  errors: ['challenges.answer_refused', 'challenges.ended', 'sponsorships.policy_foreign'],
  idempotency: 'catalogue',
  example: { params: exampleParams, body: answerExample, response: sessionExample },
});

export const policyOperations = [
  createPolicy,
  listPolicies,
  getPolicy,
  setPolicy,
  resumePolicy,
  deletePolicy,
  createUserChallenge,
  createUserSession,
] as const;
