/**
 * Bounds shared by more than one service. Every `limits.ts` exports `LIMITS`, a record of `Limit`s;
 * `GET /limits`, the docs, the CLI and the error bodies all read these records, so no layer has a
 * number of its own.
 */
export interface Limit {
  readonly value: number;
  readonly unit: string;
  /** Where the number comes from. */
  readonly reason: string;
}

export const LIMITS = {
  pageSizeDefault: { value: 25, unit: 'items', reason: 'one screen of a terminal' },
  pageSizeMax: { value: 500, unit: 'items', reason: 'keeps a page under 1 MiB at 2 KiB an item' },
  bodyBytesMax: {
    value: 1_048_576,
    unit: 'bytes',
    reason: 'four times the largest function source; operations may ask for less',
  },
  jsonDepthMax: {
    value: 64,
    unit: 'levels',
    reason: 'deeper than any real document; recursive schemas stay far from the stack',
  },
  idempotencyKeyCharsMax: { value: 255, unit: 'characters', reason: 'as Stripe and the draft use' },
  idempotencyKeepHours: {
    value: 24,
    unit: 'hours',
    reason: 'longer than any sane client retry, short enough to bound storage',
  },
  idempotencyLeaseSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'twice the longest run of a function, so a living request never loses its lease',
  },
  rowBytesMax: {
    value: 1_048_576,
    unit: 'bytes',
    reason: 'D1 and objects refuse rows of 2 MB in production; half leaves room for keys',
  },
  boundParametersMax: { value: 100, unit: 'parameters', reason: 'D1 and objects refuse more' },
  rpcBytesMax: { value: 16_777_216, unit: 'bytes', reason: 'half of the 32 MiB platform limit' },
} as const satisfies Record<string, Limit>;
