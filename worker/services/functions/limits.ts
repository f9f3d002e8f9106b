/** Bounds of the function resource; those of a run are in core/functions-runtime/limits.ts. */
import type { Limit } from '../../core/limits.ts';

export const LIMITS = {
  functionNameCharsMax: { value: 64, unit: 'characters', reason: 'fits a URL and a table column' },
  functionDescriptionCharsMax: { value: 1024, unit: 'characters', reason: 'a paragraph' },
  functionSourceBytesMax: {
    value: 262_144,
    unit: 'bytes',
    reason: 'eight times what the largest rival took; one row stays under 1 MiB',
  },
  functionSecretsMax: {
    value: 20,
    unit: 'secrets',
    reason: 'four times the fetches a rival allows a run',
  },
  functionHttpHostsMax: {
    value: 20,
    unit: 'hosts',
    reason: 'more than the 5 calls of a run can reach',
  },
  functionInputSchemaBytesMax: {
    value: 16_384,
    unit: 'bytes',
    reason: 'a large form in JSON Schema',
  },
  functionVersionsMax: {
    value: 1000,
    unit: 'versions',
    reason: 'one an hour for six weeks; older ones are deleted with the function',
  },
  functionKeptBytesMax: {
    value: 134_217_728,
    unit: 'bytes',
    reason: 'source of all versions of an account; one database of 10 GB serves all accounts',
  },
} as const satisfies Record<string, Limit>;
