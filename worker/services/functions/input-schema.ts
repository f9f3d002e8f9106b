/**
 * Params against a function's input schema. A schema is a tenant's program: `pattern` can backtrack for ever, `$ref` can
 * recurse and `anyOf` can double at each level. So the validator (@cfworker/json-schema, made into a function by
 * `npm run generate`) runs where all tenant code runs, in the metered VM: what it costs is bounded by fuel and memory.
 */
import { execute } from '../../core/functions-runtime/execute.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { DEFAULT_RUN_LIMITS } from '../../core/functions-runtime/limits.ts';
import { err, type FieldProblem, ok, type Result } from '../../core/result.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';
import { JSON_SCHEMA_VALIDATOR } from './generated/json-schema-validator.ts';

type Schema = Record<string, unknown>;

interface Verdict {
  readonly valid: boolean;
  readonly problem: 'schema' | 'params' | null;
  readonly fields: readonly FieldProblem[];
}

/** Whether the schema itself can be used; a value is needed to try it, and any will do. */
export async function checkSchema(
  schema: Schema,
): Promise<Result<null, 'functions.input_schema_invalid'>> {
  const verdict = await judge(schema, null);
  if (verdict && verdict.problem !== 'schema') return ok(null);
  return err('functions.input_schema_invalid', {
    fields: [
      { pointer: '/inputSchema', detail: verdict?.fields[0]?.detail ?? 'is too costly to check' },
    ],
  });
}

export async function validateInput(
  schema: Schema | null | undefined,
  input: JsonValue,
): Promise<Result<null, 'functions.input_invalid'>> {
  if (!schema) return ok(null);
  const verdict = await judge(schema, input);
  if (verdict?.valid) return ok(null);
  return err('functions.input_invalid', {
    fields: verdict?.fields ?? [{ pointer: '/params', detail: 'cost too much to check' }],
  });
}

/** Undefined when the check ran out of fuel, memory or stack. */
async function judge(schema: Schema, params: JsonValue): Promise<Verdict | undefined> {
  const [runtime] = RUNTIMES;
  const result = await execute({
    runtime,
    source: JSON_SCHEMA_VALIDATOR,
    entryForm: { kind: 'expression', end: JSON_SCHEMA_VALIDATOR.length },
    params: { schema: schema as JsonValue, params },
    secrets: [],
    seed: new Uint8Array(32),
    clockMs: 0,
    limits: DEFAULT_RUN_LIMITS,
    permissions: { modules: [], httpHosts: [] },
    context: { functionId: '', accountId: '' },
    host: () => Promise.reject(new Error('a validator makes no calls')),
    signal: AbortSignal.timeout(1000),
  });
  // The validator is ours; what it answers has this form or the run failed.
  return result.status === 'succeeded' ? (result.output as unknown as Verdict) : undefined;
}
