/**
 * What the errors of Neo nodes mean (NEP-23), as one closed set. A meaning steers two things only:
 * whether the endpoint itself is suspect, and what may be done next with the same request. It says
 * nothing about the fate of a transaction, and no field could: whatever an endpoint answers, a
 * signed transaction lives until it is included or has expired (money rule M4).
 */
import { LIMITS } from './limits.ts';

/**
 * `untouched`: the answer is about what was asked, so the endpoint's health stays as it is. A bad
 * transaction, script or parameter must never lower it, or one caller stops everybody's work.
 * `suspect`: may be the endpoint's own trouble or provoked by what was asked; it counts against the
 * endpoint only where the question was our own probe or another endpoint answered it.
 */
type HealthEffect = 'untouched' | 'suspect';

/**
 * What repeating the same request can bring. `nothing`: every sound node answers the same.
 * `another`: another endpoint may know more. `later`: the same may pass later. `look up`: the
 * chain has to be read before anything is built anew, since it may be executed already.
 */
export type NextStep = 'nothing' | 'another' | 'later' | 'look up';

interface Meaning {
  readonly health: HealthEffect;
  readonly next: NextStep;
}

const ABOUT_THE_REQUEST = { health: 'untouched', next: 'nothing' } as const;
const PERHAPS_ELSEWHERE = { health: 'untouched', next: 'another' } as const;
const PERHAPS_LATER = { health: 'untouched', next: 'later' } as const;
const LOOK_UP = { health: 'untouched', next: 'look up' } as const;
const SUSPECT = { health: 'suspect', next: 'another' } as const;

const MEANINGS = {
  parseFailed: SUSPECT,
  internal: SUSPECT,
  unrecognised: SUSPECT,
  invalidRequest: PERHAPS_ELSEWHERE,
  unknownMethod: PERHAPS_ELSEWHERE,
  accessDenied: PERHAPS_ELSEWHERE,
  sessionsDisabled: PERHAPS_ELSEWHERE,
  oracleDisabled: PERHAPS_ELSEWHERE,
  stateNotKept: PERHAPS_ELSEWHERE,
  // A node that is behind does not know yet.
  unknownBlock: PERHAPS_ELSEWHERE,
  unknownHeight: PERHAPS_ELSEWHERE,
  unknownContract: PERHAPS_ELSEWHERE,
  unknownTransaction: PERHAPS_ELSEWHERE,
  unknownStorageItem: PERHAPS_ELSEWHERE,
  unknownLog: PERHAPS_ELSEWHERE,
  unknownStateRoot: PERHAPS_ELSEWHERE,
  // Sessions live on one endpoint and end with it.
  unknownSession: ABOUT_THE_REQUEST,
  unknownIterator: ABOUT_THE_REQUEST,
  badParams: ABOUT_THE_REQUEST,
  badProof: ABOUT_THE_REQUEST,
  executionFailed: ABOUT_THE_REQUEST,
  oracleRequestRefused: ABOUT_THE_REQUEST,
  walletRefused: ABOUT_THE_REQUEST,
  // From here on: what sendrawtransaction, calculatenetworkfee and invokecontractverify say.
  badTransaction: ABOUT_THE_REQUEST,
  networkFeeTooLow: ABOUT_THE_REQUEST,
  policyFail: ABOUT_THE_REQUEST,
  badScript: ABOUT_THE_REQUEST,
  badSignature: ABOUT_THE_REQUEST,
  badSize: ABOUT_THE_REQUEST,
  badVerification: ABOUT_THE_REQUEST,
  // NotValidBefore passes with the height.
  badAttribute: PERHAPS_LATER,
  mempoolFull: PERHAPS_LATER,
  insufficientFunds: PERHAPS_LATER,
  alreadyKnown: LOOK_UP,
  alreadyOnChain: LOOK_UP,
  // In this node's pool or on its chain; the victim can come back or lie in another pool.
  conflicts: LOOK_UP,
  // Also the answer to one that is on chain, once its validUntilBlock has passed.
  lookUpThenRebuild: LOOK_UP,
} as const satisfies Record<string, Meaning>;

export type RpcMeaning = keyof typeof MEANINGS;

/** NEP-23 code by code, and the five of JSON-RPC 2.0. */
const MEANING_OF_CODE: ReadonlyMap<number, RpcMeaning> = new Map([
  [-32_700, 'parseFailed'],
  [-32_600, 'invalidRequest'],
  [-32_601, 'unknownMethod'],
  [-32_602, 'badParams'],
  [-32_603, 'internal'],
  [-101, 'unknownBlock'],
  [-102, 'unknownContract'],
  [-103, 'unknownTransaction'],
  [-104, 'unknownStorageItem'],
  [-105, 'unknownLog'],
  [-106, 'unknownStateRoot'],
  [-107, 'unknownSession'],
  [-108, 'unknownIterator'],
  [-109, 'unknownHeight'],
  [-300, 'walletRefused'],
  [-301, 'walletRefused'],
  [-302, 'walletRefused'],
  [-303, 'walletRefused'],
  [-304, 'walletRefused'],
  [-500, 'badTransaction'],
  [-501, 'alreadyOnChain'],
  [-502, 'mempoolFull'],
  [-503, 'alreadyKnown'],
  [-504, 'networkFeeTooLow'],
  [-505, 'policyFail'],
  [-506, 'badScript'],
  [-507, 'badAttribute'],
  [-508, 'badSignature'],
  [-509, 'badSize'],
  [-510, 'lookUpThenRebuild'],
  [-511, 'insufficientFunds'],
  [-512, 'badVerification'],
  [-600, 'accessDenied'],
  [-601, 'sessionsDisabled'],
  [-602, 'oracleDisabled'],
  [-603, 'oracleRequestRefused'],
  [-604, 'oracleRequestRefused'],
  [-605, 'oracleRequestRefused'],
  [-606, 'stateNotKept'],
  [-607, 'badProof'],
  [-608, 'executionFailed'],
]);

export interface RpcError {
  readonly meaning: RpcMeaning;
  readonly code: number;
  /** The node's own words, for people alone: bounded, and without characters that steer output. */
  readonly message: string;
  /** The node's `data`, where neo-go says which check failed. */
  readonly reason?: string;
}

/** Null when the value is no error object of JSON-RPC. */
export function parseRpcError(value: unknown): RpcError | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, message, data } = value as Readonly<Record<string, unknown>>; // An object, as just checked.
  if (typeof code !== 'number' || !Number.isInteger(code)) return null;
  const words = typeof message === 'string' ? legible(message) : '';
  const error = { meaning: meaningOf(code, data), code, message: words };
  return typeof data === 'string' ? { ...error, reason: legible(data) } : error;
}

/**
 * NEP-23 has no code for conflicts: neo-go answers -500 and says it in `data`. Reading the text is
 * safe here, because both meanings leave health and transaction alone.
 */
function meaningOf(code: number, data: unknown): RpcMeaning {
  const meaning = MEANING_OF_CODE.get(code) ?? 'unrecognised';
  const conflicts = typeof data === 'string' && /: has conflicts\b/.test(data);
  return meaning === 'badTransaction' && conflicts ? 'conflicts' : meaning;
}

const legible = (text: string): string =>
  text.slice(0, LIMITS.rpcReasonCharsMax.value).replaceAll(/\p{C}/gu, ' ');

export const nextStepAfter = (meaning: RpcMeaning): NextStep => MEANINGS[meaning].next;

export const isSuspect = (meaning: RpcMeaning): boolean => MEANINGS[meaning].health === 'suspect';
