/** The shapes of functions on the wire; contract.ts says which operation takes and answers which. */
import * as z from 'zod';
import { parseCanonicalJson } from '../../core/canonical-json.ts';
import { chainFixtureSchema } from '../../core/functions-runtime/chain-fixtures.ts';
import { LIMITS as RUN_LIMITS } from '../../core/functions-runtime/limits.ts';
import { DEVPACK_MODULES } from '../../core/functions-runtime/permissions.ts';
import {
  accountIdSchema,
  exampleId,
  idSchema,
  labelSchema,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

const functionIdSchema = idSchema('function', 'The function.');
const versionIdSchema = idSchema('functionVersion', 'The version.');

export const accountParams = z.strictObject({ accountId: accountIdSchema });
export const functionParams = z.strictObject({
  accountId: accountIdSchema,
  functionId: functionIdSchema,
});
export const versionParams = functionParams.extend({ versionId: versionIdSchema });

const hostSchema = z
  .string()
  .max(253)
  .regex(
    /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$|^[a-z0-9.-]+:\d{1,5}$/,
    'is not a host name like api.example.com or *.example.com',
  );

const permissionsSchema = z
  .strictObject({
    modules: z.array(z.enum(DEVPACK_MODULES)).max(DEVPACK_MODULES.length).optional().meta({
      description:
        'Devpack modules it may use; absent: every one there is when the version is made.',
    }),
    httpHosts: z.array(hostSchema).max(LIMITS.functionHttpHostsMax.value).optional().meta({
      description: 'Hosts it may call with Devpack.http; absent: none.',
    }),
  })
  .meta({ id: 'FunctionPermissions' });

const limitsSchema = z
  .strictObject({
    fuel: z.int().min(1_000_000).max(RUN_LIMITS.fuelMax.value).optional().meta({
      description: 'Computing, in fuel; one run can burn no more.',
    }),
    memoryBytes: z
      .int()
      .min(RUN_LIMITS.memoryBytesMin.value)
      .max(RUN_LIMITS.memoryBytesMax.value)
      .optional()
      .meta({ description: 'The linear memory of a run.' }),
  })
  .meta({ id: 'FunctionLimits' });

const jsonObject = z.record(z.string(), z.json());
const nameSchema = z
  .string()
  .min(1)
  .max(LIMITS.functionNameCharsMax.value)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, dots, dashes and underscores')
  .meta({ description: 'Unique among the functions of the account.' });
const isWellFormed = (text: string): boolean => text.isWellFormed();
const sourceSchema = z
  .string()
  .min(1)
  // It has no UTF-8 form, so that nothing could be hashed or stored as it came.
  .refine(isWellFormed, 'holds a lone surrogate')
  .refine(
    (source) => new TextEncoder().encode(source).byteLength <= LIMITS.functionSourceBytesMax.value,
    `must be at most ${LIMITS.functionSourceBytesMax.value} bytes of UTF-8`,
  )
  .meta({
    description:
      'An expression that evaluates to `(params, secrets) => ...`, or an ES module with `export default`.',
  });

const inputSchemaSchema = jsonObject.superRefine((schema, context) => {
  const canonical = parseCanonicalJson(schema);
  const bytesMax = LIMITS.functionInputSchemaBytesMax.value;
  if (!canonical.ok) context.addIssue({ code: 'custom', message: 'holds a lone surrogate' });
  else if (canonical.value.length > bytesMax)
    context.addIssue({ code: 'custom', message: `must be at most ${bytesMax} bytes of JSON` });
});

const configuration = {
  secrets: z
    // Of any name, since it need not exist yet; refusals repeat it in answers and in the audit log.
    .array(labelSchema(64, 'The name of a secret.'))
    .max(LIMITS.functionSecretsMax.value)
    .refine((names) => new Set(names).size === names.length, 'names a secret twice')
    .optional()
    .meta({ description: 'Secrets it reads; each must also be granted to it.' }),
  permissions: permissionsSchema.optional(),
  limits: limitsSchema.optional(),
  inputSchema: inputSchemaSchema.nullable().optional().meta({
    description: 'JSON Schema 2020-12 that params must satisfy; null or absent: anything.',
  }),
};

const descriptionSchema = labelSchema(LIMITS.functionDescriptionCharsMax.value, 'For people.');

export const createBody = z.strictObject({
  name: nameSchema,
  description: descriptionSchema.optional(),
  runtime: z.string().max(32).default('javascript').meta({ description: '`javascript`.' }),
  source: sourceSchema,
  ...configuration,
});

export const updateBody = z.strictObject({
  name: nameSchema.optional(),
  description: descriptionSchema.nullable().optional(),
  source: sourceSchema.optional(),
  ...configuration,
  deploy: z.boolean().default(false).meta({
    description: 'Make the new version the active one in the same step.',
  }),
});

const usesSchema = z
  .strictObject({
    modules: z.array(z.string()).meta({ description: 'Devpack modules the source names.' }),
    http: z.boolean().meta({ description: 'Whether it names Devpack.http.' }),
    httpHosts: z
      .array(z.string())
      .meta({ description: 'Hosts of the URLs written in the source.' }),
    refused: z.array(z.string()).meta({
      description: 'Of these, what the permissions will refuse at run time.',
    }),
  })
  .meta({ id: 'FunctionUses' });

const versionFields = {
  id: versionIdSchema,
  number: z.int().min(1),
  state: z.enum(['validating', 'ready', 'failed']),
  failure: z.string().nullable().meta({ description: 'Why validation failed.' }),
  codeHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({
      description: 'SHA-256 of the canonical JSON of source and configuration.',
    }),
  entryForm: z.enum(['expression', 'module']),
  sourceBytes: z.int().min(1),
  secrets: z.array(z.string()),
  permissions: permissionsSchema,
  limits: limitsSchema,
  inputSchema: jsonObject.nullable(),
  uses: usesSchema,
  runtimeVersion: z.string().meta({ description: 'The runtime it was last validated against.' }),
  createdAt: timestampSchema('When the version was made.'),
  createdBy: z.string(),
};
export const versionSchema = z.strictObject(versionFields).meta({ id: 'FunctionVersion' });

export const functionSchema = z
  .strictObject({
    id: functionIdSchema,
    name: z.string(),
    description: z.string().nullable(),
    runtime: z.literal('javascript'),
    activeVersion: versionSchema.nullable(),
    latestVersion: versionSchema.meta({ description: 'The newest version, deployed or not.' }),
    createdAt: timestampSchema('When the function was made.'),
    updatedAt: timestampSchema('When it was last changed.'),
  })
  .meta({ id: 'Function' });

export const versionExample = {
  id: exampleId('functionVersion'),
  number: 1,
  state: 'ready',
  failure: null,
  codeHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  entryForm: 'expression',
  sourceBytes: 43,
  secrets: [],
  permissions: { modules: ['oracle'] },
  limits: {},
  inputSchema: null,
  uses: { modules: [], http: false, httpHosts: [], refused: [] },
  runtimeVersion: '1c3f8f9a41c3c1b3e2b7a0d5b6f4e8c90a1b2c3d4e5f60718293a4b5c6d7e8f9',
  createdAt: '2026-11-01T09:00:00.000Z',
  createdBy: 'operator:ops',
} as const;

export const functionExample = {
  id: exampleId('function'),
  name: 'price-alert',
  description: null,
  runtime: 'javascript',
  activeVersion: versionExample,
  latestVersion: versionExample,
  createdAt: '2026-11-01T09:00:00.000Z',
  updatedAt: '2026-11-01T09:00:00.000Z',
} as const;

/** An answer for one HTTP call of a test run; matched by method and URL, in order. */
const fixtureSchema = z
  .strictObject({
    method: z.string().max(16).default('GET'),
    url: z.url(),
    status: z.int().min(200).max(599).default(200),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().max(262_144).default(''),
  })
  .meta({ id: 'HttpFixture' });

export const testBody = z.strictObject({
  versionId: versionIdSchema.optional().meta({ description: 'Absent: the active version.' }),
  params: z.json().optional().meta({ description: 'What the function receives.' }),
  secrets: z
    .record(z.string().min(1).max(64), z.string().max(65_536))
    .optional()
    .meta({ description: 'Values for this test only.' }),
  fixtures: z.array(fixtureSchema).max(20).optional(),
  chainFixtures: z
    .array(chainFixtureSchema.meta({ id: 'ChainFixture' }))
    .max(RUN_LIMITS.chainReadsMax.value)
    .optional()
    .meta({ description: 'Answers for reads of `Devpack.chain`, each given once.' }),
  allowNetwork: z.boolean().default(false).meta({
    description: 'Let calls that no fixture answers reach the network, under the permissions.',
  }),
});

const errorSchema = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    line: z.int().optional(),
    column: z.int().optional(),
  })
  .meta({ id: 'ExecutionError' });

