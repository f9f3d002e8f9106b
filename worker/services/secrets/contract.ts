/**
 * Secrets of an account. Values go in and never come out of any API: only functions that a secret
 * is granted to receive them. Names are case-sensitive, and the versions of a name are counted on
 * even after the secret was deleted.
 */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

/**
 * Names that every object has already: `secrets.constructor` would be a function, granted or not.
 */
const RESERVED_NAMES = ['__proto__', 'constructor', 'prototype'];
const NAME_FORM = new RegExp(`^[A-Za-z_][A-Za-z0-9_.-]{0,${LIMITS.secretNameCharsMax.value - 1}}$`);

const nameSchema = z
  .string()
  .regex(NAME_FORM, 'must be letters, digits, `_`, `-` and `.`, a letter or `_` first')
  .refine((name) => !RESERVED_NAMES.includes(name), 'is a reserved name')
  .meta({ description: 'Its name in functions; case-sensitive.', example: 'webhookToken' });

/** A lone surrogate has no UTF-8: it would be stored as another text than was given. */
const valueSchema = z
  .string()
  .min(1)
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
  .meta({
    description:
      `The value, at most ${LIMITS.secretValueBytesMax.value} bytes of UTF-8. It is sealed and ` +
      'never shown again.',
  });

const grantsSchema = z
  .array(idSchema('function', 'A function.'))
  .max(LIMITS.secretGrantsMax.value)
  .meta({ description: 'The functions that may read the secret, if they also name it.' });

const maxAgeSchema = z
  .int()
  .min(1)
  .max(LIMITS.secretMaxAgeDaysMax.value)
  .meta({
    description:
      'After so many days a version is due for rotation: events `secret.rotation_upcoming` 30, ' +
      '7 and 1 days before, `secret.rotation_due` once then. It stays usable.',
  });

const params = z.strictObject({ accountId: accountIdSchema });
const secretParams = z.strictObject({ accountId: accountIdSchema, name: nameSchema });

export const secretSchema = z
  .strictObject({
    id: idSchema('secret', 'The secret.'),
    name: z.string(),
    version: z.int().min(1).meta({ description: 'The current version.' }),
    grants: z.array(z.string()).meta({ description: 'Functions that may read it.' }),
    maxAgeDays: z.int().nullable(),
    rotatedAt: timestampSchema('When the current version was made.'),
    rotationDueAt: timestampSchema('When it reaches its maximum age.').nullable(),
    createdBy: z
      .string()
      .meta({ description: 'A key id, or `operator:` and the name of a token.' }),
    createdAt: timestampSchema('When the secret was made.'),
    updatedAt: timestampSchema('When it was last changed.'),
  })
  .meta({ id: 'Secret' });

export const secretVersionSchema = z
  .strictObject({
    version: z.int().min(1),
    status: z.enum(['current', 'grace', 'ended']).meta({
      description: '`grace`: replaced, and still opens for replays until `usableUntil`.',
    }),
    createdBy: z.string(),
    createdAt: timestampSchema('When it was made.'),
    usableUntil: timestampSchema('When it ends, or ended.').nullable(),
    erasedAt: timestampSchema('When its value was erased.').nullable(),
  })
  .meta({ id: 'SecretVersion' });

const example = {
  id: exampleId('secret'),
  name: 'webhookToken',
  version: 1,
  grants: [exampleId('function')],
  maxAgeDays: 90,
  rotatedAt: '2026-11-01T09:00:00.000Z',
  rotationDueAt: '2027-01-30T09:00:00.000Z',
  createdBy: exampleId('apiKey'),
  createdAt: '2026-11-01T09:00:00.000Z',
  updatedAt: '2026-11-01T09:00:00.000Z',
} as const;
const accountId = exampleId('account');
const exampleParams = { accountId, name: example.name };
const one = { schema: secretSchema, etag: true } as const;
const bodyBytesMax = LIMITS.secretBodyBytesMax.value;

/** What storing a value can fail with. */
const sealingErrors = [
  'secrets.value_too_large',
  'secrets.encryption_unconfigured',
  'secrets.undecryptable',
] as const;

