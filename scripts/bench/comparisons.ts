/**
 * What is compared with what, and what each must reach. A floor does only the same primitives on
 * the same kind of storage; the target says how much of it may be spent on everything a tenant is
 * promised beyond them: identity, limits, validation, audit, proof.
 */
import type { RequestForm } from './load.ts';
import type { Pair } from './rounds.ts';
import type { ServedFloors } from './served-floors.ts';

export interface Comparison {
  readonly name: string;
  readonly subject: string;
  readonly floor: string;
  /** Least share of the floor's throughput at 16 connections. */
  readonly throughputMin: number;
  /** Bound of one connection: of the median itself, or of what is added to the floor's. */
  readonly single: { readonly of: 'median' | 'added'; readonly belowMs: number };
  /** What profiling found; told where the target is missed. */
  readonly costs: string;
  readonly pair: (tenant: Tenant, floors: ServedFloors['origins']) => Pair;
}

/** What the requests are made of: an account with a key and an empty function. */
export interface Tenant {
  readonly origin: string;
  readonly operatorToken: string;
  readonly accountId: string;
  readonly apiKey: string;
  readonly functionId: string;
}

const METADATA_MEDIAN_MS = 5;
const JSON_BODY = { 'content-type': 'application/json' };
const NEW_ACCOUNT = JSON.stringify({ name: 'Flamingo market maker', metadata: { team: 'defi' } });
/** One that every filled database holds. */
const FILLED_ACCOUNT = `acc_0${'7'.padStart(25, '0')}`;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export const readAccount = ({ origin, accountId, apiKey }: Tenant): RequestForm => ({
  url: `${origin}/accounts/${accountId}`,
  method: 'GET',
  headers: bearer(apiKey),
});

export const listAccounts = ({ origin, operatorToken }: Tenant): RequestForm => ({
  url: `${origin}/accounts`,
  method: 'GET',
  headers: bearer(operatorToken),
});

export const COMPARISONS: readonly Comparison[] = [
  {
    name: 'get-account',
    subject: 'GET an account, by its own key',
    floor: 'one keyed read of D1',
    throughputMin: 0.8,
    single: { of: 'median', belowMs: METADATA_MEDIAN_MS },
    costs:
      'The D1 client takes more than half of the busy time, as it does in the floor. The rest is many small ' +
      'things, none above 5 %: leasing rate-limit tokens from their object (once in 20 requests), ids of ' +
      'request and trace, routing, the credential, mapping the row, an answer with 15 headers.',
    pair: (tenant, floors) => ({
      subject: readAccount(tenant),
      floor: { url: `${floors.readAccount}/accounts/${FILLED_ACCOUNT}`, method: 'GET' },
    }),
  },
  {
    name: 'list-accounts',
    subject: 'GET a page of 25 accounts',
    floor: 'the query alone',
    throughputMin: 0.7,
    single: { of: 'median', belowMs: METADATA_MEDIAN_MS },
    costs:
      'As for one account, and 11 % of the busy time for turning the rows into the form of the contract. One ' +
      'row more than the page is read, to know whether another page follows.',
    pair: (tenant, floors) => ({
      subject: listAccounts(tenant),
      floor: { url: `${floors.listAccounts}/`, method: 'GET' },
    }),
  },
  {
    name: 'execute',
    subject: 'run an empty function',
    floor: 'the bare metered VM and two writes of an object',
    throughputMin: 0.5,
    single: { of: 'added', belowMs: 1.5 },
    costs:
      'Beyond the floor: one keyed read of D1 for the active version and the quotas, one call of the bridge that ' +
      'seals the journal and signs the receipt (7 % of the busy time), canonical JSON and hashes of the receipt ' +
      '(4 %), and the end of the execution in one transaction (10 %): journal, output, logs, counters, quota and ' +
      'a line of the audit chain, where the floor writes one row. The VM itself, which the floor has too, is 29 %.',
    pair: ({ origin, accountId, functionId, apiKey }, floors) => ({
      subject: {
        url: `${origin}/accounts/${accountId}/functions/${functionId}/executions`,
        method: 'POST',
        headers: { ...bearer(apiKey), ...JSON_BODY },
        body: '{}',
      },
      floor: { url: `${floors.executeEmpty}/`, method: 'POST' },
    }),
  },
  {
    name: 'create-account',
    subject: 'POST an account (its journal is made later, outside the request)',
    floor: 'one D1 batch of the same two rows',
    throughputMin: 0.7,
    single: { of: 'median', belowMs: METADATA_MEDIAN_MS },
    costs:
      'Beyond the batch: reading the body as a bounded stream (8 % of the busy time), leasing rate-limit tokens ' +
      '(6 %), printing the two statements (3 %), ids and the answer. The audit line is moved to the journal later, ' +
      'by its first reader or the sweep.',
    pair: ({ origin, operatorToken }, floors) => ({
      subject: {
        url: `${origin}/accounts`,
        method: 'POST',
        headers: { ...bearer(operatorToken), ...JSON_BODY },
        body: NEW_ACCOUNT,
      },
      floor: {
        url: `${floors.createAccount}/`,
        method: 'POST',
        headers: JSON_BODY,
        body: NEW_ACCOUNT,
      },
    }),
  },
];
