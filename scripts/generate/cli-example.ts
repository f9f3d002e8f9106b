/**
 * The example of an operation as a line for a POSIX shell, quoted so that it can be pasted as it
 * stands.
 */
import type { OpenApiOperation } from '../../worker/http/openapi-document.ts';

interface ExampleFlag {
  readonly flag: string;
  readonly field: string;
  readonly type: string;
  readonly required: boolean;
}

export interface ExampleParts {
  /** `secrets create-secret`. */
  readonly name: string;
  readonly operation: OpenApiOperation;
  readonly flags: readonly ExampleFlag[];
  readonly body: readonly ExampleFlag[] | undefined;
}

export function exampleLine({ name, operation, flags, body }: ExampleParts): string {
  const parts = [`slctl ${name}`];
  for (const flag of flags) {
    const parameter = operation.parameters?.find((one) => one.name === flag.field);
    const isUseful = flag.required || parameter?.in === 'query';
    if (isUseful && parameter?.example !== undefined)
      parts.push(`--${flag.flag} ${quoted(parameter.example)}`);
  }
  const example = operation.requestBody?.content['application/json'].example;
  return [...parts, ...bodyParts(example, body)].join(' ');
}

function bodyParts(example: unknown, flags: readonly ExampleFlag[] | undefined): readonly string[] {
  if (example === undefined || flags === undefined) return [];
  if (flags.length === 0 || typeof example !== 'object' || example === null)
    return [`--body ${quoted(JSON.stringify(example))}`];
  return Object.entries(example).flatMap(([field, value]) => {
    const flag = flags.find((one) => one.field === field);
    return flag === undefined ? [] : [flagPart(flag, value)];
  });
}

function flagPart({ flag, type }: ExampleFlag, value: unknown): string {
  if (value === true && type === 'boolean') return `--${flag}`;
  const isPlainList = Array.isArray(value) && type !== 'json' && !value.some(needsJson);
  if (isPlainList) return `--${flag} ${quoted(value.join(','))}`;
  // A text that begins with @ would be read as the name of a file.
  return `--${flag} ${quoted(typeof value === 'string' ? value.replace(/^@/, '@@') : value)}`;
}

const needsJson = (item: unknown): boolean => typeof item === 'string' && item.includes(',');

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
