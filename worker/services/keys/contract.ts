/** API keys of an account: scoped, never wider or longer-lived than their creator, shown once. */
import * as z from 'zod';
import { ROLES, SCOPES } from '../../core/access.ts';
import { LIMITS as SPONSORED } from '../../core/sponsorships/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { requestKeySchema } from '../../http/request-key-schema.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  labelSchema,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

const keyIdSchema = idSchema('apiKey', 'The key.');
const params = z.strictObject({ accountId: accountIdSchema });
const keyParams = z.strictObject({ accountId: accountIdSchema, keyId: keyIdSchema });
const scopesSchema = z.array(z.enum(SCOPES)).meta({
  description: 'What the key may do. A key gives no scope it does not have itself.',
});
const roleNames = Object.keys(ROLES) as [keyof typeof ROLES, ...(keyof typeof ROLES)[]];

const keyFields = {
  id: keyIdSchema,
  name: z.string(),
  scopes: scopesSchema,
  signingPublicKey: requestKeySchema.nullable().meta({
    description: "The Ed25519 key that its requests' signatures are verified with.",
  }),
  publishable: z
    .strictObject({
      policyId: idSchema('sponsorshipPolicy', 'The sponsorship policy it is bound to.'),
      origins: z.array(z.string()),
    })
    .nullable()
    .meta({ description: 'Of a key for browsers, which is no secret; null for all others.' }),
  status: z.enum(['active', 'expiring', 'expired', 'revoked']).meta({
    description: '`expiring` while a rotated key overlaps with its successor.',
  }),
  createdBy: z.string().meta({ description: 'A key id, or `operator:` and the name of a token.' }),
  createdAt: timestampSchema('When the key was made.'),
  expiresAt: timestampSchema('When it ends by itself.').nullable(),
  revokedAt: timestampSchema('When it was, or will be, revoked.').nullable(),
  lastUsedAt: timestampSchema('Exact to a minute.').nullable(),
  rotatedTo: keyIdSchema.nullable(),
};
export const keySchema = z.strictObject(keyFields).meta({ id: 'ApiKey' });
const shownKeySchema = z
  .strictObject({
    ...keyFields,
    key: z.string().meta({ description: 'The key itself. It is shown this once and never again.' }),
  })
  .meta({ id: 'ShownApiKey' });

const example = {
  id: exampleId('apiKey'),
  name: 'backend',
  scopes: ['functions:read', 'functions:execute'],
  signingPublicKey: null,
  publishable: null,
  status: 'active',
  createdBy: 'operator:ops',
  createdAt: '2026-11-01T09:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  rotatedTo: null,
} as const;
const shownExample = {
  ...example,
  key: 'nsl_dev_01k4j8x1e0e4r9v2m3n5p6q7rs_<43 characters>_<8 characters>',
};
const accountId = exampleId('account');

export const createKey = defineOperation({
  id: 'keys.createKey',
  method: 'post',
  path: '/accounts/{accountId}/keys',
  summary: 'Make an API key',
  description:
    'Give `scopes`, or a `role` as a named set of them. The key is in this answer only; we keep its hash.',
  access: { kind: 'account', scope: 'keys:write' },
  params,
  body: z
    .strictObject({
      name: labelSchema(LIMITS.keyNameCharsMax.value, 'A name for people.'),
      scopes: scopesSchema.min(1).optional(),
      role: z.enum(roleNames).optional().meta({
        description: 'viewer: all reads; developer: also functions and secrets; admin: everything.',
      }),
      expiresInSeconds: z
        .int()
        .min(60)
        .max(LIMITS.keyLifetimeDaysMax.value * 86_400)
        .optional()
        .meta({ description: 'Absent: as long as its creator.' }),
      signingPublicKey: requestKeySchema.optional(),
    })
    .refine((body) => (body.scopes === undefined) !== (body.role === undefined), {
      message: 'give either scopes or a role',
      path: ['scopes'],
    }),
  successes: [
    { status: 201, description: 'The key, shown once.', schema: shownKeySchema, etag: true },
  ],
  errors: ['quota.exceeded', 'keys.wider_than_creator'],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { name: 'backend', scopes: example.scopes },
    response: shownExample,
  },
});

