/** Why an action was not carried out, as its execution tells it. */
import type * as z from 'zod';
import { ERRORS } from '../../core/errors.ts';
import { err, type Failure } from '../../core/result.ts';
import type { ActionOutcome } from './deps.ts';

export function failed({ code, detail, fields = [] }: Failure): ActionOutcome {
  const places = fields.map((field) => `${field.pointer}: ${field.detail}`);
  const message = [...places, ...(detail === undefined ? [] : [detail])].join('; ');
  return { outcome: 'failed', error: { code, message: message || ERRORS[code].title } };
}

/** Params that the service cannot read. */
export const malformed = ({ issues }: z.ZodError) =>
  err('functions.call_invalid', {
    fields: issues.map(({ path, message }) => ({
      pointer: `/${path.join('/')}`,
      detail: message,
    })),
  });
