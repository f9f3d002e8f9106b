/**
 * Live input for any operation of the contract: the example of the operation with its path
 * parameters replaced by ids of resources that exist. A parameter or list that no module of
 * fixtures/ knows fails the suites and names what to add there, so a service cannot be added
 * without being walked.
 */
import { isUnsafe, type Operation } from '../../worker/http/operation.ts';
import { type Called, type CallOptions, call, type Tenant } from '../support/harness.ts';
import type { RequestSigner } from '../support/request-signer.ts';
import { accountFixtures } from './fixtures/accounts.ts';
import { chainFixtures } from './fixtures/chain.ts';
import type { Fixtures, Insert, Resources } from './fixtures/fixture.ts';
import { functionFixtures } from './fixtures/functions.ts';
import { gasbankFixtures } from './fixtures/gasbank.ts';
import { meteringFixtures } from './fixtures/metering.ts';
import { proofFixtures } from './fixtures/proofs.ts';
import { sessionFixtures } from './fixtures/sessions.ts';
import { sponsorshipFixtures } from './fixtures/sponsorships.ts';
import { transactionFixtures } from './fixtures/transactions.ts';
import { vaultFixtures } from './fixtures/vaults.ts';
import { walletFixtures } from './fixtures/wallets.ts';
import { withdrawalFixtures } from './fixtures/withdrawals.ts';
import { workspaceWalletFixtures } from './fixtures/workspace-wallets.ts';

/** A request that the operation accepts. */
export interface Valid {
  readonly operation: Operation;
  readonly path: string;
  readonly body: unknown;
  /** Set where neither an API key nor an operator is let in. */
  readonly token?: string;
  /** Set where the request must be signed. */
  readonly signer?: RequestSigner;
}

const MODULES: readonly Fixtures[] = [
  accountFixtures,
  sessionFixtures,
  workspaceWalletFixtures,
  walletFixtures,
  functionFixtures,
  chainFixtures,
  transactionFixtures,
  gasbankFixtures,
  vaultFixtures,
  withdrawalFixtures,
  sponsorshipFixtures,
  proofFixtures,
  meteringFixtures,
];

const joined = <Row>(
  rowsOf: (fixtures: Fixtures) => Readonly<Record<string, Row>> | undefined,
): Readonly<Record<string, Row>> =>
  Object.fromEntries(MODULES.flatMap((fixtures) => Object.entries(rowsOf(fixtures) ?? {})));

const MAKERS = joined(({ makers }) => makers);
const OWN_MAKERS = joined(({ ownMakers }) => ownMakers);
const PREPARATIONS = joined(({ preparations }) => preparations);
const BODIES = joined(({ bodies }) => bodies);
const QUERIES = joined(({ queries }) => queries);
const INSERTS = joined(({ inserts }) => inserts);
const CALLERS = joined(({ callers }) => callers);

export const pathParameters = (operation: Operation): readonly string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

export const fillPath = (operation: Operation, values: Resources): string =>
  operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));

/** The path with more in its query. */
export const withQuery = (path: string, query: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}${query}`;

/** A path of live resources and a body that is accepted there. */
export async function makeValid(operation: Operation, tenant: Tenant): Promise<Valid> {
  const made: Record<string, string> = {};
  for (const name of pathParameters(operation)) {
    const maker = OWN_MAKERS[`${operation.id}.${name}`] ?? MAKERS[name];
    if (!maker)
      throw new Error(`add a maker of {${name}} to test/contract/fixtures/ for ${operation.id}`);
    made[name] = await maker(tenant, made);
  }
  await PREPARATIONS[operation.id]?.(tenant);
  const body = BODIES[operation.id]
    ? await BODIES[operation.id]?.(tenant, made)
    : operation.example.body;
  const caller = await CALLERS[operation.id]?.(tenant);
  const needed = QUERIES[operation.id];
  const bare = fillPath(operation, made);
  const path = needed ? withQuery(bare, String(new URLSearchParams(needed))) : bare;
  return { operation, path, body, ...caller };
}

/** How to add an item to the list that the operation answers. */
export function insertInto(operation: Operation): Insert {
  const insert = INSERTS[operation.id];
  if (!insert) throw new Error(`add an insert for ${operation.id} to test/contract/fixtures/`);
  return insert;
}

/**
 * The credential an operation is meant for: the operator's for operators, the tenant's key for the
 * rest.
 */
const tokenFor = (operation: Operation, tenant: Tenant): string | undefined =>
  operation.access.kind === 'account' || operation.access.kind === 'authenticated'
    ? tenant.key
    : undefined;

/** Sends it as the caller it is meant for, unless the options say another. */
export function send(valid: Valid, tenant: Tenant, options: CallOptions = {}): Promise<Called> {
  const { operation, path, body, signer } = valid;
  const token = valid.token ?? tokenFor(operation, tenant);
  return call(`${operation.method.toUpperCase()} ${path}`, {
    ...(token === undefined ? {} : { token }),
    signer,
    ...(operation.body && options.rawBody === undefined ? { body } : {}),
    ...options,
  });
}

export const keepsKeys = (operation: Operation): boolean =>
  isUnsafe(operation) && operation.idempotency !== 'none';
