/**
 * Whether a schema of the current document still keeps what the released one promised. Requests may only grow:
 * whatever was accepted must still be. Answers may only grow by fields, and enumerations by values, which clients are
 * told to expect. Where two schemas cannot be compared, the answer is that they differ: better a false alarm than a
 * broken client.
 */
import {
  type JsonSchema,
  type OpenApiDocument,
  resolveSchema,
} from '../../worker/http/openapi-document.ts';

export type Direction = 'request' | 'answer';

export interface Pair {
  readonly released: JsonSchema;
  readonly current: JsonSchema;
}

export interface Comparison {
  readonly releasedDocument: OpenApiDocument;
  readonly currentDocument: OpenApiDocument;
  readonly direction: Direction;
}

/** Every broken promise as `pointer: what`, for people. */
export function findSchemaChanges(comparison: Comparison, pair: Pair): readonly string[] {
  return new SchemaWalk(comparison).compare(pair, '');
}

const ALL_TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

class SchemaWalk {
  readonly #comparison: Comparison;
  /** Pairs of references under way: recursive schemas end here. */
  readonly #visiting = new Set<string>();

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
  }

  compare(pair: Pair, at: string): readonly string[] {
    const key = `${pair.released.$ref ?? ''} ${pair.current.$ref ?? ''}`;
    const named = key.length > 1;
    if (named && this.#visiting.has(key)) return [];
    if (named) this.#visiting.add(key);
    const { releasedDocument, currentDocument } = this.#comparison;
    const found = this.#compareResolved(
      {
        released: resolveSchema(releasedDocument, pair.released),
        current: resolveSchema(currentDocument, pair.current),
      },
      at,
    );
    if (named) this.#visiting.delete(key);
    return found;
  }

  #compareResolved(pair: Pair, at: string): readonly string[] {
    if (choicesOf(pair.released) || choicesOf(pair.current)) return this.#compareChoices(pair, at);
    const changes =
      this.#comparison.direction === 'request' ? requestChanges(pair) : answerChanges(pair);
    return [
      ...changes.map((change) => `${at || '/'}: ${change}`),
      ...this.#compareFields(pair, at),
      ...this.#compareInner(pair, at),
    ];
  }

  /** Each choice of the narrower side must find one on the wider side that it fits. */
  #compareChoices({ released, current }: Pair, at: string): readonly string[] {
    const before = choicesOf(released) ?? [released];
    const after = choicesOf(current) ?? [current];
    const fits = (pair: Pair): boolean => this.compare(pair, at).length === 0;
    const lost =
      this.#comparison.direction === 'request'
        ? before.filter((one) => !after.some((other) => fits({ released: one, current: other })))
        : after.filter((one) => !before.some((other) => fits({ released: other, current: one })));
    return lost.map((choice) => `${at || '/'}: the choice ${describe(choice)} has no match`);
  }

  #compareFields({ released, current }: Pair, at: string): readonly string[] {
    const before = released.properties ?? {};
    const after = current.properties ?? {};
    const [wasRequired, isRequired] = [new Set(released.required), new Set(current.required)];
    const request = this.#comparison.direction === 'request';
    const changes = Object.entries(before).flatMap(([name, field]) => {
      const now = after[name];
      const place = `${at}/${name}`;
      if (now === undefined) return [`${place}: the field is gone`];
      const loose = !request && wasRequired.has(name) && !isRequired.has(name);
      return [
        ...(loose ? [`${place}: the field may now be absent`] : []),
        ...this.compare({ released: field, current: now }, place),
      ];
    });
    const asked = request ? [...isRequired].filter((name) => !wasRequired.has(name)) : [];
    return [...changes, ...asked.map((name) => `${at}/${name}: the field is now required`)];
  }

  #compareInner({ released, current }: Pair, at: string): readonly string[] {
    const items =
      released.items || current.items
        ? this.compare({ released: released.items ?? {}, current: current.items ?? {} }, `${at}/*`)
        : [];
    const [before, after] = [released.additionalProperties, current.additionalProperties];
    const entries =
      typeof before === 'object' && typeof after === 'object'
        ? this.compare({ released: before, current: after }, `${at}/*`)
        : [];
    return [...items, ...entries];
  }
}

const choicesOf = (schema: JsonSchema): readonly JsonSchema[] | undefined =>
  schema.anyOf ?? schema.oneOf;

const describe = (schema: JsonSchema): string =>
  schema.$ref ?? JSON.stringify(schema.const ?? schema.enum ?? schema.type ?? 'any');

function typesOf({ type }: JsonSchema): readonly string[] {
  const types = type === undefined ? ALL_TYPES : typeof type === 'string' ? [type] : type;
  return types.includes('number') ? [...types, 'integer'] : types;
}

const valuesOf = (schema: JsonSchema): readonly unknown[] | undefined =>
  schema.const === undefined ? schema.enum : [schema.const];

/** Bounds that allow less when they grow, and those that allow less when they shrink. */
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;
const FORMS = ['pattern', 'format', 'multipleOf', 'uniqueItems', 'contentEncoding'] as const;

function requestChanges({ released, current }: Pair): readonly string[] {
  const types = typesOf(current);
  const values = valuesOf(current);
  const before = valuesOf(released);
  const lostValues =
    values && (before?.filter((value) => !values.includes(value)) ?? ['any other']);
  const closed = current.additionalProperties === false && released.additionalProperties !== false;
  return [
    ...typesOf(released)
      .filter((type) => !types.includes(type))
      .map((type) => `${type} is no longer accepted`),
    ...(lostValues ?? []).map((value) => `the value ${String(value)} is no longer accepted`),
    ...LOWER.filter((key) => (current[key] ?? -Infinity) > (released[key] ?? -Infinity)),
    ...UPPER.filter((key) => (current[key] ?? Infinity) < (released[key] ?? Infinity)),
    ...FORMS.filter((key) => current[key] !== undefined && current[key] !== released[key]),
    ...(closed && typesOf(released).includes('object')
      ? ['further fields are no longer accepted']
      : []),
  ].map((change) => (change in current ? `${change} is tighter` : change));
}

function answerChanges({ released, current }: Pair): readonly string[] {
  const types = typesOf(released);
  return [
    ...typesOf(current)
      .filter((type) => !types.includes(type))
      .map((type) => `may now be ${type}`),
    ...(released.format !== undefined && released.format !== current.format
      ? [`is no longer ${released.format}`]
      : []),
  ];
}
