/**
 * Bounds of one call to the enclave bridge. In core, because the API Worker lists them and the
 * bridge enforces them.
 */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  bridgeItemsMax: {
    value: 128,
    unit: 'items',
    reason: 'the 100 actions of a run beside the chunks of its journal; 100 inputs of a batch',
  },
  bridgeBatchBytesMax: {
    value: 16_711_680,
    unit: 'bytes',
    reason: '64 KiB less than an RPC message may hold, room for names, nonces and tags',
  },
  signaturePayloadBytesMax: {
    value: 65_536,
    unit: 'bytes',
    reason: 'what is signed are receipts and checkpoints of under 2 KiB',
  },
} as const satisfies Record<string, Limit>;
