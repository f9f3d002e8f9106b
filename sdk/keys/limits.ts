/** Bounds of key files: they come from anywhere, and scrypt takes what memory and time they ask for. */
import type { Limit } from '../../worker/core/limits.ts';

export const LIMITS = {
  scryptBytesMax: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    reason: 'four times what NEP-2 asks for, and no phone is brought down by it (128 * n * r)',
  },
  scryptBlocksMax: {
    value: 4 * 16_384 * 8 * 8,
    unit: 'blocks',
    reason: 'four times the work that NEP-2 asks for (n * r * p): two seconds of a computer',
  },
  passphraseBytesMax: {
    value: 1024,
    unit: 'bytes',
    reason: 'a long sentence; more is a file by mistake',
  },
  walletAccountsMax: {
    value: 1000,
    unit: 'accounts',
    reason: 'more than wallets show; every one may cost a decryption',
  },
  labelCharactersMax: {
    value: 256,
    unit: 'characters',
    reason: 'a name that a person reads',
  },
} as const satisfies Record<string, Limit>;
