/** The part of the contract in which operators register the vault of a network. */
import * as z from 'zod';
import { defineOperation } from '../../http/operation.ts';
import { LIMITS } from './limits.ts';
import {
  addressField,
  NETWORK,
  networkField,
  VAULT,
  vaultExample,
  vaultSchema,
  vaultStateSchema,
} from './shapes.ts';

const access = { kind: 'operator' } as const;
const params = z.strictObject({ network: networkField });

export const setVault = defineOperation({
  id: 'vaults.setVault',
  method: 'put',
  path: '/operator/gasbank/vaults/{network}',
  summary: 'Register the vault of a network',
  description:
    'The contract is asked on as many nodes as must agree. Its operator has to be an active operator ' +
    'wallet of the platform, and its owner somebody else. From then on every datoshi that touches it ' +
    'or a wallet of the platform is booked, with what lay there before as the operator’s own. Doing ' +
    'it again reads the contract anew and replaces `funding`.',
  access,
  params,
  body: z.strictObject({
    contract: addressField('The vault.'),
    funding: z
      .array(addressField('Yours.'))
      .max(LIMITS.fundingAddressesMax.value)
      .default([])
      .meta({
        description:
          'Addresses that you fund the wallets of the platform from. What comes to them from others ' +
          'lies in suspense.',
      }),
  }),
  successes: [{ status: 200, description: 'The vault.', schema: vaultSchema, etag: true }],
  errors: [
    'chain.network_unknown',
    'chain.unavailable',
    'vaults.contract_fixed',
    'vaults.contract_unfit',
  ],
  idempotency: 'catalogue',
  ifMatch: true,
  example: {
    params: { network: NETWORK },
    body: { contract: VAULT, funding: vaultExample.funding },
    response: { ...vaultExample, watchedHeight: null, bookedHeight: null },
  },
});

export const listVaults = defineOperation({
  id: 'vaults.listVaults',
  method: 'get',
  path: '/operator/gasbank/vaults',
  summary: 'List vaults',
  description: 'One a network at most, by the name of the network.',
  access,
  successes: [
    {
      status: 200,
      description: 'All of them.',
      schema: z.strictObject({ items: z.array(vaultSchema) }).meta({ id: 'VaultList' }),
    },
  ],
  errors: [],
  idempotency: 'none',
  example: { response: { items: [vaultExample] } },
});

export const getVault = defineOperation({
  id: 'vaults.getVault',
  method: 'get',
  path: '/operator/gasbank/vaults/{network}',
  summary: 'Read the vault of a network',
  description:
    'Its caps and what is used of them as the chain has it, how far it is booked, and what the book ' +
    'of the platform says.',
  access,
  params,
  successes: [{ status: 200, description: 'The vault.', schema: vaultStateSchema, etag: true }],
  errors: ['request.not_found', 'chain.network_unknown'],
  idempotency: 'none',
  example: {
    params: { network: NETWORK },
    response: {
      ...vaultExample,
      followedHeight: 4_305,
      pendingEvents: 0,
      chain: {
        isPaused: false,
        releaseCap: '1000',
        releasedToday: '12.5',
        refillCap: '50',
        refilledToday: '0',
        balance: '812.25',
      },
      book: { vault: '812.25', equity: '-0.31', clearing: '0', deposits: '0' },
    },
  },
});

export const registrationOperations = [setVault, listVaults, getVault] as const;
