/**
 * W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/): version 00 of `traceparent`. A
 * malformed or all-zero header starts a new trace, as section 3.2.2 asks; we never trust the
 * caller's sampling decision for anything.
 */
import { bytesToHex } from '@noble/hashes/utils.js';

export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/;

/** `random` is 24 fresh bytes: 16 for a trace id, if one is needed, and 8 for our own span. */
export function continueTrace(header: string | undefined, random: Uint8Array): Trace {
  const parsed = header === undefined ? null : TRACEPARENT.exec(header);
  const [, traceId = '', parentId = ''] = parsed ?? [];
  const valid = parsed !== null && !/^0+$/.test(traceId) && !/^0+$/.test(parentId);
  return {
    traceId: valid ? traceId : bytesToHex(random.slice(0, 16)),
    spanId: bytesToHex(random.slice(16, 24)),
  };
}

export const toTraceparent = (trace: Trace): string => `00-${trace.traceId}-${trace.spanId}-01`;
