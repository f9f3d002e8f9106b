/**
 * The entry of the validator that runs inside the metered VM: `({ schema, params }) => verdict`. Bundled to one
 * expression by scripts/generate/json-schema-validator.ts.
 */
import { type Schema, Validator } from '@cfworker/json-schema';

interface Field {
  readonly pointer: string;
  readonly detail: string;
}

const FIELDS_MAX = 20;

export function validate({ schema, params }: { schema: Schema; params: unknown }) {
  let validator: Validator;
  try {
    validator = new Validator(schema, '2020-12', false);
    validator.validate(null);
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : 'is not a JSON Schema';
    return { valid: false, problem: 'schema', fields: [{ pointer: '/inputSchema', detail }] };
  }
  const { valid, errors } = validator.validate(params);
  const fields: Field[] = errors.slice(0, FIELDS_MAX).map(({ instanceLocation, error }) => ({
    pointer: `/params${instanceLocation.slice(1)}`,
    detail: error,
  }));
  return { valid, problem: valid ? null : 'params', fields };
}
