/** The terms of a sponsorship policy, as requests, answers and approvals have them. */
import * as z from 'zod';
import { LIMITS } from '../core/sponsorships/limits.ts';
import type { SponsorshipForm } from '../core/sponsorships/policy-form.ts';
import { gasAmount } from './gas-schemas.ts';

const GAME = '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26';
const METHOD = /^[A-Za-z0-9_]{1,64}$/;

const dayCap = (what: string) =>
  gasAmount(`${what}, a UTC day; null for no cap of its own.`).nullable().default(null);
const faults = z.int().min(1).max(LIMITS.sponsoredFaultsMax.value);
const open = z.int().min(1).max(LIMITS.sponsoredOpenMax.value);

export const sponsorshipTermsFields = {
  contracts: z
    .array(
      z.strictObject({
        contract: z
          .string()
          .regex(/^0x[0-9a-fA-F]{40}$/, 'is not 0x and 40 hexadecimal digits')
          .meta({ description: 'Its hash, as explorers show it.' }),
        methods: z
          .array(z.string().regex(METHOD, 'is not the name of a method'))
          .min(1)
          .max(LIMITS.sponsoredMethodsMax.value),
      }),
    )
    .min(1)
    .max(LIMITS.sponsoredContractsMax.value)
    .meta({ description: 'What is paid for; every call of a script must stand here.' }),
  feeMax: gasAmount('The most that one transaction may cost, both fees together.'),
  perDay: gasAmount('The most that the policy pays, a UTC day.'),
  perAccountPerDay: gasAmount(
    'The most that all policies of the account pay on the network, a UTC day.',
  ),
  perSignerPerDay: gasAmount('The most for one signer, a UTC day.'),
  perKeyPerDay: dayCap('The most for one API key or session that asks'),
  perContractPerDay: dayCap('The most for transactions that call a contract'),
  perMethodPerDay: dayCap('The most for transactions that call a method'),
  perEndUserPerDay: dayCap('The most for one `endUser`, who must be named then'),
  faultsPerDay: faults.meta({
    description: 'Transactions that may fail on the chain, a UTC day; the last one suspends it.',
  }),
  faultsPerSignerPerDay: faults.meta({ description: 'The same for one signer.' }),
  openMax: open.meta({ description: 'Sponsorships that are prepared or under way at once.' }),
  openPerSignerMax: open.meta({ description: 'The same for one signer.' }),
  windowBlocksMax: z
    .int()
    .min(LIMITS.sponsoredWindowBlocksMin.value)
    .max(LIMITS.sponsoredWindowBlocksMax.value)
    .nullable()
    .default(null)
    .meta({
      description: 'The most blocks a transaction may be valid for; ten minutes of blocks if null.',
    }),
  requiresUserSession: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether a signer first shows that the address is hers.' }),
} as const;

export const sponsorshipTermsSchema = z
  .strictObject(sponsorshipTermsFields)
  .meta({ id: 'SponsorshipTerms' });

export const sponsorshipTermsExample = {
  contracts: [{ contract: GAME, methods: ['play', 'claim'] }],
  feeMax: '0.5',
  perDay: '20',
  perAccountPerDay: '50',
  perSignerPerDay: '1',
  perKeyPerDay: null,
  perContractPerDay: null,
  perMethodPerDay: null,
  perEndUserPerDay: null,
  faultsPerDay: 50,
  faultsPerSignerPerDay: 3,
  openMax: 100,
  openPerSignerMax: 2,
  windowBlocksMax: null,
  requiresUserSession: false,
} satisfies SponsorshipForm;
