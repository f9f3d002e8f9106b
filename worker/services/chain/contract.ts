/**
 * Reading a Neo N3 chain through the platform's own nodes: networks, blocks, transactions, what
 * they did, and balances. Answers are the word of one node, read strictly and hashed again where
 * that proves something; whatever money follows asks several nodes instead.
 */
import * as z from 'zod';
import { parseAddress } from '../../core/neo/address.ts';
import { parseHash256 } from '../../core/neo/hash256.ts';
import { networkIdSchema } from '../../core/neo/network-settings.ts';
import { defineOperation } from '../../http/operation.ts';
import { timestampSchema } from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';

const HASH = `0x${'1f'.repeat(32)}`;
const CONTRACT = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const ADDRESS = 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i';
const NETWORK = 'neo3:private';
const TIME = '2026-11-01T09:00:00.000Z';

const network = networkIdSchema.meta({ description: 'CAIP-2 id of a network.', example: NETWORK });
const hash = z
  .string()
  .refine((text) => parseHash256(text) !== null, 'is not 0x and 64 hexadecimal digits')
  .meta({ description: 'As explorers show it.', example: HASH });
const address = z
  .string()
  .refine((text) => parseAddress(text) !== null, 'is not a Neo N3 address')
  .meta({ description: 'Neo N3 address.', example: ADDRESS });
const block = z
  .string()
  .refine(
    (text) => /^(0|[1-9][0-9]{0,9})$/.test(text) || parseHash256(text) !== null,
    'is neither a height nor a hash',
  )
  .meta({ description: 'Height or hash.', example: '7' });

const datoshi = (description: string) =>
  z
    .string()
    .regex(/^-?[0-9]+$/)
    .meta({ description: `${description} Datoshi (10^-8 GAS), decimal.` });
const height = z.int().min(0);
const inNodesForm = (description: string) =>
  z.record(z.string(), z.unknown()).meta({ description: `${description} As JSON-RPC has it.` });

export const networkSchema = z
  .strictObject({
    id: network,
    magic: z.int().meta({ description: 'What signatures are bound to.' }),
    quorum: z.int().meta({ description: 'Nodes that must agree before money moves.' }),
    status: z.enum(['ready', 'degraded', 'unavailable']).meta({
      description: '`degraded`: fewer healthy nodes than the quorum. `unavailable`: none.',
    }),
    height: height.nullable().meta({ description: 'Of the last block; null when no node tells.' }),
    blockTime: timestampSchema('Of the last block.').nullable(),
  })
  .meta({ id: 'ChainNetwork' });

export const blockSchema = z
  .strictObject({
    hash,
    height,
    version: z.int(),
    previousHash: hash,
    merkleRoot: hash,
    time: timestampSchema('As its speaker said.'),
    nonce: z.string().meta({ description: '16 hexadecimal digits.' }),
    primary: z.int().meta({ description: 'Index of the validator that made it.' }),
    nextConsensus: address,
    transactions: z.array(hash).max(LIMITS.chainBlockTransactionsMax.value),
  })
  .meta({ id: 'ChainBlock' });

export const transactionSchema = z
  .strictObject({
    hash,
    size: z.int(),
    nonce: z.int(),
    sender: address,
    systemFee: datoshi('What its script may burn; never given back.'),
    networkFee: datoshi('For size, verification and attributes.'),
    validUntilBlock: height,
    signers: z.array(inNodesForm('Account and scopes.')),
    attributes: z.array(inNodesForm('E.g. Conflicts.')),
    script: z.string().meta({ description: 'Base64.' }),
    witnesses: z.array(
      z.strictObject({ invocation: z.string(), verification: z.string() }).meta({
        description: 'Base64.',
      }),
    ),
    inclusion: z
      .strictObject({
        blockHash: hash,
        confirmations: z.int().meta({ description: 'Blocks are final: 1 is as good as 100.' }),
        time: timestampSchema('Of its block.'),
      })
      .nullable()
      .meta({ description: 'Null while it waits in the pool of the node.' }),
  })
  .meta({ id: 'ChainTransaction' });

export const applicationLogSchema = z
  .strictObject({
    transaction: hash,
    vmState: z.enum(['HALT', 'FAULT']).meta({
      description: 'FAULT: the transaction was charged and did nothing.',
    }),
    exception: z.string().nullable(),
    gasConsumed: datoshi('By its script.'),
    stack: z.array(inNodesForm('What the script left.')).nullable(),
    notifications: z
      .array(
        z.strictObject({
          index: z.int().meta({ description: 'Its place; part of the id of the event.' }),
          contract: z.string(),
          eventName: z.string(),
          state: z.array(inNodesForm('A stack item.')).nullable(),
        }),
      )
      .meta({ description: 'Empty after a FAULT: what was raised before it did not happen.' }),
  })
  .meta({ id: 'ChainApplicationLog' });

export const balancesSchema = z
  .strictObject({
    address,
    items: z.array(
      z.strictObject({
        contract: z.string().meta({ description: 'The token.' }),
        symbol: z.string().nullable().meta({ description: 'As the token calls itself.' }),
        decimals: z.int().nullable(),
        amount: z.string().meta({ description: 'In the smallest unit of the token, decimal.' }),
        lastUpdatedBlock: height,
      }),
    ),
  })
  .meta({ id: 'ChainBalances' });

