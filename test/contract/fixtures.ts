/**
 * Live input for any operation of the contract: the example of the operation with its path parameters replaced by ids of
 * resources that exist. A parameter or list this file does not know fails the suites and names what to add here, so a
 * service cannot be added without being walked.
 */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { isUnsafe, type Operation } from '../../worker/http/operation.ts';
import {
  type Called,
  type CallOptions,
  call,
  openTenant,
  type Tenant,
} from '../support/harness.ts';

/** A request that the operation accepts. */
export interface Valid {
  readonly operation: Operation;
  readonly path: string;
  readonly body: unknown;
}

type Resources = Readonly<Record<string, string>>;
/** Makes the resource a parameter names and gives its id; ids made before, in path order, are at hand. */
type Maker = (tenant: Tenant, made: Resources) => Promise<string>;

let serial = 0;
const unique = (): number => {
  serial += 1;
  return serial;
};

async function make(tenant: Tenant, request: string, body: unknown): Promise<Called> {
  const made = await tenant.call(request, { body });
  expect(made.status, `${request} makes a fixture: ${made.text.slice(0, 300)}`).toBeLessThan(300);
  return made;
}

/** A wallet of an address nobody has; EVM text of one case carries no checksum. */
export async function makeWallet(tenant: Tenant): Promise<string> {
  const address = `0x${unique().toString(16).padStart(40, '0')}`;
  return (await make(tenant, 'POST /workspace-wallets', { kind: 'evm', address })).body.id;
}

/** What a signed challenge will do: only the database can do it until then. */
export async function verifyWallet(walletId: string): Promise<void> {
  await env.DB.prepare(`UPDATE workspace_wallets SET status = 'verified' WHERE wallet_id = ?`)
    .bind(walletId)
    .run();
}

const makeKey: Maker = async (tenant) =>
  (await make(tenant, 'POST /keys', { name: `key ${unique()}`, role: 'viewer' })).body.id;

const MAKERS: Readonly<Record<string, Maker>> = {
  accountId: async (tenant) => tenant.accountId,
  keyId: makeKey,
  walletId: makeWallet,
};

/** What must be true before the example is valid, for operations whose resource must be in a certain state. */
const PREPARATIONS: Readonly<Record<string, (tenant: Tenant) => Promise<unknown>>> = {
  'accounts.resumeAccount': async ({ accountId }) =>
    call(`POST /accounts/${accountId}/suspend`, { body: { reason: 'fixture' } }),
};

/** Bodies that name resources, for which the example's ids are of no use, and those that must differ each time. */
const BODIES: Readonly<Record<string, (tenant: Tenant) => Promise<unknown>>> = {
  'workspaceWallets.createWallet': async () => ({
    kind: 'evm',
    address: `0x${unique().toString(16).padStart(40, '0')}`,
  }),
  'workspaceWallets.setPolicy': async (tenant) => {
    const walletId = await makeWallet(tenant);
    await verifyWallet(walletId);
    return { threshold: 1, members: [walletId] };
  },
};

/** How to add an item to each list; the item's id as the list shows it. */
const INSERTS: Readonly<Record<string, Maker>> = {
  'accounts.listAccounts': async () => (await openTenant()).accountId,
  'keys.listKeys': makeKey,
  'workspaceWallets.listWallets': makeWallet,
};

export const pathParameters = (operation: Operation): readonly string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

export const fillPath = (operation: Operation, values: Resources): string =>
  operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));

/** A path of live resources and a body that is accepted there. */
export async function makeValid(operation: Operation, tenant: Tenant): Promise<Valid> {
  const made: Record<string, string> = {};
  for (const name of pathParameters(operation)) {
    const maker = MAKERS[name];
    if (!maker)
      throw new Error(`add a maker of {${name}} to test/contract/fixtures.ts for ${operation.id}`);
    made[name] = await maker(tenant, made);
  }
  await PREPARATIONS[operation.id]?.(tenant);
  const body = BODIES[operation.id] ? await BODIES[operation.id]?.(tenant) : operation.example.body;
  return { operation, path: fillPath(operation, made), body };
}

/** How to add an item to the list that the operation answers. */
export function insertInto(operation: Operation): Maker {
  const insert = INSERTS[operation.id];
  if (!insert) throw new Error(`add an insert for ${operation.id} to test/contract/fixtures.ts`);
  return insert;
}

/** The credential an operation is meant for: the operator's for operators, the tenant's key for the rest. */
export const tokenFor = (operation: Operation, tenant: Tenant): string | undefined =>
  operation.access.kind === 'account' || operation.access.kind === 'authenticated'
    ? tenant.key
    : undefined;

/** Sends it as the caller it is meant for, unless the options say another. */
export function send(valid: Valid, tenant: Tenant, options: CallOptions = {}): Promise<Called> {
  const { operation, path, body } = valid;
  const token = tokenFor(operation, tenant);
  return call(`${operation.method.toUpperCase()} ${path}`, {
    ...(token === undefined ? {} : { token }),
    ...(operation.body && options.rawBody === undefined ? { body } : {}),
    ...options,
  });
}

export const keepsKeys = (operation: Operation): boolean =>
  isUnsafe(operation) && operation.idempotency !== 'none';
