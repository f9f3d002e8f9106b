/**
 * Proofs of the gas bank: what the platform owes and holds at a height, signed and for everybody;
 * and for each account, that its own balance is in the total. Operators see what could not be
 * proven, and why.
 */
import * as z from 'zod';
import { signatureSchema } from '../../core/crypto/signature.ts';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { inclusionSchema } from '../../core/proofs/inclusion.ts';
import { statementSchema } from '../../core/proofs/statement.ts';
import { gasSum } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import {
  ANCHOR_REASONS,
  ANCHOR_STATUSES,
  CHECKPOINT_REASONS,
  CHECKPOINT_STATUSES,
} from './words.ts';

const NETWORK = 'neo3:private';
const TIME = '2026-11-01T09:00:00.000Z';
const ADDRESS = `0x${'a1'.repeat(20)}`;
const accountId = exampleId('account');

const network = networkIdSchema.meta({ description: 'CAIP-2 id of a network.', example: NETWORK });
const height = z.int().min(0).max(0xffff_ffff).meta({ description: 'Of the block.' });
const heightInPath = z.coerce
  .number()
  .int()
  .min(0)
  .max(0xffff_ffff)
  .meta({ description: 'Height of a checkpoint.', example: '7' });

const reason = z
  .enum(CHECKPOINT_REASONS)
  .nullable()
  .meta({
    description:
      'Why it is not proven. `assets_differ`: the chain has another amount. `other_books_differ`, ' +
      '`book_unbalanced`: the books contradict each other. `state_not_kept`, ' +
      '`historic_calls_unsupported`, `nodes_disagree`, `nodes_unreachable`: nodes do not tell what ' +
      'the chain had. `address_watched_later`, `too_many_books`: it cannot be told here.',
  });
const cutAt = timestampSchema('When the books were cut.').nullable();

const summarySchema = z
  .strictObject({
    network,
    height,
    status: z.enum(['proven', 'failed', 'unprovable']).meta({
      description:
        '`failed`: books and chain differ; the vault pays nothing until a later one is proven. ' +
        '`unprovable`: nodes do not tell what the chain had.',
    }),
    reason,
    cutAt,
  })
  .meta({ id: 'ProofSummary' });
const summaryExample = {
  network: NETWORK,
  height: 7,
  status: 'proven',
  reason: null,
  cutAt: TIME,
} as const;

const statementExample = {
  formatVersion: 1,
  network: NETWORK,
  networkMagic: 56_753,
  height: 7,
  cutAt: TIME,
  assets: [{ address: ADDRESS, amount: '12.5' }],
  liabilities: [
    { heading: 'customers/available', amount: '12' },
    { heading: 'customers/reserved', amount: '0' },
    { heading: 'customers/in_transit', amount: '0' },
    { heading: 'customers/spent', amount: '0.5' },
    { heading: 'other_books', amount: '0' },
  ],
  tree: { root: '5e'.repeat(32), sum: '12', leaves: 4 },
} as const;
const signatureExample = {
  algorithm: 'ES256',
  keyId: '0123456789abcdef',
  value: 'A'.repeat(86),
  attested: false,
} as const;

const anchorSchema = z
  .strictObject({
    status: z.enum(ANCHOR_STATUSES).meta({
      description:
        '`pending`, `sent`: on its way. `anchored`: the transaction halted on the chain. `failed`: ' +
        'it is not tried again; the proof holds without it.',
    }),
    reason: z
      .enum(ANCHOR_REASONS)
      .nullable()
      .meta({ description: 'Why it has failed, or why the last attempt did not succeed.' }),
    transactionHash: z
      .string()
      .nullable()
      .meta({ description: 'Once it is in a block. Its script is the record and nothing else.' }),
    blockIndex: z.int().min(0).nullable().meta({ description: 'The height of that block.' }),
  })
  .meta({ id: 'ProofAnchor' });
const anchorExample = {
  status: 'anchored',
  reason: null,
  transactionHash: `0x${'4e'.repeat(32)}`,
  blockIndex: 9,
} as const;

const proofSchema = z
  .strictObject({
    ...summarySchema.shape,
    statement: statementSchema,
    signature: signatureSchema,
    anchor: anchorSchema.nullable().meta({
      description:
        'What became of writing magic, height, root and sum on the chain; null without a wallet ' +
        'for that, and for what is not proven.',
    }),
  })
  .meta({ id: 'Proof' });

