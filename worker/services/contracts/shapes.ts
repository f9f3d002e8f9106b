/** Schemas and examples that several operations on contracts have. */
import * as z from 'zod';
import { accountIdSchema, exampleId, idSchema, timestampSchema } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

export const NETWORK = 'neo3:private';
const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const TIME = '2026-11-01T09:00:00.000Z';

const contractIdSchema = idSchema('contract', 'The registered contract.');
export const contractParams = z.strictObject({
  accountId: accountIdSchema,
  contractId: contractIdSchema,
});

export const scriptHashSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'is not 0x and 40 hexadecimal digits')
  .meta({ description: 'Its hash, as explorers show it.', example: GAS });

export const contractSchema = z
  .strictObject({
    id: contractIdSchema,
    network: z.string().meta({ description: 'CAIP-2 id.' }),
    networkMagic: z.int(),
    scriptHash: z.string().meta({ description: 'As explorers show it.' }),
    label: z.string().nullable(),
    standing: z.enum(['pending', 'deployed', 'absent']).meta({
      description:
        '`pending`: deployed from here, and not in a block that a node shows. `absent`: the ' +
        'network has it no more.',
    }),
    name: z.string().meta({
      description: `As its author calls it, cut at ${LIMITS.contractNameKeptCharsMax.value} characters.`,
    }),
    updateCounter: z.int().min(0).meta({ description: 'How often its code was replaced.' }),
    nefChecksum: z.int().min(0).meta({ description: 'Of its NEF file, 32 bits.' }),
    supportedStandards: z
      .array(z.string())
      .max(LIMITS.contractStandardsKeptMax.value)
      .meta({ description: 'Its own claim, e.g. `NEP-17`.' }),
    deploymentTransactionId: z.string().nullable().meta({
      description: 'The transaction that deploys it, if it was deployed from here.',
    }),
    createdAt: timestampSchema('When it was registered.'),
    readAt: timestampSchema('When a node told the above; null while none has.').nullable(),
  })
  .meta({ id: 'Contract' });

export const contractExample = {
  id: exampleId('contract'),
  network: NETWORK,
  networkMagic: 56_753,
  scriptHash: GAS,
  label: 'gas',
  standing: 'deployed',
  name: 'GasToken',
  updateCounter: 0,
  nefChecksum: 2_663_858_513,
  supportedStandards: ['NEP-17'],
  deploymentTransactionId: null,
  createdAt: TIME,
  readAt: TIME,
} as const;

export const manifestExample = {
  name: 'GasToken',
  groups: [],
  features: {},
  supportedstandards: ['NEP-17'],
  abi: {
    methods: [{ name: 'decimals', parameters: [], returntype: 'Integer', offset: 14, safe: true }],
    events: [],
  },
  permissions: [{ contract: '*', methods: '*' }],
  trusts: [],
  extra: null,
} as const;

/** Of calls by the contract's own manifest. */
export const methodFields = {
  method: z.string().min(1).max(LIMITS.contractMethodCharsMax.value).meta({
    description: 'Name of a method of the manifest.',
  }),
  args: z
    .array(z.unknown())
    .max(LIMITS.contractArgsMax.value)
    .default([])
    .meta({ description: 'Contract parameters, `{"type", "value"}` as JSON-RPC has them.' }),
} as const;
