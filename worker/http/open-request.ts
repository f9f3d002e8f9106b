/**
 * The start of every request: its ids, settings, and the ways to the outside that the later steps
 * need. Wiring between the HTTP layer and what app.ts gives it; it decides nothing.
 */
import type { Context } from 'hono';
import type { Principal } from '../core/access.ts';
import type { SignatureRule } from '../core/request-signature/decide.ts';
import type { Result } from '../core/result.ts';
import {
  type SessionClaims,
  type SessionPublicKey,
  sessionParties,
} from '../core/sessions/session-token.ts';
import { continueTrace, type Trace } from '../core/trace-context.ts';
import { connect } from '../db/connect.ts';
import type { Env, Settings } from '../env.ts';
import { admitCaller, type RateStandingOf, takeAddressToken } from './admission.ts';
import type {
  Authenticated,
  AuthenticationPorts,
  FoundKey,
  FoundSession,
  KeyRefusal,
} from './authenticate.ts';
import type { IdempotencyClaim } from './idempotency.ts';
import { createLog, errorFields, type Log } from './log.ts';
import type { Operation } from './operation.ts';
import { addressCaller } from './rate-limit.ts';
import { newId, type RequestContext, randomBytes } from './request-context.ts';
import { verifySessionToken } from './session-token.ts';

/** An account that is there, deleted ones left out. */
export interface FoundAccount {
  readonly requestSignatures: SignatureRule;
}

/** What the services give to the HTTP layer; the arrows allow no import the other way. */
export interface AppPorts {
  readonly findKey: (env: Env, keyId: string) => Promise<FoundKey | undefined>;
  readonly recordRefusal: (
    env: Env,
    refusal: KeyRefusal,
    request: { readonly requestId: string; readonly traceId: string },
  ) => Promise<unknown>;
  readonly recordUse: (env: Env, keyId: string, now: number) => Promise<unknown>;
  readonly findAccount: (
    env: Env,
    accountId: string,
    now: number,
  ) => Promise<FoundAccount | undefined>;
  readonly sessionKey: (env: Env, now: number) => Promise<SessionPublicKey | undefined>;
  readonly findSession: (env: Env, claims: SessionClaims) => Promise<FoundSession | undefined>;
}

export interface Opening {
  readonly env: Env;
  readonly settings: Settings;
  readonly now: number;
  readonly requestId: string;
  readonly trace: Trace;
  readonly log: Log;
  readonly rate: RateStandingOf;
  readonly principal: () => Principal;
  readonly note: (principal: Principal) => void;
  readonly authenticationPorts: AuthenticationPorts;
  readonly admit: (
    authenticated: Result<Authenticated>,
    operation: Operation,
  ) => Promise<Result<null>>;
  readonly findAccount: (accountId: string) => Promise<FoundAccount | undefined>;
  readonly context: (
    principal: Principal,
    operation: Operation,
    claim: IdempotencyClaim | undefined,
  ) => RequestContext;
}

export function openRequest(context: Context, ports: AppPorts, settings: Settings): Opening {
  const env = context.env as Env;
  const now = Date.now();
  const requestId = newId('request', now);
  const trace = continueTrace(context.req.header('traceparent'), randomBytes(24));
  const log = createLog(settings.LOG_LEVEL, { requestId, traceId: trace.traceId });
  const defer = (work: Promise<unknown>): void =>
    context.executionCtx.waitUntil(
      work.catch((thrown: unknown) => log.error('deferred.failed', errorFields(thrown))),
    );
  const address = connectingAddress(context, settings);
  const rate: RateStandingOf = { policy: 'address', headers: {} };
  const admission = { env, settings, address, now, rate };
  let principal: Principal = { kind: 'anonymous' };
  let refused: KeyRefusal | undefined;
  return {
    env,
    settings,
    now,
    requestId,
    trace,
    log,
    rate,
    principal: () => principal,
    note: (seen) => {
      principal = seen;
    },
    authenticationPorts: {
      findKey: (keyId) => ports.findKey(env, keyId),
      readToken: async (token) => {
        const publicKey = await ports.sessionKey(env, now);
        return (
          publicKey &&
          verifySessionToken(token, { ...sessionParties(settings.ENVIRONMENT), publicKey, now })
        );
      },
      findSession: (claims) => ports.findSession(env, claims),
      admitLookUp: () => takeAddressToken(admission),
      recordRefusal: (refusal) => {
        refused = refusal;
      },
      recordUse: (keyId) => defer(ports.recordUse(env, keyId, now)),
    },
    admit: async (authenticated, operation) => {
      const admitted = await admitCaller(authenticated, operation, admission);
      // Only then: a flood of refused keys would otherwise reach the journal of their account
      // however fast it is.
      const request = { requestId, traceId: trace.traceId };
      if (admitted.ok && refused) defer(ports.recordRefusal(env, refused, request));
      return admitted;
    },
    findAccount: (accountId) => ports.findAccount(env, accountId, now),
    context: (seen, operation, claim) => ({
      env,
      settings,
      db: connect(env.DB),
      log,
      now,
      requestId,
      trace,
      principal: seen,
      operationId: operation.id,
      ifMatch: context.req.header('if-match'),
      claim,
      address: addressCaller(address),
      defer,
    }),
  };
}

/**
 * The platform's connecting address. Headers a client can send are believed only behind Cloudflare,
 * which overwrites them; elsewhere all callers share one bucket, since a forged address would
 * otherwise be a fresh bucket each time.
 */
function connectingAddress(context: Context, settings: Settings): string {
  if (!settings.TRUST_CONNECTING_ADDRESS) return 'unknown';
  return context.req.header('cf-connecting-ip') ?? 'unknown';
}
