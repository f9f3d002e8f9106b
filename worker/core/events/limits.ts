/** Bounds of the outbox of platform events. */
import type { Limit } from '../limits.ts';

export const LIMITS = {
  eventKeepDays: { value: 7, unit: 'days', reason: 'a consumer that is down over a long weekend' },
  eventsMax: { value: 10_000, unit: 'events', reason: 'at 4 KiB each 40 MB, out of 10 GB' },
  eventBytesMax: {
    value: 16_384,
    unit: 'bytes',
    reason: 'an event names what happened; it carries no payload',
  },
} as const satisfies Record<string, Limit>;
