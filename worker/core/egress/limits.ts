/**
 * Bounds of every request that leaves the platform on behalf of a tenant; the Node door of `npm
 * start` reads them too.
 */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  egressUrlCharsMax: { value: 8192, unit: 'characters', reason: 'what common servers accept' },
  egressRedirectsMax: {
    value: 5,
    unit: 'redirects',
    reason: 'real chains (http to https to www to locale) are shorter; a loop ends soon',
  },
  egressTimeoutMs: {
    value: 10_000,
    unit: 'milliseconds',
    reason: 'a third of the 30 s a run may await, so that one dead host cannot eat it all',
  },
  egressRequestBytesMax: {
    value: 1_048_576,
    unit: 'bytes',
    reason: 'as large as the largest body the API itself accepts',
  },
  egressResponseBytesMax: {
    value: 4_194_304,
    unit: 'bytes',
    reason: 'the 4 MB one run may read in total; counted after decompression',
  },
  egressHeadersMax: { value: 100, unit: 'headers', reason: 'as common servers bound them' },
  egressHeaderBytesMax: {
    value: 32_768,
    unit: 'bytes',
    reason: 'twice what Node accepts by default, so no honest answer is refused',
  },
  egressAddressesMax: {
    value: 64,
    unit: 'addresses',
    reason: 'more answers than this from one name is an attack on the resolver loop, not a service',
  },
} as const satisfies Record<string, Limit>;
