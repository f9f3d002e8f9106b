/** The options of `npm run bench`. */
import { parseArgs } from 'node:util';
import { UserError } from '../serve/user-error.ts';
import { COMPARISONS } from './comparisons.ts';

export interface BenchOptions {
  readonly args: readonly string[];
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** True when everything is measured in full, so that the page may be replaced. */
  readonly isWhole: boolean;
  readonly measures: (part: string) => boolean;
}

/** What is measured at the served product and its floors. */
export const SERVED_PARTS = [...COMPARISONS.map(({ name }) => name), 'growth', 'runtime'];
export const PARTS = [...SERVED_PARTS, 'ledger', 'sponsorships', 'neo', 'bundle'];

export const USAGE = `usage: npm run bench -- [options]

  --quick       one short round; prints the page and leaves docs/benchmarks.md alone
  --only PART   measures one part, likewise; may be given more than once
  --help        print this`;

const FULL = { rounds: 5, seconds: 4 } as const;
const QUICK = { rounds: 1, seconds: 2 } as const;

/** `undefined` when only the usage was asked for. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const values = parseFlags(args);
  if (values.help === true) return undefined;
  const only = values.only ?? [];
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) {
    throw new UserError(`There is no part "${unknown}" to measure. Parts: ${PARTS.join(', ')}.`);
  }
  return {
    args,
    ...(values.quick === true ? QUICK : FULL),
    isWhole: values.quick !== true && only.length === 0,
    measures: (part) => only.length === 0 || only.includes(part),
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
