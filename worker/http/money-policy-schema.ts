/** The policy of a wallet on a Neo network, as requests and answers have it. */
import * as z from 'zod';
import { LIMITS } from '../core/wallets/limits.ts';
import type { PolicyForm } from '../core/wallets/policy-form.ts';
import { SCOPE_NAMES } from '../core/wallets/wallet-policy.ts';

const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const GAME = '0xa7cbfee3f01f89d58c042644b0b6df2d59a6eb26';
const I64_MAX = (1n << 63n) - 1n;

const scriptHash = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'is not 0x and 40 hexadecimal digits');
/** As many digits as an integer of the machine has at most. */
const amount = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,76})$/, 'is not a whole number in decimal digits');
const fee = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,18})$/, {
    error: 'is not a whole number in decimal digits',
    // What follows would throw for what is none.
    abort: true,
  })
  .refine((text) => BigInt(text) <= I64_MAX, 'is more than a fee can be');

const method = z
  .string()
  .min(1)
  .max(LIMITS.moneyPolicyMethodCharsMax.value)
  .regex(/^[\x21-\x7e]+$/, 'is not printable ASCII');

const policyFields = {
  contracts: z
    .array(
      z.strictObject({
        contract: scriptHash.meta({ description: 'Its hash, as explorers show it.' }),
        methods: z.array(method).min(1).max(LIMITS.moneyPolicyMethodsMax.value).nullable().meta({
          description: 'Null for all methods, those of a later version of it too.',
        }),
      }),
    )
    .max(LIMITS.moneyPolicyContractsMax.value)
    .meta({ description: 'Contracts that may be called freely, without an amount limit.' }),
  tokens: z
    .array(
      z.strictObject({
        token: scriptHash.meta({ description: 'Hash of a NEP-17 token.' }),
        perDay: amount.meta({
          description: 'In its smallest unit, a UTC day. Fees are amounts of GAS.',
        }),
      }),
    )
    .max(LIMITS.moneyPolicyTokensMax.value)
    .meta({ description: 'Tokens that may be sent freely, up to an amount.' }),
  scopes: z
    .array(z.enum(SCOPE_NAMES))
    .max(SCOPE_NAMES.length)
    .meta({
      description:
        'Scopes the wallet may sign with; `None` always. A scope wider than `CalledByEntry` is ' +
        'never free: amounts cannot be read under it.',
    }),
  customContracts: z
    .array(scriptHash)
    .max(LIMITS.moneyPolicyCustomContractsMax.value)
    .meta({
      description:
        'Contracts that the scope `CustomContracts` may name. Free only for contracts that are ' +
        'free in all their methods.',
    }),
  systemFeeMax: fee.meta({ description: 'Of one transaction, datoshi; more is refused.' }),
  networkFeeMax: fee.meta({ description: 'Of one transaction, datoshi; more is refused.' }),
  approvals: z.int().min(1).max(LIMITS.moneyPolicyApprovalsMax.value).nullable().meta({
    description: 'How many wallets must approve what is not free; null refuses it.',
  }),
} as const;

export const moneyPolicySchema = z.strictObject(policyFields).meta({ id: 'MoneyPolicy' });

export const moneyPolicyExample: PolicyForm = {
  contracts: [{ contract: GAME, methods: ['play', 'claim'] }],
  tokens: [{ token: GAS, perDay: '500000000' }],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: '200000000',
  networkFeeMax: '50000000',
  approvals: 2,
};
