/**
 * docs/configuration.md from the schemas that parse the settings at run time: what is not declared
 * there is not read, so the page can neither miss a setting nor describe one that is gone. A
 * description that begins with `Secret.` or `Secret, optional.` marks the setting as a secret.
 */
import * as z from 'zod';
import type { JsonSchema } from '../../worker/http/openapi-document.ts';
import { markdownTable, markedPage } from './mark.ts';

export interface SettingsGroup {
  readonly title: string;
  readonly introduction: string;
  readonly schema: z.ZodObject;
}

export function renderConfiguration(groups: readonly SettingsGroup[]): string {
  const sections = groups.map(({ title, introduction, schema }) => {
    const { properties = {}, required = [] } = toSchema(schema, 'input');
    const parsed = toSchema(schema, 'output').properties ?? {};
    const rows = Object.entries(properties).map(([name, setting]) =>
      // A default that is given after parsing stands on the output side only.
      toRow(name, { default: parsed[name]?.default, ...setting }, required.includes(name)),
    );
    const table = markdownTable(['name', 'meaning', 'default', 'secret'], rows);
    return `## ${title}\n\n${introduction}\n\n${table}`;
  });
  return `${markedPage('# Configuration', INTRODUCTION, ...sections)}\n`;
}

const INTRODUCTION = [
  'Settings are read once an isolate. A malformed one never half-works: the platform answers 503',
  '`service.misconfigured`, and `/readyz` names it to operators. Secrets are set with `wrangler secret put`;',
  'on a laptop they stand in `.dev.vars`.',
].join('\n');

/**
 * Transforms have no schema of their own; names, meanings and defaults are all that is read here.
 */
const toSchema = (schema: z.ZodObject, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;

const SECRET = /^Secret(, optional)?\. /;

function toRow(name: string, setting: JsonSchema, required: boolean): readonly string[] {
  const { description = '' } = setting;
  if (description === '') throw new Error(`the setting ${name} has no description`);
  const values = setting.enum?.map((value) => `\`${String(value)}\``).join(', ');
  const meaning = `${description.replace(SECRET, '')}${values === undefined ? '' : ` One of ${values}.`}`;
  const secret = SECRET.test(description) ? 'yes' : 'no';
  return [`\`${name}\``, cell(meaning), renderDefault(setting, required), secret];
}

function renderDefault(setting: JsonSchema, required: boolean): string {
  if (setting.default === undefined) return required ? 'none: must be set' : 'unset';
  if (setting.default === '') return 'empty';
  const text =
    typeof setting.default === 'string' ? setting.default : JSON.stringify(setting.default);
  return `\`${text}\``;
}

/** A bar would end the cell. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