const logSchema = z
  .strictObject({ level: z.string(), message: z.string() })
  .meta({ id: 'LogLine' });

export const testResultSchema = z
  .strictObject({
    status: z.enum(['succeeded', 'failed']),
    output: z.json().nullable(),
    error: errorSchema.nullable(),
    logs: z.array(logSchema),
    plannedActions: z.array(z.strictObject({ type: z.string(), params: z.json() })),
    httpCalls: z.int().min(0),
    chainReads: z.int().min(0),
    fuel: z.int().min(0),
    cost: z
      .strictObject({
        monthlyFuelShare: z.number().min(0).meta({
          description: 'The part of the monthly fuel quota that a run like this takes.',
        }),
        runsPerMonth: z.int().min(0).meta({
          description: 'How many runs like this the monthly quotas allow.',
        }),
      })
      .meta({ description: 'What such a run costs, as an estimate from this one.' }),
    memoryBytes: z.int().min(0),
    runtimeVersion: z.string(),
  })
  .meta({ id: 'FunctionTest' });

const runCounts = {
  runs: z.int().min(0),
  failures: z.int().min(0),
  fuel: z.number().min(0),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
};
export const statsSchema = z
  .strictObject({
    ...runCounts,
    periods: z.array(
      z.strictObject({ from: timestampSchema('Start of the period.'), ...runCounts }),
    ),
  })
  .meta({ id: 'FunctionStats' });
