/**
 * Params against a function's input schema. A schema is a tenant's program: `pattern` can
 * backtrack for ever, `$ref` can recurse and `anyOf` can double at each level. So the validator
 * (@cfworker/json-schema, made into a function by `npm run generate`) runs where all tenant code
 * runs, in the metered VM: what it costs is bounded by fuel and memory.
 */
import { execute } from '../../core/functions-runtime/execute.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { DEFAULT_RUN_LIMITS } from '../../core/functions-runtime/limits.ts';
import { err, type FieldProblem, ok, type Result } from '../../core/result.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';
import { JSON_SCHEMA_VALIDATOR } from './generated/json-schema-validator.ts';
import { inTurn } from './in-turn.ts';
import type { VersionRow } from './store.ts';

type Schema = Record<string, unknown>;

interface Verdict {
  readonly valid: boolean;
  readonly problem: 'schema' | 'params' | null;
  readonly fields: readonly FieldProblem[];
}

/** Whether the schema itself can be used; a value is needed to try it, and any will do. */
export async function checkSchema(
  accountId: string,
  schema: Schema,
): Promise<Result<null, 'functions.input_schema_invalid' | 'functions.capacity'>> {
  const judged = await judge(accountId, { schema, inputs: [null] });
  if (!judged.ok) return judged;
  const verdict = judged.value;
  if (verdict && verdict.problem !== 'schema') return ok(null);
  return err('functions.input_schema_invalid', {
    fields: [
      { pointer: '/inputSchema', detail: verdict?.fields[0]?.detail ?? 'is too costly to check' },
    ],
  });
}

type Checked = Promise<Result<null, 'functions.input_invalid' | 'functions.capacity'>>;

/**
 * Every input of a request in one run, so that what a request may cost is one run's fuel however
 * many inputs it has. `at` is where an input stands in the request: `/params`, `/inputs/3`.
 */
export async function checkInputs(
  { accountId, inputSchema }: Pick<VersionRow, 'accountId' | 'inputSchema'>,
  inputs: readonly JsonValue[],
  at: (index: number) => string,
): Checked {
  if (!inputSchema) return ok(null);
  const judged = await judge(accountId, { schema: inputSchema, inputs });
  if (!judged.ok) return judged;
  const verdict = judged.value;
  if (verdict?.valid) return ok(null);
  if (!verdict)
    return err('functions.input_invalid', {
      fields: [{ pointer: at(0), detail: 'cost too much to check' }],
    });
  const fields = verdict.fields.map(({ pointer, detail }) => {
    const [, index = '0', ...rest] = pointer.split('/');
    return { pointer: [at(Number(index)), ...rest].join('/'), detail };
  });
  return err('functions.input_invalid', { fields });
}

export const checkParams = (
  version: Pick<VersionRow, 'accountId' | 'inputSchema'>,
  params: JsonValue,
): Checked => checkInputs(version, [params], () => '/params');

/** Undefined when the check ran out of fuel, memory or stack. */
async function judge(
  accountId: string,
  { schema, inputs }: { readonly schema: Schema; readonly inputs: readonly JsonValue[] },
): Promise<Result<Verdict | undefined, 'functions.capacity'>> {
  const [runtime] = RUNTIMES;
  const run = await inTurn(accountId, (guest) =>
    execute({
      runtime,
      guest,
      source: JSON_SCHEMA_VALIDATOR,
      entryForm: { kind: 'expression', end: JSON_SCHEMA_VALIDATOR.length },
      // It was parsed from JSON.
      params: { schema: schema as JsonValue, inputs },
      secrets: [],
      seed: new Uint8Array(32),
      clockMs: 0,
      limits: DEFAULT_RUN_LIMITS,
      permissions: { modules: [], httpHosts: [] },
      context: { functionId: '', accountId: '' },
      host: () => Promise.reject(new Error('a validator makes no calls')),
      signal: new AbortController().signal,
    }),
  );
  if (!run.ok) return run;
  // The validator is ours; what it answers has this form or the run failed.
  const verdict = run.value.status === 'succeeded' ? (run.value.output as unknown) : undefined;
  return ok(verdict as Verdict | undefined);
}
