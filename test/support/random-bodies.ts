/**
 * Random bodies for a zod schema, made from the JSON Schema that the contract publishes: bodies
 * that a client could well send, pushed to the ends of every bound, and the same with one place
 * replaced by something nobody asked for. They are inputs of properties; whether a body is accepted
 * is for the schema to say.
 */
import * as fc from 'fast-check';
import * as z from 'zod';

interface Node {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Node;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly propertyNames?: Node;
}

type Any = fc.Arbitrary<unknown>;

const DEPTH_MAX = 10;
/** Longer text is drawn at exactly its bound only, so that a run stays fast. */
const FREE_CHARACTERS_MAX = 64;
/** Text of this length and more is drawn seldom: a body may hold many of them. */
const LONG_CHARACTERS = 2_000;
const ITEMS_MAX = 6;
const TIMES = ['2026-11-01T09:00:00Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999+14:00'];

/** Bodies of which most are accepted where the schema has no rule that JSON Schema cannot say. */
export function validBodies(schema: z.ZodType): Any {
  // The generator's own form, of which the fields above are all that zod writes.
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
  return draw(root, { root, depth: 0 });
}

/**
 * Bodies biased to valid but extreme, with one place of some replaced, and now and then any JSON at
 * all.
 */
export function randomBodies(schema: z.ZodType): Any {
  const valid = validBodies(schema);
  const mutated = fc
    .tuple(valid, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), hostile)
    .map(([body, way, value]) => replaceAt(body, way, value));
  return fc.oneof(
    { arbitrary: valid, weight: 6 },
    { arbitrary: mutated, weight: 5 },
    { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
  );
}

interface Place {
  readonly root: Node;
  readonly depth: number;
}

function draw(node: Node, place: Place): Any {
  const { root, depth } = place;
  if (depth > DEPTH_MAX) return fc.constant(null);
  const inside = { root, depth: depth + 1 };
  if (node.$ref !== undefined) return draw(resolve(node.$ref, root), inside);
  if ('const' in node) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  const choices = node.anyOf ?? node.oneOf ?? node.allOf;
  if (choices) return fc.oneof(...choices.map((choice) => draw(choice, inside)));
  const types = typeof node.type === 'string' ? [node.type] : (node.type ?? ['any']);
  return fc.oneof(...types.map((type) => drawType(type, node, inside)));
}

function drawType(type: string, node: Node, inside: Place): Any {
  switch (type) {
    case 'string':
      return drawText(node);
    case 'integer':
      return drawInteger(node);
    case 'number':
      return fc.oneof(drawInteger(node), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return drawItems(node, inside);
    case 'object':
      return drawFields(node, inside);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function resolve(reference: string, root: Node): Node {
  const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  return (name === undefined ? root : root.$defs?.[name]) ?? {};
}

function drawText({ pattern, format, minLength = 0, maxLength = 1_000 }: Node): Any {
  if (format === 'date-time') return fc.constantFrom(...TIMES);
  const lengths = {
    minLength,
    maxLength: Math.max(minLength, Math.min(maxLength, FREE_CHARACTERS_MAX)),
  };
  const longest = fc.constantFrom('z'.repeat(maxLength), '🦩'.repeat(maxLength >> 1));
  const free = fc.oneof(
    fc.constant('a'.repeat(minLength)),
    fc.string({ unit: 'binary', ...lengths }),
    fc.string({ unit: 'grapheme', ...lengths }),
  );
  return fc.oneof(
    { arbitrary: pattern === undefined ? free : matching(pattern), weight: 30 },
    { arbitrary: longest, weight: maxLength > LONG_CHARACTERS ? 1 : 10 },
  );
}

/** By pattern: the library takes up to a tenth of a second to make one, and ids are everywhere. */
const drawn = new Map<string, Any>();

function matching(pattern: string): Any {
  const known = drawn.get(pattern);
  if (known) return known;
  const fresh = drawPattern(pattern);
  drawn.set(pattern, fresh);
  return fresh;
}

/** A pattern the library cannot draw from still has the other texts. */
function drawPattern(pattern: string): Any {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 256 });
  } catch {
    return fc.string({ maxLength: FREE_CHARACTERS_MAX });
  }
}

function drawInteger({ minimum, maximum }: Node): Any {
  const least = Math.max(minimum ?? Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER);
  const most = Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return fc.oneof(
    fc.constantFrom(least, most),
    fc.maxSafeInteger().map((value) => Math.min(most, Math.max(least, value))),
  );
}

function drawItems({ items = {}, minItems = 0, maxItems = 1_000 }: Node, inside: Place): Any {
  const few = Math.min(maxItems, minItems + ITEMS_MAX);
  return fc.array(draw(items, inside), { minLength: minItems, maxLength: few });
}

function drawFields(node: Node, inside: Place): Any {
  const fields = Object.entries(node.properties ?? {});
  const drawn = Object.fromEntries(fields.map(([name, field]) => [name, draw(field, inside)]));
  const record = fc.record(drawn, { requiredKeys: [...(node.required ?? [])] });
  const { additionalProperties: more } = node;
  if (more === undefined || more === false) return record;
  const names = node.propertyNames ? draw(node.propertyNames, inside) : fc.string();
  const entries = fc.array(fc.tuple(names.map(String), draw(more === true ? {} : more, inside)), {
    maxLength: ITEMS_MAX,
  });
  return fc
    .tuple(record, entries)
    .map(([known, extra]) => ({ ...known, ...Object.fromEntries(extra) }));
}

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

/**
 * What breaks careless code: other types, ends of number ranges, text that is no text, names of the
 * prototype.
 */
const hostile: Any = fc.oneof(
  fc.constantFrom(null, true, 0, -0, -1, 1.5, 1e308, 5e-324, 2 ** 53, -(2 ** 63)),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    'a\udc00b',
    '\ufeff',
    '\u202e',
    '%00',
    'NaN',
    'true',
  ),
  fc.constantFrom("'; DROP TABLE accounts; --", '../../etc/passwd', 'x'.repeat(10_000)),
  fc.constantFrom('9'.repeat(400), '__proto__', 'constructor', 'toString', 'hasOwnProperty'),
  fc.constantFrom<unknown>([], {}, [null], [[]], deep(60)),
  fc.constant(Array.from({ length: 1_000 }, (_, index) => index)),
  fc.constant(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, index]))),
  fc.constant(
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}') as unknown,
  ),
);

/**
 * Follows the numbers into the body and replaces what it finds there, or adds it under a name
 * nobody asked for.
 */
function replaceAt(body: unknown, [step = 0, ...rest]: readonly number[], value: unknown): unknown {
  if (typeof body !== 'object' || body === null) return value;
  const entries = Object.entries(body);
  if (step % 5 === 0) return Array.isArray(body) ? [...body, value] : { ...body, surprise: value };
  const [name, child] = entries[step % Math.max(1, entries.length)] ?? ['surprise', undefined];
  const placed = rest.length === 0 ? value : replaceAt(child, rest, value);
  if (Array.isArray(body))
    return body.map((item: unknown, index) => (String(index) === name ? placed : item));
  return { ...body, [name]: placed };
}
