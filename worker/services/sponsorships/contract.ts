/**
 * Sponsored transactions: the account pays the fees of what its users sign. One step, where the user
 * is a wallet of the account; two steps, where somebody else signs what is prepared here.
 */
import * as z from 'zod';
import { LIMITS as BOUNDS } from '../../core/sponsorships/limits.ts';
import { commandIdSchema } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, idSchema, labelSchema, pageOf, pageQuery } from '../../http/schemas.ts';
import { scopesFields } from '../../http/transaction-schemas.ts';
import { LIMITS } from './limits.ts';
import { policyOperations } from './policy-operations.ts';
import {
  ADDRESS,
  callExample,
  callSchema,
  networkField,
  params,
  policyIdSchema,
  SCRIPT_CHARS_MAX,
  sponsorshipExample,
  sponsorshipParams,
  sponsorshipSchema,
  statusSchema,
  summaryExample,
  summarySchema,
} from './shapes.ts';

const accountId = exampleId('account');
const exampleParams = { accountId, sponsorshipId: summaryExample.id };
const read = { kind: 'account', scope: 'gasbank:read' } as const;
const create = { kind: 'account', scope: 'sponsorships:create' } as const;

export const createSponsorship = defineOperation({
  id: 'sponsorships.createSponsorship',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/sponsorships',
  summary: 'Sponsor a transaction',
  description:
    'Give `calls`, or a `script` that is nothing but calls with literal arguments. With `signer` ' +
    'the answer is a transaction for that address to sign (`prepared`); with `walletId` a wallet of ' +
    'the account signs at once, if its policy lets it (`sending`). It is simulated first, and what ' +
    'would fail or break a budget is refused; `cost` is exact and held until its end is known.',
  access: create,
  params,
  body: z
    .strictObject({
      id: commandIdSchema,
      policyId: policyIdSchema,
      script: z
        .string()
        .max(SCRIPT_CHARS_MAX)
        .optional()
        .meta({ description: 'Base64. Either this or `calls`.' }),
      calls: z.array(callSchema).min(1).max(BOUNDS.sponsoredCallsMax.value).optional(),
      signer: z
        .string()
        .max(64)
        .optional()
        .meta({ description: 'The address that will sign, an account of one key.' }),
      walletId: idSchema('wallet', 'A wallet of the account, in place of `signer`.').optional(),
      ...scopesFields,
      endUser: labelSchema(
        BOUNDS.sponsoredEndUserCharsMax.value,
        'Your own id of the user, for budgets of each; the book keeps a digest of it.',
      ).optional(),
      userSession: z
        .string()
        .max(64)
        .optional()
        .meta({ description: 'Of the signer, where the policy asks for it.' }),
    })
    .meta({ id: 'CreateSponsorship' }),
  successes: [
    { status: 201, description: 'The sponsorship.', schema: sponsorshipSchema },
    { status: 200, description: 'It was there already.', schema: sponsorshipSchema },
  ],
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'gasbank.book_closed',
    'gasbank.budget_exceeded',
    'gasbank.full',
    'gasbank.fund_not_found',
    'gasbank.insufficient_funds',
    'request.precondition_failed',
    'sender.approvals_required',
    'sponsorships.call_not_allowed',
    'sponsorships.faults_spent',
    'sponsorships.fee_above_policy',
    'sponsorships.gas_account_unusable',
    'sponsorships.no_sponsor_funds',
    'sponsorships.policy_foreign',
    'sponsorships.policy_suspended',
    'sponsorships.policy_unknown',
    'sponsorships.request_conflict',
    'sponsorships.script_not_canonical',
    'sponsorships.signer_unusable',
    'sponsorships.too_many_calls',
    'sponsorships.too_many_open',
    'sponsorships.transfer_failed',
    'sponsorships.user_scope_global',
    'sponsorships.user_scope_not_allowed',
    'sponsorships.user_session_required',
    'sponsorships.would_fault',
    'transactions.script_refused',
    'wallets.policy_refused',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      id: summaryExample.requestId,
      policyId: summaryExample.policyId,
      calls: [callExample],
      signer: ADDRESS,
    },
    response: sponsorshipExample,
  },
});

export const listSponsorships = defineOperation({
  id: 'sponsorships.listSponsorships',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/sponsorships',
  summary: 'List sponsorships',
  description: `Newest first; ended ones for ${LIMITS.sponsorshipKeepDays.value} days.`,
  access: read,
  params,
  query: z.strictObject({
    ...pageQuery,
    status: statusSchema.optional(),
    policyId: policyIdSchema.optional(),
    network: networkField.optional(),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of sponsorships.',
      schema: pageOf(summarySchema, 'SponsorshipPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [summaryExample], nextCursor: null } },
});

export const getSponsorship = defineOperation({
  id: 'sponsorships.getSponsorship',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/sponsorships/{sponsorshipId}',
  summary: 'Read a sponsorship',
  description: 'Its status, what it costs, and what is to be signed.',
  access: read,
  params: sponsorshipParams,
  successes: [{ status: 200, description: 'The sponsorship.', schema: sponsorshipSchema }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: sponsorshipExample },
});

const scriptField = (description: string) =>
  z
    .string()
    .max(2_048)
    .meta({ description: `${description} Base64.` });

export const signSponsorship = defineOperation({
  id: 'sponsorships.signSponsorship',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/sponsorships/{sponsorshipId}/signature',
  summary: 'Sign a prepared sponsorship',
  description:
    'With the signature of the user: `publicKey` and `signature`, or the `witness`, or the ' +
    '`context` that a wallet signed. What comes back is decoded and compared with what was ' +
    'prepared, and its policy is asked again; then the sponsor signs and sends it. Asked again it ' +
    'tells how far it is.',
  access: create,
  params: sponsorshipParams,
  body: z
    .strictObject({
      publicKey: z
        .string()
        .regex(/^0[23][0-9a-f]{64}$/, 'is not 02 or 03 and 64 hexadecimal digits')
        .optional()
        .meta({ description: 'Compressed, hexadecimal digits.' }),
      signature: z
        .string()
        .max(128)
        .optional()
        .meta({ description: 'r and s, 64 bytes; hexadecimal digits or Base64.' }),
      witness: z
        .strictObject({
          invocation: scriptField('The script that pushes the signature.'),
          verification: scriptField('The script of the account.'),
        })
        .optional(),
      context: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({ description: 'ContractParametersContext.' }),
    })
    .meta({ id: 'SignSponsorship' }),
  successes: [{ status: 200, description: 'The sponsorship.', schema: sponsorshipSchema }],
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'request.precondition_failed',
    'sponsorships.attribute_foreign',
    'sponsorships.bytes_differ',
    'sponsorships.bytes_malformed',
    'sponsorships.call_not_allowed',
    'sponsorships.expired',
    'sponsorships.fee_above_policy',
    'sponsorships.fees_differ',
    'sponsorships.not_prepared',
    'sponsorships.policy_suspended',
    'sponsorships.script_differs',
    'sponsorships.signature_refused',
    'sponsorships.signers_differ',
    'sponsorships.sponsor_not_first',
    'sponsorships.sponsor_scope',
    'sponsorships.user_scope_global',
    'sponsorships.user_scope_not_allowed',
    'sponsorships.window_exceeded',
  ],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: {
      publicKey: '036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
      signature: '9f'.repeat(64),
    },
    response: { ...sponsorshipExample, status: 'sending' },
  },
});

export const sponsorshipOperations = [
  createSponsorship,
  listSponsorships,
  getSponsorship,
  signSponsorship,
  ...policyOperations,
] as const;
