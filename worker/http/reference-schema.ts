/**
 * Schemas as tables a person reads: one row a field, nested objects as dotted names, bounds and
 * defaults in words.
 */
import {
  componentName,
  type JsonSchema,
  type OpenApiDocument,
  resolveSchema,
} from './openapi-document.ts';
import { escapeHtml, renderInline } from './reference-html.ts';

/** Deeper fields are reached through the link to the component they belong to. */
const NESTING_MAX = 3;

interface Row {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

export function renderFieldTable(document: OpenApiDocument, schema: JsonSchema): string {
  const rows = toRows(resolveSchema(document, schema), '', 1);
  if (rows.length === 0) return `<p>${renderTypeOf(schema)}</p>`;
  return renderTable(
    ['Field', 'Type', 'Meaning'],
    rows.map(({ name, schema: field, required }) => [
      `<code>${escapeHtml(name)}</code>${required ? '' : '<br><span class="quiet">optional</span>'}`,
      renderTypeOf(field),
      renderMeaning(field),
    ]),
  );
}

function toRows(schema: JsonSchema, prefix: string, depth: number): readonly Row[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = { name: path, schema: field, required: required.includes(name) };
    const inner = field.type === 'array' && field.items ? field.items : field;
    const suffix = field.type === 'array' ? '[].' : '.';
    // A named schema has a place of its own to be read at.
    const open = depth < NESTING_MAX && componentName(inner) === undefined;
    return open ? [row, ...toRows(inner, `${path}${suffix}`, depth + 1)] : [row];
  });
}

export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const head = heads.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** Already escaped. */
export function renderTypeOf(schema: JsonSchema): string {
  const name = componentName(schema);
  if (name !== undefined) return `<a href="#schema-${name}">${escapeHtml(name)}</a>`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(renderTypeOf).join(' or ');
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum)
    return schema.enum
      .map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`)
      .join(' or ');
  if (schema.type === 'array') return `array of ${renderTypeOf(schema.items ?? {})}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return `object of ${renderTypeOf(schema.additionalProperties)}`;
  const types =
    typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any JSON value']);
  return escapeHtml(`${types.join(' or ')}${schema.format ? ` (${schema.format})` : ''}`);
}

const BOUNDS: readonly (readonly [keyof JsonSchema, string])[] = [
  ['minimum', 'at least'],
  ['exclusiveMinimum', 'more than'],
  ['maximum', 'at most'],
  ['exclusiveMaximum', 'less than'],
  ['multipleOf', 'a multiple of'],
  ['minLength', 'characters at least'],
  ['maxLength', 'characters at most'],
  ['minItems', 'items at least'],
  ['maxItems', 'items at most'],
];

/** What a field is for, with its bounds. */
export function renderMeaning(schema: JsonSchema): string {
  const bounds = BOUNDS.flatMap(([key, words]) =>
    schema[key] === undefined ? [] : [`${words} ${JSON.stringify(schema[key])}`],
  );
  return [
    schema.description === undefined ? '' : renderInline(schema.description),
    bounds.length > 0 ? `<span class="quiet">${escapeHtml(bounds.join(', '))}</span>` : '',
    schema.pattern === undefined
      ? ''
      : `<span class="quiet">form <code>${escapeHtml(schema.pattern)}</code></span>`,
    schema.default === undefined
      ? ''
      : `<span class="quiet">default <code>${escapeHtml(JSON.stringify(schema.default))}</code></span>`,
  ]
    .filter((part) => part !== '')
    .join('<br>');
}
