/** The part of the contract in which members of a multisig account sign transactions themselves. */
import * as z from 'zod';
import { LIMITS as SCRIPT_LIMITS } from '../../core/neo/script/limits.ts';
import { LIMITS as SENDER } from '../../core/neo-sender/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import { exampleId, timestampSchema } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import {
  feeField,
  NETWORK,
  networkField,
  noteField,
  params,
  scriptFields,
  statusSchema,
  transactionExample,
  transactionIdSchema,
  transactionParams,
  transactionSchema,
  transferExample,
} from './shapes.ts';

const accountId = exampleId('account');
const exampleParams = { accountId, transactionId: transactionExample.id };
const read = { kind: 'account', scope: 'transactions:read' } as const;
const write = { kind: 'account', scope: 'transactions:write' } as const;

const KEYS = [
  '036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
  '037cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978',
] as const;
const publicKeyField = z
  .string()
  .regex(/^0[23][0-9a-f]{64}$/, 'is not 02 or 03 and 64 hexadecimal digits')
  .meta({ description: 'Compressed, hexadecimal digits.', example: KEYS[0] });

export const createMultisigTransaction = defineOperation({
  id: 'transactions.createMultisigTransaction',
  method: 'post',
  path: '/accounts/{accountId}/transactions/multisig',
  summary: 'Propose a transaction of a multisig account',
  description:
    'For an account of m of n keys that their members hold themselves. Give `script`, or the `calls` ' +
    'it is made of, and nonce, fees and validUntilBlock are written here; or `raw`, and not a byte ' +
    'is changed. Members sign it until its last block (`transactions.addSignatures`); the signature ' +
    'that completes it sends it.',
  access: write,
  params,
  body: z
    .strictObject({
      network: networkField,
      threshold: z
        .int()
        .min(1)
        .max(SCRIPT_LIMITS.multisigKeysMax.value)
        .meta({ description: 'Signatures that the account needs.' }),
      publicKeys: z
        .array(publicKeyField)
        .min(1)
        .max(SCRIPT_LIMITS.multisigKeysMax.value)
        .meta({ description: 'Of all members, in any order.' }),
      ...scriptFields,
      systemFee: feeField(
        'What it pays; if absent, a tenth more than the simulation took.',
      ).optional(),
      networkFee: feeField('What it pays; if absent, a tenth more than it costs now.').optional(),
      validForBlocks: z
        .int()
        .min(SENDER.senderWindowBlocksMin.value)
        .max(SENDER.senderAdoptedBlocksMax.value)
        .optional()
        .meta({ description: 'For how many blocks it can be signed and sent.' }),
      note: noteField.optional(),
    })
    .meta({ id: 'CreateMultisigTransaction' }),
  successes: [{ status: 201, description: 'The transaction.', schema: transactionSchema }],
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'transactions.fee_above_maximum',
    'transactions.raw_refused',
    'transactions.script_refused',
    'transactions.too_many_open',
    'transactions.would_fault',
  ],
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      network: NETWORK,
      threshold: 2,
      publicKeys: [...KEYS],
      calls: [transferExample],
      note: transactionExample.note,
    },
    response: {
      ...transactionExample,
      kind: 'multisig',
      requestId: null,
      walletId: null,
      expiresAt: null,
      approvers: [...KEYS],
      reasons: [],
      latestAt: null,
    },
  },
});

const signingSchema = z
  .strictObject({
    transactionId: transactionIdSchema,
    status: statusSchema,
    network: networkField,
    networkMagic: z.int().meta({ description: 'Stands before the hash in what is signed.' }),
    hash: z.string().meta({ description: 'Of the transaction.' }),
    unsigned: z.string().meta({ description: 'The transaction without witnesses, Base64.' }),
    validUntilBlock: z
      .int()
      .meta({ description: 'Its last block; then it can be signed no more.' }),
    threshold: z.int().meta({ description: 'Signatures that it needs.' }),
    publicKeys: z.array(z.string()).meta({ description: 'Of all members.' }),
    signatures: z.array(
      z.strictObject({
        publicKey: z.string(),
        signature: z.string().meta({ description: 'r and s, 64 bytes; Base64.' }),
        createdAt: timestampSchema('When it was given.'),
      }),
    ),
    context: z.record(z.string(), z.unknown()).meta({
      description: 'ContractParametersContext, for wallets such as neo-cli, neo-go and Neon.',
    }),
  })
  .meta({ id: 'TransactionSignatures' });

const signingExample = {
  transactionId: transactionExample.id,
  status: 'proposed',
  network: NETWORK,
  networkMagic: 56_753,
  hash: `0x${'9f'.repeat(32)}`,
  unsigned: 'AA==',
  validUntilBlock: 123_456,
  threshold: 2,
  publicKeys: [...KEYS],
  signatures: [],
  context: { type: 'Neo.Network.P2P.Payloads.Transaction', network: 56_753 },
} as const;

export const getSignatures = defineOperation({
  id: 'transactions.getSignatures',
  method: 'get',
  path: '/accounts/{accountId}/transactions/{transactionId}/signatures',
  summary: 'Read what members sign, and who has',
  description:
    'The bytes of the transaction, its hash, the signatures so far, and all of it as the file that ' +
    'wallets pass around. A member signs the magic (4 bytes, little-endian) and the hash (32 bytes ' +
    'as they are in memory) with ECDSA over P-256 and SHA-256.',
  access: read,
  params: transactionParams,
  successes: [{ status: 200, description: 'What is signed.', schema: signingSchema }],
  errors: ['transactions.not_multisig'],
  idempotency: 'none',
  example: { params: exampleParams, response: signingExample },
});

export const addSignatures = defineOperation({
  id: 'transactions.addSignatures',
  method: 'post',
  path: '/accounts/{accountId}/transactions/{transactionId}/signatures',
  summary: 'Sign a transaction of a multisig account',
  description:
    'With one signature and its public key, or with the `context` that a wallet signed. Each is ' +
    'verified at once; a key counts once. The signature that completes it sends it.',
  access: write,
  params: transactionParams,
  body: z
    .strictObject({
      publicKey: publicKeyField.optional(),
      signature: z
        .string()
        .max(LIMITS.signatureCharsMax.value)
        .optional()
        .meta({ description: 'r and s, 64 bytes; hexadecimal digits or Base64.' }),
      context: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({ description: 'ContractParametersContext; either this or the two above.' }),
    })
    .meta({ id: 'AddSignatures' }),
  successes: [{ status: 200, description: 'What is signed.', schema: signingSchema }],
  errors: [
    'request.precondition_failed',
    'transactions.not_multisig',
    'transactions.not_proposed',
    'transactions.signature_refused',
  ],
  idempotency: 'catalogue',
  example: {
    params: exampleParams,
    body: { publicKey: KEYS[0], signature: '9f'.repeat(64) },
    response: signingExample,
  },
});

export const multisigOperations = [
  createMultisigTransaction,
  getSignatures,
  addSignatures,
] as const;
