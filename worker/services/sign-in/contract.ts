/**
 * Sign-in with a Neo wallet: ask for a challenge, let the wallet sign it, and get a session of the
 * account in which the wallet is verified.
 */
import * as z from 'zod';
import { CHALLENGE_FORMS } from '../../core/sessions/challenge.ts';
import {
  answerExample,
  challengeExample,
  challengeSchema,
  formSchema,
  neoAnswerFields,
  networkField,
  originField,
} from '../../http/challenge-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { requestKeySchema } from '../../http/request-key-schema.ts';
import { accountIdSchema, exampleId, timestampSchema } from '../../http/schemas.ts';
import { signedInExample, signedInSchema } from '../../http/session-schemas.ts';

const params = z.strictObject({ accountId: accountIdSchema });

export const settingsSchema = z
  .strictObject({
    forms: z.array(formSchema).meta({ description: 'The forms its wallets may sign in with.' }),
    updatedAt: timestampSchema('When they were last set.').nullable(),
  })
  .meta({ id: 'SignInSettings' });

const settingsExample = {
  forms: ['text', 'nep-20'],
  updatedAt: '2026-11-01T09:00:00.000Z',
} as const;

export const createChallenge = defineOperation({
  id: 'signIn.createChallenge',
  method: 'post',
  path: '/sign-in/challenges',
  summary: 'Ask for a challenge to sign',
  description:
    'A text for this wallet, site and network, to be signed within five minutes and used once. ' +
    'Every address gets one, known or not.',
  access: { kind: 'public' },
  body: z.strictObject({
    address: z.string().min(1).max(64).meta({ description: 'Neo: `N…`' }),
    network: networkField,
    form: formSchema.default('text'),
    origin: originField,
  }),
  successes: [{ status: 201, description: 'The challenge.', schema: challengeSchema }],
  errors: ['sign_in.unconfigured', 'sign_in.busy'],
  idempotency: 'none',
  example: {
    body: { address: challengeExample.address, network: challengeExample.network },
    response: challengeExample,
  },
});

export const createSession = defineOperation({
  id: 'signIn.createSession',
  method: 'post',
  path: '/sign-in/sessions',
  summary: 'Sign in',
  description:
    'Opens a session of the account in which the wallet is verified. An unknown wallet opens an ' +
    'account of its own where the operator allows it. A refused answer does not use the challenge.',
  access: { kind: 'public' },
  body: z.strictObject({
    ...neoAnswerFields,
    accountId: accountIdSchema.optional().meta({
      description: 'Needed when the wallet is verified in several accounts.',
    }),
    signingPublicKey: requestKeySchema.optional(),
  }),
  successes: [
    { status: 201, description: 'The session and its tokens, shown once.', schema: signedInSchema },
  ],
  errors: [
    'challenges.ended',
    'challenges.answer_refused',
    'sign_in.wallet_unknown',
    'sign_in.account_required',
    'sign_in.form_refused',
    'account.suspended',
    'signing.unconfigured',
  ],
  idempotency: 'none',
  example: { body: answerExample, response: signedInExample },
});

export const getSettings = defineOperation({
  id: 'signIn.getSettings',
  method: 'get',
  path: '/accounts/{accountId}/sign-in-settings',
  summary: 'Read how wallets may sign in',
  description: 'An account that has set nothing accepts texts alone.',
  access: { kind: 'account', scope: 'account:read' },
  params,
  successes: [{ status: 200, description: 'The settings.', schema: settingsSchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId: exampleId('account') }, response: settingsExample },
});

export const setSettings = defineOperation({
  id: 'signIn.setSettings',
  method: 'put',
  path: '/accounts/{accountId}/sign-in-settings',
  summary: 'Set how wallets may sign in',
  description:
    'Beyond `text`, which is always accepted. `nep-20-draft-2021` and `nep-20-neoline` do not bind ' +
    'the site: another site that shows our challenge to a user gets an answer to it. Enable them ' +
    'only for wallets that have nothing else. Sessions that are open go on.',
  access: { kind: 'account', scope: 'account:write' },
  params,
  body: z.strictObject({
    forms: z
      .array(formSchema)
      .min(1)
      .max(CHALLENGE_FORMS.length)
      .refine((forms) => forms.includes('text'), 'must include text')
      .meta({ description: 'All that is accepted, `text` included.' }),
  }),
  successes: [{ status: 200, description: 'The settings.', schema: settingsSchema, etag: true }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { accountId: exampleId('account') },
    body: { forms: settingsExample.forms },
    response: settingsExample,
  },
});

export const signInOperations = [createChallenge, createSession, getSettings, setSettings] as const;
