/**
 * Sessions of wallets: short access tokens, a refresh token that works once, and the list in which
 * an account sees and ends them.
 */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, pageOf, pageQuery } from '../../http/schemas.ts';
import {
  sessionExample as example,
  refreshTokenExample as refreshToken,
  sessionIdSchema,
  sessionSchema,
  signedInExample,
  signedInSchema,
} from '../../http/session-schemas.ts';

const params = z.strictObject({ accountId: accountIdSchema });
const sessionParams = z.strictObject({ accountId: accountIdSchema, sessionId: sessionIdSchema });

const refreshBody = z.strictObject({
  refreshToken: z.string().min(1).max(256).meta({ description: 'The last one that was given.' }),
});

export const refreshSession = defineOperation({
  id: 'sessions.refreshSession',
  method: 'post',
  path: '/sign-in/refresh',
  summary: 'Continue a session',
  description:
    'Gives the next access token and the next refresh token. A refresh token that is used twice ' +
    'its session (RFC 9700), so keep the new one before using anything else.',
  access: { kind: 'public' },
  body: refreshBody,
  successes: [{ status: 200, description: 'The next tokens.', schema: signedInSchema }],
  errors: ['sessions.refresh_refused', 'account.suspended', 'signing.unconfigured'],
  idempotency: 'none',
  example: { body: { refreshToken }, response: signedInExample },
});

export const signOut = defineOperation({
  id: 'sessions.signOut',
  method: 'post',
  path: '/sign-in/sign-out',
  summary: 'Sign out',
  description:
    'Ends the session of a refresh token; its access tokens are refused everywhere within 30 ' +
    'seconds. A token that is unknown is answered the same (RFC 7009).',
  access: { kind: 'public' },
  body: refreshBody,
  successes: [{ status: 204, description: 'There is no such session any more.' }],
  errors: [],
  idempotency: 'none',
  example: { body: { refreshToken } },
});

export const listSessions = defineOperation({
  id: 'sessions.listSessions',
  method: 'get',
  path: '/accounts/{accountId}/sessions',
  summary: 'List sessions',
  description: 'Newest first; ended ones are shown for a while longer.',
  access: { kind: 'account', scope: 'keys:read' },
  params,
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['open', 'ended']).optional().meta({
      description: 'Only sessions that go on, or only those that do not.',
    }),
  }),
  successes: [
    {
      status: 200,
      description: 'A page of sessions.',
      schema: pageOf(sessionSchema, 'SessionPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: { accountId: example.accountId },
    response: { items: [example], nextCursor: null },
  },
});

export const revokeSession = defineOperation({
  id: 'sessions.revokeSession',
  method: 'delete',
  path: '/accounts/{accountId}/sessions/{sessionId}',
  summary: 'End a session',
  description:
    'Its tokens are refused everywhere within 30 seconds. Ending it again changes nothing. The ' +
    'wallet can sign in again: remove the wallet to prevent that.',
  // A leaked session must always be endable, also by a caller who has lost what signs.
  access: { kind: 'account', scope: 'keys:write', signature: 'never' },
  params: sessionParams,
  successes: [{ status: 204, description: 'Ended.' }],
  errors: [],
  idempotency: 'catalogue',
  example: { params: { accountId: example.accountId, sessionId: example.id } },
});

export const sessionOperations = [refreshSession, signOut, listSessions, revokeSession] as const;
