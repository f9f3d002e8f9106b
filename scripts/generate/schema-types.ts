/**
 * JSON Schema 2020-12, as zod writes it, as TypeScript types with their descriptions. Only what our
 * document contains is understood; a keyword that would change the type and is not known here stops
 * the generator rather than being ignored.
 */
import { componentName, type JsonSchema } from '../../worker/http/openapi-document.ts';

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** Whether absent fields may also be written as `undefined`: convenient to send, never received. */
export type Side = 'input' | 'output';

export function renderType(schema: JsonSchema, side: Side, indent = ''): string {
  const name = componentName(schema);
  if (name !== undefined) return typeName(name);
  if (schema.$ref !== undefined) throw new Error(`cannot follow ${schema.$ref}`);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map((choice) => renderType(choice, side, indent)));
  if (schema.allOf)
    return schema.allOf.map((part) => `(${renderType(part, side, indent)})`).join(' & ');
  if (typeof schema.type === 'object')
    return union(schema.type.map((type) => renderType({ ...schema, type }, side, indent)));
  if (schema.type === 'array') return renderArray(schema, side, indent);
  if (schema.type === 'object') return renderObject(schema, side, indent);
  if (schema.type === undefined) return 'unknown';
  const primitive = PRIMITIVES[schema.type];
  if (primitive === undefined) throw new Error(`there is no type for ${schema.type}`);
  return primitive;
}

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

function renderArray(schema: JsonSchema, side: Side, indent: string): string {
  if (schema.prefixItems)
    return `readonly [${schema.prefixItems.map((item) => renderType(item, side, indent)).join(', ')}]`;
  const item = renderType(schema.items ?? {}, side, indent);
  return `readonly ${/[|& {]/.test(item) ? `(${item})` : item}[]`;
}

function renderObject(schema: JsonSchema, side: Side, indent: string): string {
  const { properties = {}, additionalProperties } = schema;
  const fields = Object.keys(properties);
  if (fields.length === 0) {
    const value = typeof additionalProperties === 'object' ? additionalProperties : {};
    const type = additionalProperties === false ? 'never' : renderType(value, side, indent);
    return `Readonly<Record<string, ${type}>>`;
  }
  return `{\n${renderFields(schema, side, `${indent}  `)}${indent}}`;
}

/** The fields of an object, one a line, with their descriptions above. */
export function renderFields(schema: JsonSchema, side: Side, indent: string): string {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties)
    .map(([name, property]) => {
      const optional = !required.includes(name);
      const undefinedToo = optional && side === 'input' ? ' | undefined' : '';
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
      const type = renderType(property, side, indent);
      return `${renderDoc(property, indent)}${indent}readonly ${key}${optional ? '?' : ''}: ${type}${undefinedToo};\n`;
    })
    .join('');
}

function renderDoc(schema: JsonSchema, indent: string): string {
  const standard =
    schema.default === undefined ? [] : [`Default: ${JSON.stringify(schema.default)}.`];
  return docComment([...(schema.description ? [schema.description] : []), ...standard], indent);
}

/**
 * A doc comment of one or more lines; nothing for nothing. What would end the comment is broken up.
 */
export function docComment(paragraphs: readonly string[], indent: string): string {
  const lines = paragraphs.flatMap((text) => text.replaceAll('*/', '*\\/').split('\n'));
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

/** Names a component must not take: TypeScript's own, and those of the generated file. */
const TAKEN = new Set(
  [
    'Readonly Record Promise Object String Number Boolean Array Error',
    'Operations OperationId Services ErrorCode CallOptions',
  ].flatMap((names) => names.split(' ')),
);

export function typeName(component: string): string {
  if (!/^[A-Z]\w*$/.test(component) || TAKEN.has(component))
    throw new Error(`the schema id ${component} cannot be the name of a type`);
  return component;
}
