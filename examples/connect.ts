/**
 * What the examples have in common: an address and an operator's token from the environment, an
 * account of their own that is deleted at the end, and an exit code other than 0 when a call fails.
 * Not for production: there, a program gets one narrow key and makes no accounts.
 */
import { type Client, createClient, isServiceLayerError } from '../sdk/src/index.ts';

export interface Tenant {
  /** Signed in with an API key of the account, as a program of a tenant is. */
  readonly client: Client;
  readonly accountId: string;
}

/** Says what is missing instead of failing at the first call. */
export function connect(
  token = process.env.SERVICE_LAYER_TOKEN,
  signingKey?: CryptoKeyPair,
): Client {
  const { SERVICE_LAYER_ADDR: baseUrl } = process.env;
  if (!baseUrl || !token)
    throw new Error('set SERVICE_LAYER_ADDR and SERVICE_LAYER_TOKEN to what `npm start` prints');
  return createClient({ baseUrl, token, signingKey });
}

export async function withAccount(
  name: string,
  work: (tenant: Tenant) => Promise<void>,
): Promise<void> {
  const operator = connect();
  const { id: accountId } = await operator.accounts.createAccount({ name });
  try {
    const { key } = await operator.keys.createKey({ accountId, name, role: 'admin' });
    await work({ client: connect(key), accountId });
  } finally {
    await operator.accounts.deleteAccount({ accountId });
  }
}

/** Runs an example as a program: its failures become one line and exit code 1. */
export async function runExample(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  if (isServiceLayerError(error)) return `${error.code}: ${error.detail}`;
  return error instanceof Error ? error.message : String(error);
}

export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
