/** The part of the contract in which an account requires signatures of requests. */
import * as z from 'zod';
import { SIGNATURE_RULES } from '../../core/request-signature/decide.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId } from '../../http/schemas.ts';

const params = z.strictObject({ accountId: accountIdSchema });
const accountId = exampleId('account');

const fields = {
  requestSignatures: z.enum(SIGNATURE_RULES).meta({
    description:
      '`required`: operations that move money or wallets, or lead there, need a signature.',
  }),
};
const settingSchema = z.strictObject(fields).meta({ id: 'RequestSignatures' });
const example = { requestSignatures: 'optional' } as const;

const answer = {
  status: 200,
  description: 'What the account asks of its callers.',
  schema: settingSchema,
  etag: true,
} as const;

export const getRequestSignatures = defineOperation({
  id: 'accounts.getRequestSignatures',
  method: 'get',
  path: '/accounts/{accountId}/request-signatures',
  summary: 'Read whether requests must be signed',
  description: 'An account that has set nothing lets unsigned requests pass.',
  access: { kind: 'account', scope: 'account:read' },
  params,
  successes: [answer],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: example },
});

export const setRequestSignatures = defineOperation({
  id: 'accounts.setRequestSignatures',
  method: 'put',
  path: '/accounts/{accountId}/request-signatures',
  summary: 'Set whether requests must be signed',
  description:
    'This request is signed itself, either way: who requires signatures can give them. Back to ' +
    '`optional` needs the approvals of an active wallet policy. An operator, whose token signs ' +
    'nothing, can only set it back. It holds everywhere within 30 seconds.',
  access: { kind: 'account', scope: 'account:write', signature: 'always' },
  params,
  body: z.strictObject(fields),
  successes: [answer],
  errors: ['wallets.approvals_required'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: { accountId }, body: example, response: example },
});

export const signatureOperations = [getRequestSignatures, setRequestSignatures] as const;
