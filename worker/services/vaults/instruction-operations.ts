/**
 * The part of the contract that says how to deposit, for programs and for people (money rule M18):
 * a wallet has to send the id of the gas account along, which no link of NEP-9 can carry.
 */
import * as z from 'zod';
import { gasAmount, gasAmountOrZero } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import { accountIdSchema, exampleId } from '../../http/schemas.ts';
import {
  addressField,
  gasAccountIdSchema,
  NETWORK,
  networkField,
  VAULT,
  vaultExample,
} from './shapes.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const gasAccountId = exampleId('gasAccount');

const argumentSchema = z.strictObject({ type: z.string(), value: z.string() });

const instructionsSchema = z
  .strictObject({
    gasAccountId: gasAccountIdSchema,
    network: networkField,
    networkMagic: z.int().meta({ description: 'The network that the wallet has to be on.' }),
    vault: z.string().meta({ description: 'Script hash to pay to.' }),
    address: z.string().meta({ description: 'The same as an address.' }),
    minimumDeposit: gasAmountOrZero('Less is refused by the vault, and costs a fee.'),
    data: z.string().meta({
      description:
        'What the transfer has to carry as `data`, as String. Without it a deposit is credited only ' +
        'if its sender is a verified wallet of exactly one account.',
    }),
    invocation: z
      .strictObject({
        hash: z.string(),
        operation: z.literal('transfer'),
        args: z.array(argumentSchema),
      })
      .nullable()
      .meta({
        description: 'For `invoke` of NEP-21; null unless `from` and `amount` are given.',
      }),
    uri: z.string().meta({
      description: 'NEP-9: address and asset alone, since it has no place for data.',
    }),
    page: z.string().meta({ description: 'Path of a page for people, with a QR code.' }),
  })
  .meta({ id: 'DepositInstructions' });

export const getDepositInstructions = defineOperation({
  id: 'vaults.getDepositInstructions',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/gas-accounts/{gasAccountId}/deposit-instructions',
  summary: 'Read how to deposit to a gas account',
  description:
    'Where GAS is to be sent and what has to go with it. With `from` and `amount` also the call that ' +
    'a wallet makes.',
  access: { kind: 'account', scope: 'gasbank:read' },
  params: z.strictObject({ accountId: accountIdSchema, gasAccountId: gasAccountIdSchema }),
  query: z.strictObject({
    from: addressField('Who pays.').optional(),
    amount: gasAmount('How much.').optional(),
  }),
  successes: [{ status: 200, description: 'The instructions.', schema: instructionsSchema }],
  errors: ['vaults.vault_absent'],
  idempotency: 'none',
  example: {
    params: { accountId: exampleId('account'), gasAccountId },
    response: {
      gasAccountId,
      network: NETWORK,
      networkMagic: 56_753,
      vault: VAULT,
      address: vaultExample.address,
      minimumDeposit: '0.1',
      data: gasAccountId,
      invocation: {
        hash: GAS,
        operation: 'transfer',
        args: [
          { type: 'Hash160', value: '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26' },
          { type: 'Hash160', value: VAULT },
          { type: 'Integer', value: '250000000' },
          { type: 'String', value: gasAccountId },
        ],
      },
      uri: `neo:${vaultExample.address}?asset=${GAS.slice(2)}`,
      page: `/deposit/${gasAccountId}`,
    },
  },
});

export const getDepositPage = defineOperation({
  id: 'vaults.getDepositPage',
  method: 'get',
  path: '/deposit/{gasAccountId}',
  summary: 'The deposit page of a gas account',
  description:
    'For people: what to send where, a QR code, and a button for wallets of NEP-21. It says nothing ' +
    'of the account, and whoever has the link may pay in.',
  access: { kind: 'public' },
  params: z.strictObject({ gasAccountId: gasAccountIdSchema }),
  successes: [{ status: 200, description: 'The page.', contentType: 'text/html; charset=utf-8' }],
  errors: ['request.not_found', 'vaults.vault_absent'],
  idempotency: 'none',
  example: { params: { gasAccountId } },
});

export const getDepositScript = defineOperation({
  id: 'vaults.getDepositScript',
  method: 'get',
  path: '/docs/deposit.js',
  summary: 'The script of the deposit page',
  description: 'What its button does; the page loads nothing else.',
  access: { kind: 'public' },
  successes: [
    { status: 200, description: 'The script.', contentType: 'text/javascript; charset=utf-8' },
  ],
  errors: [],
  idempotency: 'none',
  example: {},
});

export const instructionOperations = [
  getDepositInstructions,
  getDepositPage,
  getDepositScript,
] as const;
