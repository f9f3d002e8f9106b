/** The part of the contract about wallets of the platform itself. */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { pageOf, pageQuery } from '../../http/schemas.ts';
import {
  NETWORK,
  networkField,
  platformWalletExample,
  platformWalletIdSchema,
  platformWalletSchema,
  refillRuleSchema,
  TIME,
} from './shapes.ts';

const access = { kind: 'operator' } as const;
const params = z.strictObject({ platformWalletId: platformWalletIdSchema });
const exampleParams = { platformWalletId: platformWalletExample.id };
const one = { schema: platformWalletSchema, etag: true } as const;

export const createPlatformWallet = defineOperation({
  id: 'vaults.createPlatformWallet',
  method: 'post',
  path: '/operator/gasbank/wallets',
  summary: 'Make a wallet of the platform',
  description:
    'The key is made in the bridge, bound to the network and to the purpose for ever, and leaves it ' +
    'never. Everything that touches the address is booked, once the network has a vault.',
  access,
  body: z.strictObject({
    network: networkField,
    purpose: platformWalletSchema.shape.purpose,
  }),
  successes: [{ status: 201, description: 'The wallet.', ...one }],
  errors: [
    'chain.network_unknown',
    'secrets.encryption_unconfigured',
    'secrets.undecryptable',
    'vaults.wallets_full',
  ],
  idempotency: 'catalogue',
  example: {
    body: { network: NETWORK, purpose: 'sponsor' },
    response: { ...platformWalletExample, refillRule: null, watchedHeight: null },
  },
});

export const listPlatformWallets = defineOperation({
  id: 'vaults.listPlatformWallets',
  method: 'get',
  path: '/operator/gasbank/wallets',
  summary: 'List wallets of the platform',
  description: 'Newest first, retired ones too.',
  access,
  query: z.strictObject({ ...pageQuery, network: networkField.optional() }),
  successes: [
    {
      status: 200,
      description: 'A page of wallets.',
      schema: pageOf(platformWalletSchema, 'PlatformWalletPage'),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { items: [platformWalletExample], nextCursor: null } },
});

export const getPlatformWallet = defineOperation({
  id: 'vaults.getPlatformWallet',
  method: 'get',
  path: '/operator/gasbank/wallets/{platformWalletId}',
  summary: 'Read a wallet of the platform',
  description: 'What it is for, and since when it is booked.',
  access,
  params,
  successes: [{ status: 200, description: 'The wallet.', ...one }],
  errors: ['request.not_found'],
  idempotency: 'none',
  example: { params: exampleParams, response: platformWalletExample },
});

export const retirePlatformWallet = defineOperation({
  id: 'vaults.retirePlatformWallet',
  method: 'post',
  path: '/operator/gasbank/wallets/{platformWalletId}/retire',
  summary: 'Retire a wallet of the platform',
  description:
    'It signs nothing from now on, for ever, and stays booked. What it holds is out of reach then: ' +
    'let a sponsor spend it first. The operator of a registered vault cannot be retired. Retiring ' +
    'it again changes nothing.',
  access,
  params,
  successes: [{ status: 200, description: 'The retired wallet.', ...one }],
  errors: ['request.not_found', 'vaults.wallet_in_use'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    response: { ...platformWalletExample, status: 'retired', retiredAt: TIME },
  },
});

export const setRefillRule = defineOperation({
  id: 'vaults.setRefillRule',
  method: 'put',
  path: '/operator/gasbank/wallets/{platformWalletId}/refill-rule',
  summary: 'Set when a sponsor is refilled',
  description:
    'From the vault of its network, within the cap that the vault has for a day, and only if the ' +
    'owner of the vault has listed the wallet. Null: never.',
  access,
  params,
  body: z.strictObject({ refillRule: refillRuleSchema.nullable() }),
  successes: [{ status: 200, description: 'The wallet.', ...one }],
  errors: ['request.not_found', 'vaults.not_a_sponsor', 'wallets.retired'],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: exampleParams,
    body: { refillRule: platformWalletExample.refillRule },
    response: platformWalletExample,
  },
});

export const walletOperations = [
  createPlatformWallet,
  listPlatformWallets,
  getPlatformWallet,
  retirePlatformWallet,
  setRefillRule,
] as const;