export const createSecret = defineOperation({
  id: 'secrets.createSecret',
  method: 'post',
  path: '/accounts/{accountId}/secrets',
  summary: 'Store a secret',
  description:
    'Seals the value under the key of the account. Giving `grants` needs the scope ' +
    '`secrets:grant` too. A name that was deleted may be used again; its versions are counted ' +
    'on.',
  access: { kind: 'account', scope: 'secrets:write' },
  params,
  body: z.strictObject({
    name: nameSchema,
    value: valueSchema,
    maxAgeDays: maxAgeSchema.optional(),
    grants: grantsSchema.optional(),
  }),
  bodyBytesMax,
  successes: [{ status: 201, description: 'The secret, without its value.', ...one }],
  errors: ['quota.exceeded', 'secrets.name_taken', ...sealingErrors],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: { name: example.name, value: 'correct horse battery staple', maxAgeDays: 90 },
    response: { ...example, grants: [] },
  },
});

export const listSecrets = defineOperation({
  id: 'secrets.listSecrets',
  method: 'get',
  path: '/accounts/{accountId}/secrets',
  summary: 'List secrets',
  description: 'Newest first, without values.',
  access: { kind: 'account', scope: 'secrets:read' },
  params,
  query: z.strictObject({
    ...pageQuery,
    name: z.string().max(LIMITS.secretNameCharsMax.value).optional().meta({
      description: 'Only secrets whose name holds this text, in any case.',
    }),
    functionId: idSchema('function', 'Only secrets granted to this function.').optional(),
    dueBefore: z.iso.datetime({ offset: true }).optional().meta({
      description: 'Only secrets that reach their maximum age before this time.',
    }),
  }),
  successes: [
    { status: 200, description: 'A page of secrets.', schema: pageOf(secretSchema, 'SecretPage') },
  ],
  errors: [],
  idempotency: 'none',
  example: { params: { accountId }, response: { items: [example], nextCursor: null } },
});

export const getSecret = defineOperation({
  id: 'secrets.getSecret',
  method: 'get',
  path: '/accounts/{accountId}/secrets/{name}',
  summary: 'Read about a secret',
  description: 'Everything but its value.',
  access: { kind: 'account', scope: 'secrets:read' },
  params: secretParams,
  successes: [{ status: 200, description: 'The secret, without its value.', ...one }],
  errors: [],
  idempotency: 'none',
  example: { params: exampleParams, response: example },
});

export const updateSecret = defineOperation({
  id: 'secrets.updateSecret',
  method: 'put',
  path: '/accounts/{accountId}/secrets/{name}',
  summary: 'Replace the value of a secret',
  description:
    'Makes a new version, which functions receive from now on. The older one opens for ' +
    'replays of earlier executions during `graceSeconds` and is then erased; at most ' +
    `${LIMITS.secretVersionsUsableMax.value} versions are kept, the oldest end first. Grants ` +
    'stay.',
  access: { kind: 'account', scope: 'secrets:write' },
  params: secretParams,
  body: z.strictObject({
    value: valueSchema,
    graceSeconds: z
      .int()
      .min(0)
      .max(LIMITS.secretGraceHoursMax.value * 3600)
      .default(0)
      .meta({ description: 'How long the older version opens; 0 erases it at once.' }),
  }),
  bodyBytesMax,
  successes: [{ status: 200, description: 'The secret with its new version.', ...one }],
  errors: sealingErrors,
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    body: { value: 'an even better one', graceSeconds: 3600 },
    response: { ...example, version: 2 },
  },
});

export const updateSettings = defineOperation({
  id: 'secrets.updateSettings',
  method: 'patch',
  path: '/accounts/{accountId}/secrets/{name}',
  summary: 'Change the settings of a secret',
  description: 'Sets the maximum age, or with null takes it away. The value stays as it is.',
  access: { kind: 'account', scope: 'secrets:write' },
  params: secretParams,
  body: z.strictObject({ maxAgeDays: maxAgeSchema.nullable() }),
  successes: [{ status: 200, description: 'The changed secret.', ...one }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: exampleParams, body: { maxAgeDays: 90 }, response: example },
});