export const listProofs = defineOperation({
  id: 'proofs.listProofs',
  method: 'get',
  path: '/gasbank/proofs',
  summary: 'List the proofs of a network',
  description:
    'Every hour all books of the gas bank are cut at one block, added up and held against what the ' +
    'chain had on the published addresses at the end of it. Newest first; those that failed or ' +
    'could not be proven are in the list.',
  access: { kind: 'public' },
  query: z.strictObject({ ...pageQuery, network }),
  successes: [
    { status: 200, description: 'Proofs.', schema: pageOf(summarySchema, 'ProofSummaryPage') },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: {
    query: { network: NETWORK },
    response: { items: [summaryExample], nextCursor: null },
  },
});

export const getProof = defineOperation({
  id: 'proofs.getProof',
  method: 'get',
  path: '/gasbank/proofs/{network}/{height}',
  summary: 'Read the statement of a checkpoint',
  description:
    'What lies on each address, what is owed under each heading, and the root of the Merkle sum ' +
    'tree of what customers own; signed with purpose `trial-balance` over its canonical JSON. ' +
    '`slctl gasbank prove` checks all of it against a node of your own. A checkpoint whose books ' +
    'contradict each other or the chain has no statement.',
  access: { kind: 'public' },
  params: z.strictObject({ network, height: heightInPath }),
  successes: [{ status: 200, description: 'The statement, signed.', schema: proofSchema }],
  errors: ['chain.network_unknown', 'request.not_found'],
  idempotency: 'none',
  example: {
    params: { network: NETWORK, height: '7' },
    response: {
      ...summaryExample,
      statement: statementExample,
      signature: signatureExample,
      anchor: anchorExample,
    },
  },
});

/** Beside `/gasbank/proofs`, a way out of `/accounts/..` would lead from one to the other. */
export const getInclusion = defineOperation({
  id: 'proofs.getInclusion',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/inclusions/{network}/{height}',
  summary: 'Prove that a balance is in the total',
  description:
    'The leaves that stand for the account in the sum tree of a checkpoint, each with its salt and ' +
    'its path to the public root. Nobody else is shown them. `slctl gasbank inclusion` checks them. ' +
    'An account that had nothing then is in no tree.',
  access: { kind: 'account', scope: 'gasbank:read' },
  params: z.strictObject({ accountId: accountIdSchema, network, height: heightInPath }),
  successes: [{ status: 200, description: 'The proof.', schema: inclusionSchema }],
  errors: ['chain.network_unknown', 'proofs.tree_gone'],
  idempotency: 'none',
  example: {
    params: { accountId, network: NETWORK, height: '7' },
    response: {
      accountId,
      networkMagic: 56_753,
      height: 7,
      available: '12',
      reserved: '0',
      inTransit: '0',
      leaves: [
        {
          index: 2,
          amount: '12',
          salt: '7a'.repeat(32),
          path: [{ sum: '0', hash: '1b'.repeat(32) }],
        },
      ],
    },
  },
});

const checkpointSchema = z
  .strictObject({
    ...summarySchema.shape,
    status: z.enum(CHECKPOINT_STATUSES),
    createdBy: z.string().meta({ description: '`system`, or the operator who asked for it.' }),
    createdAt: timestampSchema('When it was begun.'),
    endedAt: timestampSchema('When it was decided.').nullable(),
    addresses: z
      .array(
        z.strictObject({
          address: z.string().meta({ description: 'Script hash.' }),
          booked: gasSum('By the platform’s book.'),
          onChain: gasSum('By a quorum of nodes; null while none told.').nullable(),
        }),
      )
      .meta({ description: 'Watched addresses; empty before the books are cut.' }),
  })
  .meta({ id: 'Checkpoint' });
const checkpointExample = {
  ...summaryExample,
  createdBy: 'system',
  createdAt: TIME,
  endedAt: '2026-11-01T09:01:00.000Z',
  addresses: [{ address: ADDRESS, booked: '12.5', onChain: '12.5' }],
} as const;

export const listCheckpoints = defineOperation({
  id: 'proofs.listCheckpoints',
  method: 'get',
  path: '/operator/gasbank/checkpoints',
  summary: 'List checkpoints with what differed',
  description:
    'Of one network, newest first, address by address; without `status` all that have ended.',
  access: { kind: 'operator' },
  query: z.strictObject({
    ...pageQuery,
    network,
    status: z.enum(CHECKPOINT_STATUSES).optional().meta({ description: 'Only these.' }),
  }),
  successes: [
    {
      status: 200,
      description: 'Checkpoints.',
      schema: pageOf(checkpointSchema, 'CheckpointPage'),
    },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: {
    query: { network: NETWORK },
    response: { items: [checkpointExample], nextCursor: null },
  },
});

export const createCheckpoint = defineOperation({
  id: 'proofs.createCheckpoint',
  method: 'post',
  path: '/operator/gasbank/checkpoints',
  summary: 'Prove the present height',
  description:
    'Begins a checkpoint at the last block that is wholly booked, beside those of every hour, and ' +
    'answers it; it is decided within minutes. While one is running, that one is the answer; one ' +
    'that was proven or has failed at this very height is not begun again.',
  access: { kind: 'operator' },
  body: z.strictObject({ network }).meta({ id: 'CreateCheckpoint' }),
  successes: [{ status: 202, description: 'The checkpoint.', schema: checkpointSchema }],
  errors: ['chain.network_unknown', 'proofs.not_ready'],
  idempotency: 'catalogue',
  example: {
    body: { network: NETWORK },
    response: {
      ...checkpointExample,
      status: 'running',
      endedAt: null,
      addresses: [],
      cutAt: null,
    },
  },
});

export const proofOperations = [
  listProofs,
  getProof,
  getInclusion,
  listCheckpoints,
  createCheckpoint,
] as const;
