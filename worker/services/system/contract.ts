/**
 * The platform about itself: health, readiness, metrics, versions, bounds, signing keys and its own
 * documents.
 */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { requestKeySchema } from '../../http/request-key-schema.ts';
import { timestampSchema } from '../../http/schemas.ts';

const text = (description: string) => z.string().meta({ description });

export const getHealth = defineOperation({
  id: 'system.getHealth',
  method: 'get',
  path: '/healthz',
  summary: 'Is the process alive',
  description: 'Asks nothing of storage or the bridge; for that see `/readyz`.',
  access: { kind: 'public' },
  successes: [
    {
      status: 200,
      description: 'Alive.',
      schema: z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { status: 'ok' } },
});

export const getReadiness = defineOperation({
  id: 'system.getReadiness',
  method: 'get',
  path: '/readyz',
  summary: 'Can the platform serve',
  description:
    'Asks the catalogue, the objects, the bridge and the settings. Operators are told which of them failed.',
  access: { kind: 'public' },
  successes: [
    {
      status: 200,
      description: 'Ready.',
      schema: z.strictObject({ status: z.literal('ready') }).meta({ id: 'Readiness' }),
    },
  ],
  errors: ['service.not_ready'],
  idempotency: 'none',
  example: { response: { status: 'ready' } },
});

export const getMetrics = defineOperation({
  id: 'system.getMetrics',
  method: 'get',
  path: '/metrics',
  summary: 'Metrics for Prometheus',
  description: 'Prometheus text format 0.0.4. Labels are bounded sets and never ids.',
  access: { kind: 'operator' },
  successes: [
    {
      status: 200,
      description: 'Metrics.',
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {},
});

const versionSchema = z
  .strictObject({
    version: text('Of the platform (semantic versioning).'),
    apiVersion: z.literal('v1'),
    runtimeVersion: text('Of the functions runtime: what a replay needs.'),
    environment: z.enum(['development', 'staging', 'production']),
  })
  .meta({ id: 'Version' });

export const getVersion = defineOperation({
  id: 'system.getVersion',
  method: 'get',
  path: '/system/version',
  summary: 'Which version runs',
  description: 'Versions of the platform, the API and the functions runtime.',
  access: { kind: 'authenticated' },
  successes: [{ status: 200, description: 'Versions.', schema: versionSchema }],
  errors: [],
  idempotency: 'none',
  example: {
    response: {
      version: '0.1.0',
      apiVersion: 'v1',
      runtimeVersion: '1c3f8f9a41c3c1b3e2b7a0d5b6f4e8c90a1b2c3d4e5f60718293a4b5c6d7e8f9',
      environment: 'production',
    },
  },
});

const partSchema = z.strictObject({
  name: z.string().meta({
    description: '`settings`, `catalogue`, `objects`, `bridge`, or the id of a Neo network.',
  }),
  ready: z.boolean(),
});

export const getStatus = defineOperation({
  id: 'system.getStatus',
  method: 'get',
  path: '/system/status',
  summary: 'State of the parts, and who is asking',
  description: 'What `slctl login` uses to try a credential.',
  access: { kind: 'authenticated' },
  successes: [
    {
      status: 200,
      description: 'Status.',
      schema: z
        .strictObject({
          status: z.enum(['ready', 'degraded']),
          parts: z.array(partSchema),
          caller: z.strictObject({
            kind: z.enum(['operator', 'apiKey', 'session']),
            id: text('Name of the operator token, key id or session id.'),
            accountId: z.string().nullable(),
            scopes: z.array(z.string()),
            signingPublicKey: requestKeySchema.nullable().meta({
              description: 'What signatures of its requests are verified with.',
            }),
          }),
          time: timestampSchema('Now, by our clock.'),
        })
        .meta({ id: 'Status' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    response: {
      status: 'ready',
      parts: [{ name: 'catalogue', ready: true }],
      caller: { kind: 'operator', id: 'ops', accountId: null, scopes: [], signingPublicKey: null },
      time: '2026-11-01T09:00:00.000Z',
    },
  },
});

const descriptorSchema = z
  .strictObject({
    service: z.string(),
    operations: z.array(z.strictObject({ id: z.string(), method: z.string(), path: z.string() })),
  })
  .meta({ id: 'Descriptor' });

export const listDescriptors = defineOperation({
  id: 'system.listDescriptors',
  method: 'get',
  path: '/system/descriptors',
  summary: 'The services and their operations',
  description: 'Read from the contract.',
  access: { kind: 'authenticated' },
  successes: [
    {
      status: 200,
      description: 'Every service.',
      schema: z.strictObject({ items: z.array(descriptorSchema) }).meta({ id: 'DescriptorList' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    response: {
      items: [
        {
          service: 'system',
          operations: [{ id: 'system.getHealth', method: 'GET', path: '/healthz' }],
        },
      ],
    },
  },
});

const limitSchema = z
  .strictObject({
    service: z.string(),
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    reason: text('Where the number comes from.'),
  })
  .meta({ id: 'Limit' });

export const listLimits = defineOperation({
  id: 'system.listLimits',
  method: 'get',
  path: '/limits',
  summary: 'Every bound of the platform',
  description: 'Read from the same files that enforce them.',
  access: { kind: 'public' },
  successes: [
    {
      status: 200,
      description: 'Every bound.',
      schema: z.strictObject({ items: z.array(limitSchema) }).meta({ id: 'LimitList' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    response: {
      items: [
        {
          service: 'requests',
          name: 'pageSizeMax',
          value: 500,
          unit: 'items',
          reason: 'keeps a page under 1 MiB at 2 KiB an item',
        },
      ],
    },
  },
});

const signingKeySchema = z
  .strictObject({
    keyId: z.string(),
    algorithm: z.literal('ES256'),
    publicKey: z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
    }),
    firstSeenAt: timestampSchema('From when on it signed.'),
    retiredAt: timestampSchema('Until when it signed.').nullable(),
  })
  .meta({ id: 'SigningKey' });

export const listSigningKeys = defineOperation({
  id: 'system.listSigningKeys',
  method: 'get',
  path: '/system/signing-keys',
  summary: 'Public keys of our signatures',
  description:
    'The current and all past keys with their periods; receipts and audit checkpoints verify against them.',
  access: { kind: 'public' },
  successes: [
    {
      status: 200,
      description: 'Newest first.',
      schema: z.strictObject({ items: z.array(signingKeySchema) }).meta({ id: 'SigningKeyList' }),
    },
  ],
  errors: ['signing.unconfigured'],
  idempotency: 'none',
  example: {
    response: {
      items: [
        {
          keyId: 'es256-2f1c7a9be0d4463f',
          algorithm: 'ES256',
          publicKey: {
            kty: 'EC',
            crv: 'P-256',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
          firstSeenAt: '2026-11-01T09:00:00.000Z',
          retiredAt: null,
        },
      ],
    },
  },
});

const documentOperation = <const Id extends `system.${string}`, const Path extends `/${string}`>(
  id: Id,
  path: Path,
  { summary, contentType }: { readonly summary: string; readonly contentType: string },
) =>
  defineOperation({
    id,
    method: 'get',
    path,
    summary,
    description: 'Made from the contract and served by the platform itself.',
    access: { kind: 'public' },
    successes: [{ status: 200, description: summary, contentType }],
    errors: [],
    idempotency: 'none',
    example: {},
  });

const HTML = 'text/html; charset=utf-8';
export const getDocs = documentOperation('system.getDocs', '/docs', {
  summary: 'The reference, for reading',
  contentType: HTML,
});
export const getErrorDocs = documentOperation('system.getErrorDocs', '/docs/errors', {
  summary: 'Every error code, for reading',
  contentType: HTML,
});
export const getDocsStyle = documentOperation('system.getDocsStyle', '/docs/reference.css', {
  summary: 'The style of the reference',
  contentType: 'text/css; charset=utf-8',
});
export const getOpenapi = documentOperation('system.getOpenapi', '/openapi.json', {
  summary: 'The OpenAPI 3.1 document',
  contentType: 'application/json',
});

export const systemOperations = [
  getHealth,
  getReadiness,
  getMetrics,
  getVersion,
  getStatus,
  listDescriptors,
  listLimits,
  listSigningKeys,
  getDocs,
  getErrorDocs,
  getDocsStyle,
  getOpenapi,
] as const;
