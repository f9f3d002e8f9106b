/** Transfers between gas accounts, and reservations: GAS put aside until it is taken or given back. */
import * as z from 'zod';
import { commandIdSchema, gasAmount, gasSum } from '../../http/gas-schemas.ts';
import { defineOperation } from '../../http/operation.ts';
import {
  accountIdSchema,
  exampleId,
  pageOf,
  pageQuery,
  timestampSchema,
} from '../../http/schemas.ts';
import { LIMITS } from './limits.ts';
import {
  amountField,
  gasAccountIdSchema,
  NETWORK,
  networkField,
  params,
  read,
  TIME,
  write,
} from './shapes.ts';

const accountId = exampleId('account');
const gasAccountId = exampleId('gasAccount');

/** What the book refuses a spending with. */
const SPENDING = [
  'gasbank.fund_not_found',
  'gasbank.command_conflict',
  'gasbank.full',
  'gasbank.budget_exceeded',
  'gasbank.insufficient_funds',
] as const;

const transferSchema = z
  .strictObject({
    id: commandIdSchema,
    network: networkField,
    fromGasAccountId: gasAccountIdSchema,
    toGasAccountId: gasAccountIdSchema,
    amount: gasSum('What was moved.'),
    at: timestampSchema('When it was done.'),
    sequence: z.int().meta({ description: 'Its entry in the book.' }),
  })
  .meta({ id: 'GasTransfer' });

export const createTransfer = defineOperation({
  id: 'gasbank.createTransfer',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/transfers',
  summary: 'Move GAS between two gas accounts',
  description:
    'Of this account, on one network: nothing moves between networks. It counts against the daily ' +
    'limit of the gas account it leaves, and keeps its minimum balance.',
  access: write,
  params,
  body: z.strictObject({
    id: commandIdSchema,
    fromGasAccountId: gasAccountIdSchema,
    toGasAccountId: gasAccountIdSchema,
    amount: amountField,
  }),
  successes: [{ status: 201, description: 'The transfer.', schema: transferSchema }],
  errors: SPENDING,
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      id: 'rent-november',
      fromGasAccountId: gasAccountId,
      toGasAccountId: 'gas_01k4j8x1e0e4r9v2m3n5p6q7rt',
      amount: '1.5',
    },
    response: {
      id: 'rent-november',
      network: NETWORK,
      fromGasAccountId: gasAccountId,
      toGasAccountId: 'gas_01k4j8x1e0e4r9v2m3n5p6q7rt',
      amount: '1.5',
      at: TIME,
      sequence: 8,
    },
  },
});

const reservationSchema = z
  .strictObject({
    id: z.string().meta({ description: 'As the service that made it called it.' }),
    service: z.string().meta({ description: 'Who alone can end it; `reservations` for these.' }),
    network: networkField,
    gasAccountId: gasAccountIdSchema.nullable(),
    amount: gasSum('What was put aside; it does not change.'),
    credits: z.string().meta({ description: 'Put aside besides, decimal.' }),
    purpose: z.string().meta({ description: 'What usage is counted under.' }),
    state: z.enum(['held', 'captured', 'released', 'expired']),
    createdAt: timestampSchema('When it was made.'),
    expiresAt: timestampSchema(
      'When it ends by itself; null for one bound to a transaction.',
    ).nullable(),
    endedAt: timestampSchema('When it ended.').nullable(),
  })
  .meta({ id: 'GasReservation' });

const reservationExample = {
  id: 'job-1',
  service: 'reservations',
  network: NETWORK,
  gasAccountId,
  amount: '0.5',
  credits: '0',
  purpose: 'reservations.rendering',
  state: 'held',
  createdAt: TIME,
  expiresAt: '2026-11-01T10:00:00.000Z',
  endedAt: null,
} as const;
const ended = { ...reservationExample, endedAt: '2026-11-01T09:30:00.000Z' } as const;

