/**
 * Bounds of one call to the enclave bridge. In core, because the API Worker lists them and the
 * bridge enforces them.
 */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  bridgeItemsMax: {
    value: 100,
    unit: 'items',
    reason: 'as many as one batch of executions can start',
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
