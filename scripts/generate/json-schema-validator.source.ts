/**
 * The entry of the validator that runs inside the metered VM: `({ schema, inputs }) =>
 * verdict`. Bundled to one expression by scripts/generate/json-schema-validator.ts. A schema that
 * nothing could be checked against is its author's mistake and is told as such, before anybody sends
 * params.
 */
import { dereference, type Schema, Validator } from '@cfworker/json-schema';

interface Field {
  readonly pointer: string;
  readonly detail: string;
}

const FIELDS_MAX = 20;

export function validate({ schema, inputs }: { schema: Schema; inputs: readonly unknown[] }) {
  try {
    assertUsable(schema);
    const validator = new Validator(schema, '2020-12', false);
    validator.validate(null);
    const fields = inputs.flatMap((input, index) => fieldsOf(validator, { input, index }));
    const valid = fields.length === 0;
    return { valid, problem: valid ? null : 'params', fields: fields.slice(0, FIELDS_MAX) };
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : 'is not a JSON Schema';
    return { valid: false, problem: 'schema', fields: [{ pointer: '', detail }] };
  }
}

function fieldsOf(
  validator: Validator,
  { input, index }: { readonly input: unknown; readonly index: number },
): Field[] {
  const { errors } = validator.validate(input);
  return errors.slice(0, FIELDS_MAX).map(({ instanceLocation, error }) => ({
    pointer: `/${index}${instanceLocation.slice(1)}`,
    detail: error,
  }));
}

/** Patterns and references are otherwise met only by params that get that far. */
function assertUsable(schema: Schema): void {
  const parts = dereference(schema);
  for (const part of Object.values(parts)) {
    if (typeof part === 'boolean') continue;
    if (part.pattern !== undefined) new RegExp(part.pattern, 'u').test('');
    for (const pattern of Object.keys(part.patternProperties ?? {}))
      new RegExp(pattern, 'u').test('');
    const reference = part.__absolute_ref__ ?? part.$ref;
    if (reference !== undefined && parts[reference] === undefined)
      throw new Error(`Unresolved $ref "${part.$ref}"`);
  }
}
