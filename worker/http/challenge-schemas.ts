/** Challenges and answers as the contracts of several services say them. */
import * as z from 'zod';
import { CHALLENGE_FORMS, NONCE_PATTERN } from '../core/sessions/challenge.ts';
import { exampleId, idSchema, timestampSchema } from './schemas.ts';

const challengeIdSchema = idSchema('signInChallenge', 'The challenge that is answered.');

export const formSchema = z.enum(CHALLENGE_FORMS).meta({
  description:
    '`text` is bound to site and purpose and accepted everywhere. `nep-20` is the accepted layout ' +
    'of NEP-20; `nep-20-draft-2021` and `nep-20-neoline` do not bind the site. The account must ' +
    'enable all but `text`.',
});

export const originField = z.string().min(1).max(300).optional().meta({
  description: 'The site the wallet shows, one of `SIGN_IN_ORIGINS`; absent: the first of them.',
  example: 'https://console.example.com',
});

export const networkField = z.string().min(1).max(64).meta({
  description: 'CAIP-2 id of a network that is served here; EVM: the number of a chain.',
});

export const challengeSchema = z
  .strictObject({
    id: challengeIdSchema,
    form: formSchema,
    network: networkField,
    address: z.string().meta({ description: 'The wallet that must sign.' }),
    origin: z.string().meta({ description: 'The site the text names.' }),
    text: z.string().nullable().meta({
      description: 'Sign exactly this; null for the forms of NEP-20.',
    }),
    nep20: z
      .strictObject({
        action: z.literal('Authentication'),
        grant_type: z.literal('Signature'),
        allowed_algorithms: z.array(z.string()),
        domain: z.string(),
        networks: z.array(z.int()),
        nonce: z.string().regex(NONCE_PATTERN),
        timestamp: z.int(),
      })
      .nullable()
      .meta({ description: 'Hand this to the wallet as it is; null for `text`.' }),
    expiresAt: timestampSchema('When it can no longer be answered.'),
  })
  .meta({ id: 'WalletChallenge' });

const signatureField = z
  .string()
  .min(64)
  .max(132)
  .regex(/^[0-9A-Za-z+/=]+$/, 'is neither hexadecimal nor base64')
  .meta({
    description:
      'Neo: r and s, 64 bytes in hexadecimal digits or base64. EVM: `0x` and 130 digits.',
  });
const saltField = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'is not 32 hexadecimal digits')
  .optional()
  .meta({ description: 'The salt, where the wallet gave one.' });
const publicKeyField = z
  .string()
  .regex(/^0[23][0-9a-f]{64}$/, 'is not a compressed public key')
  .meta({ description: 'Neo: the public key of the wallet, compressed, as wallets give it.' });

/** Of an answer to a text. */
export const answerFields = {
  challengeId: challengeIdSchema,
  publicKey: publicKeyField.optional(),
  signature: signatureField,
  salt: saltField,
} as const;

/** Of an answer to a challenge of a Neo wallet, in any form. */
export const neoAnswerFields = {
  ...answerFields,
  publicKey: publicKeyField,
  timestamp: z.int().min(0).max(0xffff_ffff).optional().meta({
    description: 'NEP-20 only: `timestamp` of the response of the wallet, in seconds.',
  }),
} as const;

export const challengeExample = {
  id: exampleId('signInChallenge'),
  form: 'text',
  network: 'neo3:mainnet',
  address: 'NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i',
  origin: 'https://console.example.com',
  text: 'console.example.com wants you to sign in with your Neo account: …',
  nep20: null,
  expiresAt: '2026-11-01T09:05:00.000Z',
} as const;

export const answerExample = {
  challengeId: exampleId('signInChallenge'),
  publicKey: '03b209fd4f53a7170ea4444e0cb0a6bb6a53c2bd016926989cf85f9b0fba17a70c',
  signature: '5c'.repeat(64),
  salt: 'a1'.repeat(16),
} as const;