const networkExample = {
  id: NETWORK,
  magic: 56_753,
  quorum: 1,
  status: 'ready',
  height: 1_207,
  blockTime: TIME,
} as const;
const params = z.strictObject({ network });
const access = { kind: 'authenticated' } as const;
const errors = ['chain.network_unknown', 'chain.unavailable'] as const;

export const listNetworks = defineOperation({
  id: 'chain.listNetworks',
  method: 'get',
  path: '/chain/networks',
  summary: 'List the Neo networks',
  description: 'Those this deployment serves, with the height of each.',
  access,
  successes: [
    {
      status: 200,
      description: 'The networks.',
      schema: z.strictObject({ items: z.array(networkSchema) }).meta({ id: 'ChainNetworkList' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { items: [networkExample] } },
});

export const getNetwork = defineOperation({
  id: 'chain.getNetwork',
  method: 'get',
  path: '/chain/networks/{network}',
  summary: 'Read a network and its height',
  description: 'The height is that of the last block, which is final.',
  access,
  params,
  successes: [{ status: 200, description: 'The network.', schema: networkSchema }],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: { params: { network: NETWORK }, response: networkExample },
});

export const getBlock = defineOperation({
  id: 'chain.getBlock',
  method: 'get',
  path: '/chain/networks/{network}/blocks/{block}',
  summary: 'Read a block',
  description: 'By height or hash, with the hashes of its transactions.',
  access,
  params: z.strictObject({ network, block }),
  successes: [{ status: 200, description: 'The block.', schema: blockSchema }],
  errors: [...errors, 'request.not_found'],
  idempotency: 'none',
  example: {
    params: { network: NETWORK, block: '7' },
    response: {
      hash: HASH,
      height: 7,
      version: 0,
      previousHash: HASH,
      merkleRoot: HASH,
      time: TIME,
      nonce: '00000000000000ff',
      primary: 0,
      nextConsensus: ADDRESS,
      transactions: [HASH],
    },
  },
});

export const getTransaction = defineOperation({
  id: 'chain.getTransaction',
  method: 'get',
  path: '/chain/networks/{network}/transactions/{hash}',
  summary: 'Read a transaction',
  description:
    'Its bytes were hashed again and are those of the hash. Whether it did what it should, ' +
    'its application log tells.',
  access,
  params: z.strictObject({ network, hash }),
  successes: [{ status: 200, description: 'The transaction.', schema: transactionSchema }],
  errors: [...errors, 'request.not_found'],
  idempotency: 'none',
  example: {
    params: { network: NETWORK, hash: HASH },
    response: {
      hash: HASH,
      size: 245,
      nonce: 7,
      sender: ADDRESS,
      systemFee: '9977780',
      networkFee: '1228520',
      validUntilBlock: 1_300,
      signers: [{ account: CONTRACT, scopes: 'CalledByEntry' }],
      attributes: [],
      script: 'QA==',
      witnesses: [{ invocation: 'DEA=', verification: 'DCE=' }],
      inclusion: { blockHash: HASH, confirmations: 1, time: TIME },
    },
  },
});

export const getApplicationLog = defineOperation({
  id: 'chain.getApplicationLog',
  method: 'get',
  path: '/chain/networks/{network}/transactions/{hash}/application-log',
  summary: 'Read what a transaction did',
  description:
    'Only there once the transaction is in a block. Notifications are those of a HALT alone.',
  access,
  params: z.strictObject({ network, hash }),
  successes: [{ status: 200, description: 'What it did.', schema: applicationLogSchema }],
  errors: [...errors, 'request.not_found'],
  idempotency: 'none',
  example: {
    params: { network: NETWORK, hash: HASH },
    response: {
      transaction: HASH,
      vmState: 'HALT',
      exception: null,
      gasConsumed: '9977780',
      stack: [],
      notifications: [
        {
          index: 0,
          contract: CONTRACT,
          eventName: 'Transfer',
          state: [{ type: 'Any' }, { type: 'ByteString', value: 'AA==' }],
        },
      ],
    },
  },
});

export const listBalances = defineOperation({
  id: 'chain.listBalances',
  method: 'get',
  path: '/chain/networks/{network}/addresses/{address}/balances',
  summary: 'Read the NEP-17 balances of an address',
  description: 'Of every token the address ever received, as the node has counted them.',
  access,
  params: z.strictObject({ network, address }),
  successes: [{ status: 200, description: 'The balances.', schema: balancesSchema }],
  errors: [...errors],
  idempotency: 'none',
  example: {
    params: { network: NETWORK, address: ADDRESS },
    response: {
      address: ADDRESS,
      items: [
        {
          contract: CONTRACT,
          symbol: 'GAS',
          decimals: 8,
          amount: '100000000',
          lastUpdatedBlock: 7,
        },
      ],
    },
  },
});

export const chainOperations = [
  listNetworks,
  getNetwork,
  getBlock,
  getTransaction,
  getApplicationLog,
  listBalances,
] as const;
