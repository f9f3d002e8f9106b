/**
 * The options of `npm start`, from arguments and then from the environment. Unknown or malformed
 * ones are refused with the usage, before anything is built or written.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from './user-error.ts';

export interface StartOptions {
  readonly host: string;
  /** 0 takes any free port; the ready line tells which. */
  readonly port: number;
  /** Where storage and, with an explicit `--state`, the generated credentials live. */
  readonly stateFolder: string;
  readonly credentialsFolder: string;
  readonly fresh: boolean;
  readonly memory: boolean;
}

export const USAGE = `usage: npm start -- [options]

  --port N      port to listen on (8787, or PORT); 0 takes a free one
  --host ADDR   address to listen on (127.0.0.1, or HOST)
  --state DIR   keep data and generated credentials in DIR (.state, or STATE)
  --fresh       drop the stored data first; credentials stay
  --memory      keep data in memory only
  --help        print this

Every setting of docs/configuration.md may also come from the environment, for example
LOG_LEVEL=debug npm start`;

const PORT_MAX = 65_535;
const PORT_DEFAULT = '8787';

interface Surroundings {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `undefined` when only the usage was asked for. */
export function parseStartOptions(
  args: readonly string[],
  { root, env }: Surroundings,
): StartOptions | undefined {
  const values = parseFlags(args);
  if (values.help === true) return undefined;
  const portText = values.port ?? env.PORT ?? PORT_DEFAULT;
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port > PORT_MAX) {
    throw new UserError(`The port must be a number from 0 to ${PORT_MAX}, not "${portText}".`);
  }
  const fresh = values.fresh ?? false;
  const memory = values.memory ?? false;
  if (fresh && memory) throw new UserError('--fresh and --memory exclude each other.');
  const state = values.state ?? env.STATE;
  if (state === '') throw new UserError('--state needs a folder.');
  return {
    host: values.host ?? env.HOST ?? '127.0.0.1',
    port,
    stateFolder: state === undefined ? resolve(root, '.state') : resolve(state),
    credentialsFolder: state === undefined ? root : resolve(state),
    fresh,
    memory,
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        state: { type: 'string' },
        fresh: { type: 'boolean' },
        memory: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
