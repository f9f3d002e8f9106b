/** Bounds of talking to Neo nodes: what is sent, what is held of an answer, how long is waited. */
import type { Limit } from '../../limits.ts';

export const LIMITS = {
  rpcBatchCallsMax: {
    value: 101,
    unit: 'calls',
    reason: 'neo-go refuses the whole of a longer batch',
  },
  rpcRequestBytesMax: {
    value: 1_000_000,
    unit: 'bytes',
    reason: 'neo-go reads no body over 1 MiB; the rest is for the envelope',
  },
  rpcAnswerBytesMax: {
    value: 16_777_216,
    unit: 'bytes',
    reason: 'several of the largest blocks in base64, an eighth of the memory of an isolate',
  },
  rpcProbeAnswerBytesMax: {
    value: 262_144,
    unit: 'bytes',
    reason: 'version and header, a hundred times over',
  },
  rpcTimeoutMs: {
    value: 8_000,
    unit: 'milliseconds',
    reason: 'the longest script a node runs for a test call takes a second or two',
  },
  rpcProbeTimeoutMs: {
    value: 3_000,
    unit: 'milliseconds',
    reason: 'a node that needs longer for its own height is of no use',
  },
  rpcProbeEveryMs: {
    value: 5_000,
    unit: 'milliseconds',
    reason: 'a third of a block of the main network, five blocks of a private one',
  },
  rpcBackoffStartMs: {
    value: 1_000,
    unit: 'milliseconds',
    reason: 'the time a node needs to start again',
  },
  rpcBackoffMaxMs: {
    value: 60_000,
    unit: 'milliseconds',
    reason: 'a node that came back is used within a minute',
  },
  rpcCoolDownMs: {
    value: 10_000,
    unit: 'milliseconds',
    reason: 'after a 429 that names no time',
  },
  rpcCoolDownMaxMs: {
    value: 300_000,
    unit: 'milliseconds',
    reason: 'an endpoint cannot take itself out for ever by a large Retry-After',
  },
  rpcLagBlocksMax: {
    value: 4,
    unit: 'blocks',
    reason: 'one or two behind is normal between two reads',
  },
  rpcStaleBlocks: {
    value: 4,
    unit: 'block times',
    reason: 'a change of view or two; longer means that the node is cut off or the chain stands',
  },
  rpcStaleMsMin: {
    value: 10_000,
    unit: 'milliseconds',
    reason: 'networks that make empty blocks more slowly than they announce',
  },
  rpcClockAheadMsMax: {
    value: 60_000,
    unit: 'milliseconds',
    reason: 'clocks of validators and of this machine; a later block time is no proof of life',
  },
  rpcReasonCharsMax: {
    value: 512,
    unit: 'characters',
    reason: 'texts of a node are kept for people only; it chooses their length',
  },
} as const satisfies Record<string, Limit>;
