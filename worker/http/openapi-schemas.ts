/**
 * zod schemas as JSON Schema 2020-12, by zod's own `toJSONSchema`, with every schema that has
 * `.meta({ id })` lifted into one set of components. A request describes what may be sent and an
 * answer what will come; where the two differ (a default makes a field optional in one and certain
 * in the other) the request's form is named `<id>Input`. Requests are closed, an unknown field is
 * refused; answers are open, so that a field added later breaks no client that validates. Key order
 * is fixed: the same contract always gives the same bytes.
 */
import * as z from 'zod';
import { assert } from '../core/assert.ts';
import { componentRef, type JsonSchema } from './openapi-document.ts';

type Side = 'input' | 'output';

/**
 * What zod hands over: the same shape, with definitions beside it and our own `example` in `meta`.
 */
type Raw = Record<string, unknown>;

const KEY_ORDER = [
  '$ref',
  'title',
  'description',
  'type',
  'format',
  'contentEncoding',
  'contentMediaType',
  'const',
  'enum',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'items',
  'prefixItems',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
];

/** What `z.json()` becomes: any JSON value, which JSON Schema says with the empty schema. */
const anonymousText = (definition: unknown): string =>
  JSON.stringify(definition).replace(/__schema\d+/g, '__schema');

export class SchemaComponents {
  /** Made with the document and not with the module, which every cold start would wait for. */
  readonly #anyJson = anonymousText(
    Object.values(z.toJSONSchema(z.strictObject({ any: z.json() })).$defs ?? {})[0] ?? {},
  );
  readonly #bySide: Record<Side, Map<string, Raw>> = { input: new Map(), output: new Map() };

  /** The schema as it stands in the document; components it names are remembered. */
  add(schema: z.ZodType, side: Side): JsonSchema {
    // Wrapped, so that a schema that refers to itself gets a name in place of `#`, the root of
    // nothing we publish.
    const wrapped = z.toJSONSchema(z.strictObject({ it: schema }), { io: side }) as Raw;
    const { $defs = {}, properties } = wrapped;
    const { it: root } = properties as Record<'it', Raw>;
    for (const [name, definition] of Object.entries($defs as Record<string, Raw>)) {
      if (name.startsWith('__schema')) {
        assert(
          anonymousText(definition) === this.#anyJson,
          'a recursive schema in a contract needs .meta({ id })',
        );
        continue;
      }
      const text = JSON.stringify(definition);
      const earlier = this.#bySide[side].get(name);
      assert(
        earlier === undefined || JSON.stringify(earlier) === text,
        `two different schemas in the contracts have the id ${name}`,
      );
      this.#bySide[side].set(name, definition);
    }
    return toSide(root, side);
  }

  /** All components by name, and the names under which requests find theirs. */
  finish(): { readonly schemas: Record<string, JsonSchema>; readonly rename: Rename } {
    const { input, output } = this.#bySide;
    const split = this.#splitNames();
    const named = new Map<string, JsonSchema>();
    const rename = (schema: JsonSchema): JsonSchema => renameRefs(schema, split);
    for (const [name, raw] of output) named.set(name, rename(toSide(raw, 'output')));
    for (const [name, raw] of input) {
      const own = split.has(name) ? `${name}Input` : name;
      assert(own === name || !output.has(own), `the id ${own} is already taken`);
      named.set(own, rename(toSide(raw, 'input')));
    }
    const sorted = [...named].sort(([a], [b]) => (a < b ? -1 : 1));
    return { schemas: Object.fromEntries(sorted), rename };
  }

  /** Ids whose two sides differ, or that lead to one whose sides differ. */
  #splitNames(): ReadonlySet<string> {
    const { input, output } = this.#bySide;
    const shared = [...input.keys()].filter((name) => output.has(name));
    const split = new Set(
      shared.filter((name) => openText(input.get(name)) !== openText(output.get(name))),
    );
    for (let before = -1; before !== split.size; ) {
      before = split.size;
      for (const name of shared) {
        const text = JSON.stringify(input.get(name));
        if ([...split].some((other) => text.includes(`"#/$defs/${other}"`))) split.add(name);
      }
    }
    return split;
  }
}

/** For comparing two sides: text without the closing of objects, in which they always differ. */
const openText = (raw: Raw | undefined): string =>
  JSON.stringify(raw, (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );

export type Rename = (schema: JsonSchema) => JsonSchema;

const INPUT_MARK = '#input/';

/**
 * Fixed key order, component references, `examples` for `example`; references from requests are
 * marked for renaming.
 */
function toSide(raw: Raw, side: Side): JsonSchema {
  const visit = (value: unknown): JsonSchema => tidy(value as Raw, side, visit);
  return visit(raw);
}

function tidy(raw: Raw, side: Side, visit: (value: unknown) => JsonSchema): JsonSchema {
  const { id: _, example, ...rest } = raw;
  if (typeof rest.$ref === 'string') {
    const name = rest.$ref.slice('#/$defs/'.length);
    if (name.startsWith('__schema')) delete rest.$ref;
    else rest.$ref = side === 'input' ? `${INPUT_MARK}${name}` : componentRef(name);
  }
  if (example !== undefined) rest.examples = [example];
  if (side === 'output' && rest.additionalProperties === false) delete rest.additionalProperties;
  // The format says it; zod's calendar expression is half a screen of digits.
  if (rest.format === 'date-time') delete rest.pattern;
  if (rest.maximum === Number.MAX_SAFE_INTEGER) delete rest.maximum;
  if (rest.minimum === Number.MIN_SAFE_INTEGER) delete rest.minimum;
  for (const key of ['items', 'additionalProperties', 'propertyNames', 'not'])
    if (typeof rest[key] === 'object') rest[key] = visit(rest[key]);
  for (const key of ['anyOf', 'oneOf', 'allOf', 'prefixItems'])
    if (Array.isArray(rest[key])) rest[key] = rest[key].map(visit);
  if (rest.properties)
    rest.properties = Object.fromEntries(
      Object.entries(rest.properties).map(([name, schema]) => [name, visit(schema)]),
    );
  return inOrder(rest);
}

const inOrder = (schema: Raw): JsonSchema => {
  const known = KEY_ORDER.filter((key) => key in schema);
  const others = Object.keys(schema).filter((key) => !KEY_ORDER.includes(key));
  return Object.fromEntries([...known, ...others.sort()].map((key) => [key, schema[key]]));
};

/** Resolves marked references once every component is known. */
function renameRefs(schema: JsonSchema, split: ReadonlySet<string>): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string' || !value.startsWith(INPUT_MARK)) return value;
    const name = value.slice(INPUT_MARK.length);
    return componentRef(split.has(name) ? `${name}Input` : name);
  });
  return JSON.parse(text) as JsonSchema;
}
