/**
 * The kinds of host calls, and what bounds each in a run. A check says why a request must not
 * leave, by its form and by entry 0 of the journal alone, so that a replay refuses it again. What
 * a request means is judged behind the door and answered through the journal: stricter reading
 * tomorrow must not change what ran today.
 *
 * Texts of refusals are seen by guest code and stay as they are for as long as a runtime that gave
 * them is kept.
 */
import { checkHttpRequest } from './http-request.ts';
import type { Journal } from './journal.ts';
import type { JsonValue } from './json-text.ts';
import { LIMITS } from './limits.ts';
import type { Permissions } from './permissions.ts';
import { refusal } from './recorder.ts';

export interface CallKind {
  readonly name: string;
  /** The first host version (version.ts) that knows it; a kept runtime before it refuses it. */
  readonly since: number;
  readonly budget: keyof typeof BUDGETS;
  readonly check: (request: JsonValue, permissions: Permissions) => string | undefined;
}

/** What calls may take together; bytes count in one total of the run. */
export const BUDGETS = {
  http: {
    callsMax: LIMITS.httpCallsMax.value,
    tooManyCalls: `A run makes at most ${LIMITS.httpCallsMax.value} HTTP calls`,
    tooManyBytes: `HTTP requests and answers of a run take at most ${LIMITS.httpBytesMax.value} bytes`,
    /** Bodies are text. */
    depthMax: null,
  },
  chain: {
    callsMax: LIMITS.chainReadsMax.value,
    tooManyCalls: `A run reads chains at most ${LIMITS.chainReadsMax.value} times`,
    tooManyBytes: `Requests and answers of a run take at most ${LIMITS.httpBytesMax.value} bytes`,
    // The attack: a contract answers with nested arrays until the guest's parser overflows, and the
    // promise of the read is lost.
    depthMax: LIMITS.jsonDepthMax.value,
  },
} as const;

/** The reads of `Devpack.chain`. */
export const CHAIN_READS = [
  'chain.call',
  'chain.balance',
  'chain.transaction',
  'chain.height',
] as const;
export type ChainRead = (typeof CHAIN_READS)[number];

export const isChainRead = (kind: string): kind is ChainRead =>
  CHAIN_READS.some((known) => known === kind);

/** What a run has asked the world for. */
export function countCalls(journal: Journal) {
  const kinds = journal.flatMap((entry) => (entry.type === 'call' ? [entry.kind] : []));
  const chainReads = kinds.filter(isChainRead).length;
  return { httpCalls: kinds.length - chainReads, chainReads };
}

const checkChainRead: CallKind['check'] = (request, { modules }) => {
  if (!modules.includes('chain'))
    return refusal('functions.permission_denied', 'The function may not use Devpack.chain');
  const isObject = typeof request === 'object' && request !== null && !Array.isArray(request);
  return isObject ? undefined : refusal('functions.call_invalid', 'The request is no object');
};

/** Services to come add their kinds here; nothing else in the runtime knows them. */
const KINDS: readonly CallKind[] = [
  { name: 'http.fetch', since: 1, budget: 'http', check: checkHttpRequest },
  ...CHAIN_READS.map((name) => ({
    name,
    since: 2,
    budget: 'chain' as const,
    check: checkChainRead,
  })),
];

export const findCallKind = (name: string, hostVersion: number): CallKind | undefined =>
  KINDS.find((kind) => kind.name === name && kind.since <= hostVersion);
