/**
 * Events of the platform itself (`execution.failed`, `secret.rotation_due`) in the shape of
 * CloudEvents 1.0, section 3: source and id together are unique, so a consumer can drop what it has
 * seen. `data` is JSON and never a secret.
 */
import * as z from 'zod';
import { err, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';

const eventSchema = z.object({
  specversion: z.literal('1.0').default('1.0'),
  id: z.string().min(1).max(200),
  source: z.string().min(1).max(300),
  type: z.string().min(1).max(200),
  subject: z.string().min(1).max(300).exactOptional(),
  time: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()).exactOptional(),
});

export interface PlatformEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339. */
  readonly time: string;
  /** JSON text: consumers pass it on, nobody in between needs to read it. */
  readonly dataJson: string;
}

/** Anything beyond the bounds is refused whole: an event with half its data would mislead. */
export function parsePlatformEvent(body: unknown): Result<PlatformEvent, 'request.malformed'> {
  const parsed = eventSchema.safeParse(body);
  if (!parsed.success)
    return err('request.malformed', { detail: z.prettifyError(parsed.error).slice(0, 300) });
  const { specversion: _one, data, ...attributes } = parsed.data;
  const dataJson = JSON.stringify(data ?? {});
  if (dataJson.length > LIMITS.eventBytesMax.value)
    return err('request.malformed', { detail: 'The data of the event is too large' });
  return ok({ ...attributes, dataJson });
}
