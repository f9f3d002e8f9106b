/** Sessions and their tokens as the contracts of sign-in and sessions say them. */
import * as z from 'zod';
import { formSchema, networkField } from './challenge-schemas.ts';
import { requestKeySchema } from './request-key-schema.ts';
import { accountIdSchema, exampleId, idSchema, timestampSchema } from './schemas.ts';

export const sessionIdSchema = idSchema('session', 'The session.');

export const sessionSchema = z
  .strictObject({
    id: sessionIdSchema,
    accountId: accountIdSchema,
    walletId: idSchema('workspaceWallet', 'The wallet of the account that signed in.'),
    address: z.string().meta({ description: 'Its address.' }),
    network: networkField,
    form: formSchema,
    layout: z.string().meta({
      description: 'Which bytes the wallet signed; layouts do not bind equally much.',
    }),
    signingPublicKey: requestKeySchema.nullable().meta({
      description: "The Ed25519 key that its requests' signatures are verified with.",
    }),
    status: z.enum(['open', 'expired', 'ended']),
    signedInAt: timestampSchema('When the wallet signed.'),
    refreshedAt: timestampSchema('When it was last refreshed.'),
    expiresAt: timestampSchema('When it ends unless it is refreshed before.'),
    endedAt: timestampSchema('When it was ended.').nullable(),
    endReason: z
      .enum(['signed_out', 'revoked', 'refresh_reused', 'displaced'])
      .nullable()
      .meta({
        description:
          '`refresh_reused`: a refresh token was used twice. `displaced`: by newer sessions, of ' +
          'which an account has a bounded number.',
      }),
  })
  .meta({ id: 'Session' });

export const signedInSchema = z
  .strictObject({
    tokenType: z.literal('Bearer'),
    accessToken: z.string().meta({
      description: 'A JWT for the `Authorization` header; the scopes of the role `admin`.',
    }),
    accessTokenExpiresAt: timestampSchema('When the access token ends.'),
    refreshToken: z.string().meta({
      description: 'Works once, for the next pair of tokens. Shown this once; keep it secret.',
    }),
    session: sessionSchema,
  })
  .meta({ id: 'SignedIn' });

export const sessionExample = {
  id: exampleId('session'),
  accountId: exampleId('account'),
  walletId: exampleId('workspaceWallet'),
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  network: 'neo3:mainnet',
  form: 'text',
  layout: 'classic-salted',
  signingPublicKey: null,
  status: 'open',
  signedInAt: '2026-11-01T09:00:00.000Z',
  refreshedAt: '2026-11-01T09:00:00.000Z',
  expiresAt: '2026-12-01T09:00:00.000Z',
  endedAt: null,
  endReason: null,
} as const;
export const refreshTokenExample =
  'nsr_01k4j8x1e0e4r9v2m3n5p6q7rs.AAAAAAAAAAAAAAAAAAAAAA.<43 characters>';
export const signedInExample = {
  tokenType: 'Bearer',
  accessToken: '<header>.<claims>.<signature>',
  accessTokenExpiresAt: '2026-11-01T09:15:00.000Z',
  refreshToken: refreshTokenExample,
  session: sessionExample,
} as const;