export const createReservation = defineOperation({
  id: 'gasbank.createReservation',
  method: 'post',
  path: '/accounts/{accountId}/gasbank/reservations',
  summary: 'Put GAS aside',
  description:
    'Until part or all of it is captured for work that was paid, it is released, or its time is ' +
    'over. Only what these operations put aside can be ended by them.',
  access: write,
  params,
  body: z.strictObject({
    id: commandIdSchema,
    gasAccountId: gasAccountIdSchema,
    amount: amountField,
    purpose: z
      .string()
      .regex(
        new RegExp(`^[a-z0-9][a-z0-9_-]{0,${LIMITS.reservationPurposeCharsMax.value - 1}}$`),
        `has other than 1 to ${LIMITS.reservationPurposeCharsMax.value} of a-z, 0-9, _ and -`,
      )
      .meta({ description: 'Usage is counted under `reservations.<purpose>`.' }),
    expiresInSeconds: z.int().min(1).max(LIMITS.reservationSecondsMax.value).meta({
      description: 'After so long all of it is given back.',
    }),
  }),
  successes: [{ status: 201, description: 'The reservation.', schema: reservationSchema }],
  errors: SPENDING,
  idempotency: 'catalogue',
  example: {
    params: { accountId },
    body: {
      id: 'job-1',
      gasAccountId,
      amount: '0.5',
      purpose: 'rendering',
      expiresInSeconds: 3_600,
    },
    response: reservationExample,
  },
});

export const listReservations = defineOperation({
  id: 'gasbank.listReservations',
  method: 'get',
  path: '/accounts/{accountId}/gasbank/reservations',
  summary: 'List what is put aside',
  description:
    'All that is open in the book of one network, whichever service made it: first what a ' +
    'transaction decides, then by the time it ends.',
  access: read,
  params,
  query: z.strictObject({ ...pageQuery, network: networkField }),
  successes: [
    {
      status: 200,
      description: 'A page of open reservations.',
      schema: pageOf(reservationSchema, 'GasReservationPage'),
    },
  ],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: {
    params: { accountId },
    query: { network: NETWORK },
    response: { items: [reservationExample], nextCursor: null },
  },
});

const reservationParams = z.strictObject({
  accountId: accountIdSchema,
  network: networkField,
  reservationId: commandIdSchema,
});
const reservationPath = '/accounts/{accountId}/gasbank/reservations/{network}/{reservationId}';
const reservationPlace = { accountId, network: NETWORK, reservationId: 'job-1' } as const;

export const getReservation = defineOperation({
  id: 'gasbank.getReservation',
  method: 'get',
  path: reservationPath,
  summary: 'Read a reservation',
  description: 'Open or ended.',
  access: read,
  params: reservationParams,
  successes: [{ status: 200, description: 'The reservation.', schema: reservationSchema }],
  errors: ['chain.network_unknown'],
  idempotency: 'none',
  example: { params: reservationPlace, response: reservationExample },
});

export const captureReservation = defineOperation({
  id: 'gasbank.captureReservation',
  method: 'post',
  path: `${reservationPath}/capture`,
  summary: 'Take what was put aside',
  description:
    'Part or all of it is spent; the rest is given back. Done once: the same amount again answers ' +
    'the same.',
  access: write,
  params: reservationParams,
  body: z.strictObject({
    amount: gasAmount('How much; the rest is given back. Default: all.').optional(),
  }),
  successes: [{ status: 200, description: 'The reservation.', schema: reservationSchema }],
  errors: [
    'chain.network_unknown',
    'gasbank.hold_ended',
    'gasbank.command_conflict',
    'gasbank.amount_above_hold',
  ],
  idempotency: 'catalogue',
  example: {
    params: reservationPlace,
    body: { amount: '0.25' },
    response: { ...ended, state: 'captured' },
  },
});

export const releaseReservation = defineOperation({
  id: 'gasbank.releaseReservation',
  method: 'post',
  path: `${reservationPath}/release`,
  summary: 'Give back what was put aside',
  description: 'All of it. Done once: again it answers the same.',
  access: write,
  params: reservationParams,
  successes: [{ status: 200, description: 'The reservation.', schema: reservationSchema }],
  errors: ['chain.network_unknown', 'gasbank.hold_ended'],
  idempotency: 'catalogue',
  example: { params: reservationPlace, response: { ...ended, state: 'released' } },
});

export const moneyOperations = [
  createTransfer,
  createReservation,
  listReservations,
  getReservation,
  captureReservation,
  releaseReservation,
] as const;