export const createPublishableKey = defineOperation({
  id: 'keys.createPublishableKey',
  method: 'post',
  path: '/accounts/{accountId}/keys/publishable',
  summary: 'Make a key for browsers',
  description:
    'It may stand in a page: it has the scope `sponsorships:create` alone, for one sponsorship ' +
    'policy, and works only with an `Origin` that is listed. It is no secret, and an origin can be ' +
    'forged outside of browsers: what it can cost is bounded by the policy.',
  access: { kind: 'account', scope: 'keys:write' },
  params,
  body: z.strictObject({
    name: labelSchema(LIMITS.keyNameCharsMax.value, 'A name for people.'),
    policyId: idSchema('sponsorshipPolicy', 'The sponsorship policy it asks under.'),
    origins: z
      .array(z.string().max(300))
      .min(1)
      .max(SPONSORED.sponsoredOriginsMax.value)
      .meta({ description: 'Sites as browsers name them: `https://app.example.com`.' }),
    expiresInSeconds: z
      .int()
      .min(60)
      .max(LIMITS.keyLifetimeDaysMax.value * 86_400)
      .optional()
      .meta({ description: 'Absent: as long as its creator.' }),
  }),
  successes: [{ status: 201, description: 'The key.', schema: shownKeySchema, etag: true }],
  errors: ['quota.exceeded', 'keys.wider_than_creator'],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      name: 'game in the browser',
      policyId: exampleId('sponsorshipPolicy'),
      origins: ['https://game.example.com'],
    },
    response: {
      ...shownExample,
      name: 'game in the browser',
      scopes: ['sponsorships:create'],
      publishable: {
        policyId: exampleId('sponsorshipPolicy'),
        origins: ['https://game.example.com'],
      },
    },
  },
});

export const listKeys = defineOperation({
  id: 'keys.listKeys',
  method: 'get',
  path: '/accounts/{accountId}/keys',
  summary: 'List API keys',
  description: 'Newest first, without the keys themselves.',
  access: { kind: 'account', scope: 'keys:read' },
  params,
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['usable', 'ended']).optional().meta({
      description: 'Only keys that work now, or only those that do not.',
    }),
  }),
  successes: [
    { status: 200, description: 'A page of keys.', schema: pageOf(keySchema, 'ApiKeyPage') },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [example], nextCursor: null } },
});

export const getKey = defineOperation({
  id: 'keys.getKey',
  method: 'get',
  path: '/accounts/{accountId}/keys/{keyId}',
  summary: 'Read an API key',
  description: 'What it may do and when it was last used.',
  access: { kind: 'account', scope: 'keys:read' },
  params: keyParams,
  successes: [{ status: 200, description: 'The key.', schema: keySchema, etag: true }],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId, keyId: example.id }, response: example },
});

export const rotateKey = defineOperation({
  id: 'keys.rotateKey',
  method: 'post',
  path: '/accounts/{accountId}/keys/{keyId}/rotate',
  summary: 'Replace an API key',
  description:
    'Makes a successor with the same scopes and expiry. The old key goes on for the overlap, then it is revoked.',
  access: { kind: 'account', scope: 'keys:write' },
  params: keyParams,
  body: z.strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(LIMITS.keyRotationOverlapHoursMax.value * 3600)
      .default(0)
      .meta({ description: 'How long both keys work.' }),
    signingPublicKey: requestKeySchema.optional().meta({
      description: 'Absent: the successor has the key for signatures of the one it replaces.',
    }),
  }),
  successes: [
    { status: 201, description: 'The successor, shown once.', schema: shownKeySchema, etag: true },
  ],
  errors: ['quota.exceeded', 'keys.wider_than_creator', 'keys.ended'],
  idempotency: 'catalogue',
  example: {
    params: { accountId, keyId: example.id },
    body: { overlapSeconds: 3600 },
    response: shownExample,
  },
});

export const revokeKey = defineOperation({
  id: 'keys.revokeKey',
  method: 'delete',
  path: '/accounts/{accountId}/keys/{keyId}',
  summary: 'Revoke an API key',
  description:
    'The key is refused everywhere within 30 seconds. Revoking it again changes nothing.',
  // A leaked key must always be endable, also by a caller who has lost what signs.
  access: { kind: 'account', scope: 'keys:write', signature: 'never' },
  params: keyParams,
  successes: [{ status: 204, description: 'Revoked.' }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: { accountId, keyId: example.id } },
});

export const keyOperations = [
  createKey,
  createPublishableKey,
  listKeys,
  getKey,
  rotateKey,
  revokeKey,
] as const;
