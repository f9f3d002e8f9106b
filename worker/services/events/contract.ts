/** Events of the platform about an account, in the shape of CloudEvents 1.0. */
import * as z from 'zod';
import { LIMITS } from '../../core/events/limits.ts';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';

const accountId = exampleId('account');

export const eventSchema = z
  .strictObject({
    specversion: z.literal('1.0'),
    id: z.string().meta({ description: 'Unique together with `source`.' }),
    source: z.string(),
    type: z.string().meta({ description: 'E.g. `secret.rotation_due`.' }),
    subject: z.string().optional(),
    time: timestampSchema('When it happened.'),
    datacontenttype: z.literal('application/json'),
    data: z.record(z.string(), z.json()),
    sequence: z.int().min(1).meta({ description: 'Its place among the events of the account.' }),
  })
  .meta({ id: 'PlatformEvent' });

export const listEvents = defineOperation({
  id: 'events.listEvents',
  method: 'get',
  path: '/accounts/{accountId}/events',
  summary: 'List events',
  description:
    'Oldest first. A consumer keeps the `sequence` of the last event it has seen and asks ' +
    `for what came after. Events are kept ${LIMITS.eventKeepDays.value} days and ` +
    `${LIMITS.eventsMax.value} at most; the audit log counts what was dropped.`,
  access: { kind: 'account', scope: 'events:read' },
  params: z.strictObject({ accountId: accountIdSchema }),
  query: z.strictObject({
    ...pageQuery,
    afterSequence: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .meta({ description: 'Only events after this one; `cursor` takes its place.' }),
  }),
  successes: [
    { status: 200, description: 'Events.', schema: pageOf(eventSchema, 'PlatformEventPage') },
  ],
  errors: [],
  idempotency: 'none',
  example: {
    params: { accountId },
    response: {
      items: [
        {
          specversion: '1.0',
          id: exampleId('event'),
          source: `/accounts/${accountId}`,
          type: 'secret.rotation_due',
          subject: 'secrets/webhookToken',
          time: '2026-11-01T09:00:00.000Z',
          datacontenttype: 'application/json',
          data: { name: 'webhookToken', version: 1 },
          sequence: 1,
        },
      ],
      nextCursor: null,
    },
  },
});

export const eventOperations = [listEvents] as const;
