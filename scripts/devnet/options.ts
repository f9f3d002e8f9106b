/**
 * The options of `npm run devnet`. Unknown or malformed ones are refused with the usage, before
 * anything is built or started.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../serve/user-error.ts';

export interface DevnetOptions {
  readonly fresh: boolean;
  readonly follower: boolean;
  readonly services: boolean;
  readonly platform: boolean;
  readonly blockMs: number;
  /** Of the platform. */
  readonly port: number;
  /** Of the validator; absent: free ones for all nodes. */
  readonly rpcPort: number | undefined;
  /** The chain and the platform's data. */
  readonly stateFolder: string;
}

export const USAGE = `usage: npm run devnet -- [options]

  --fresh         drop the chain and the platform's data first
  --follower      a second node, which follows the first
  --services      the built-in Oracle and Notary
  --block-ms N    time between blocks (1000)
  --port N        port of the platform (8787); 0 takes a free one
  --rpc-port N    port of the node's RPC (20331), the others follow it; 0 takes free ones
  --state DIR     keep chain and data in DIR (.state/devnet)
  --no-platform   the network alone
  --help          print this`;

const PORT_MAX = 65_535;
/** The last port that is counted from the RPC port (network.ts). */
const RPC_PORT_MAX = PORT_MAX - 20;
const BLOCK_MS = { min: 10, max: 60_000 };

/** `undefined` when only the usage was asked for. */
export function parseDevnetOptions(
  args: readonly string[],
  root: string,
): DevnetOptions | undefined {
  const values = parseFlags(args);
  if (values.help === true) return undefined;
  if (values.state === '') throw new UserError('--state needs a folder.');
  const rpcPort = parseNumber('--rpc-port', values['rpc-port'] ?? '20331', 0, RPC_PORT_MAX);
  return {
    fresh: values.fresh ?? false,
    follower: values.follower ?? false,
    services: values.services ?? false,
    platform: values['no-platform'] !== true,
    blockMs: parseNumber('--block-ms', values['block-ms'] ?? '1000', BLOCK_MS.min, BLOCK_MS.max),
    port: parseNumber('--port', values.port ?? '8787', 0, PORT_MAX),
    rpcPort: rpcPort === 0 ? undefined : rpcPort,
    stateFolder:
      values.state === undefined ? resolve(root, '.state', 'devnet') : resolve(values.state),
  };
}

function parseNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value >= min && value <= max) return value;
  throw new UserError(`${flag} must be a number from ${min} to ${max}, not "${text}".`);
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        fresh: { type: 'boolean' },
        follower: { type: 'boolean' },
        services: { type: 'boolean' },
        'block-ms': { type: 'string' },
        port: { type: 'string' },
        'rpc-port': { type: 'string' },
        state: { type: 'string' },
        'no-platform': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