export const deleteSecret = defineOperation({
  id: 'secrets.deleteSecret',
  method: 'delete',
  path: '/accounts/{accountId}/secrets/{name}',
  summary: 'Delete a secret',
  description: 'Erases all its values at once. Functions that name it are refused from now on.',
  access: { kind: 'account', scope: 'secrets:write' },
  params: secretParams,
  successes: [{ status: 204, description: 'Deleted.' }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: { params: exampleParams },
});

export const listVersions = defineOperation({
  id: 'secrets.listVersions',
  method: 'get',
  path: '/accounts/{accountId}/secrets/{name}/versions',
  summary: 'List the versions of a secret',
  description: 'Newest first, without values. A version number is never used twice.',
  access: { kind: 'account', scope: 'secrets:read' },
  params: secretParams,
  query: z.strictObject(pageQuery),
  successes: [
    {
      status: 200,
      description: 'A page of versions.',
      schema: pageOf(secretVersionSchema, 'SecretVersionPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: exampleParams,
    response: {
      items: [
        {
          version: 1,
          status: 'current',
          createdBy: example.createdBy,
          createdAt: example.createdAt,
          usableUntil: null,
          erasedAt: null,
        },
      ],
      nextCursor: null,
    },
  },
});

export const setGrants = defineOperation({
  id: 'secrets.setGrants',
  method: 'put',
  path: '/accounts/{accountId}/secrets/{name}/grants',
  summary: 'Choose the functions that may read a secret',
  description:
    'Replaces the whole list. A function receives the secret only if it is in the list and ' +
    'names the secret itself.',
  access: { kind: 'account', scope: 'secrets:grant' },
  params: secretParams,
  body: z.strictObject({ functionIds: grantsSchema }),
  successes: [{ status: 200, description: 'The secret with its grants.', ...one }],
  errors: [],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    body: { functionIds: example.grants },
    response: example,
  },
});

export const rewrapKeys = defineOperation({
  id: 'secrets.rewrapKeys',
  method: 'post',
  path: '/operator/secrets/rewrap',
  summary: 'Wrap data keys under the current master key',
  description:
    'One bounded step over the data keys of all accounts; go on with `nextCursor` until it is ' +
    'null. Safe to stop and to repeat. Set the older master key as ' +
    '`SECRET_ENCRYPTION_KEY_PREVIOUS` before the first step, and remove it a minute or more ' +
    'after the last one found nothing `undecryptable`.',
  access: { kind: 'operator' },
  body: z.strictObject({
    limit: z.int().min(1).max(LIMITS.secretRewrapAccountsMax.value).default(25).meta({
      description: 'Data keys to look at in this step.',
    }),
    cursor: z.string().min(1).max(512).optional().meta({
      description: '`nextCursor` of the step before; absent for the first step.',
    }),
  }),
  successes: [
    {
      status: 200,
      description: 'What the step did.',
      schema: z
        .strictObject({
          checked: z.int().min(0),
          rewrapped: z.int().min(0).meta({ description: 'The others were up to date.' }),
          undecryptable: z.array(z.string()).meta({
            description:
              'Accounts whose key neither master key opens (`platform`: of its own wallets); they were ' +
              'left as they are.',
          }),
          nextCursor: z.string().nullable().meta({ description: 'Null after the last step.' }),
        })
        .meta({ id: 'SecretRewrap' }),
    },
  ],
  errors: ['secrets.encryption_unconfigured'],
  idempotency: 'catalogue',
  example: {
    body: { limit: 25 },
    response: { checked: 25, rewrapped: 25, undecryptable: [], nextCursor: null },
  },
});

export const secretOperations = [
  createSecret,
  listSecrets,
  getSecret,
  updateSecret,
  updateSettings,
  deleteSecret,
  listVersions,
  setGrants,
  rewrapKeys,
] as const;
