/**
 * The one way from a request to an answer. The order is the contract: who calls, how often, may
 * they, did they sign, is the input whole, was it asked before, do it, tell. Each step can end the
 * request; only `handle` has effects, and only once.
 */
import type { Context } from 'hono';
import { decideAccess, type Principal } from '../core/access.ts';
import { LIMITS } from '../core/limits.ts';
import type { SignatureRule } from '../core/request-signature/decide.ts';
import { err, ok, type Result } from '../core/result.ts';
import { connect } from '../db/connect.ts';
import { type Authenticated, authenticate } from './authenticate.ts';
import type { CommittedAnswer } from './commit.ts';
import { claimKey, deriveClaim, type IdempotencyClaim, releaseKey } from './idempotency.ts';
import type { Opening } from './open-request.ts';
import type { Answer, Input, Operation } from './operation.ts';
import { isUnsafe } from './operation.ts';
import { parseParts, readBody } from './parse-request.ts';
import { newId, type RequestContext } from './request-context.ts';
import { openSignature, verifySignature } from './request-signature.ts';

/** A handler is one operation's thread: parsed input in, a declared answer or a failure out. */
export type Handle<Definition extends Operation> = (
  input: Input<Definition>,
  context: RequestContext,
) => Promise<Result<Answer<Definition>>>;

/** An operation with its handler, types erased for the table of routes. */
export interface Route {
  readonly operation: Operation;
  readonly handle: (input: never, context: RequestContext) => Promise<Result<CommittedAnswer>>;
}

export const route = <const Definition extends Operation>(
  operation: Definition,
  handle: Handle<Definition>,
): Route => ({
  operation,
  // The binder below calls it with what this operation's own schemas gave.
  handle,
});

export interface Served {
  readonly answer: CommittedAnswer;
  readonly replayed: boolean;
}

/** Everything after opening: answers a `Served`, or the failure that ended the request. */
export async function serve(
  route: Route,
  context: Context,
  opening: Opening,
): Promise<Result<Served>> {
  const { operation } = route;
  const accountId = context.req.param('accountId');
  const presented = await authenticate(
    context.req.header('authorization') ?? null,
    { now: opening.now, operators: opening.settings.API_TOKENS ?? [] },
    opening.authenticationPorts,
  );
  opening.note(presented.ok ? presented.value.principal : { kind: 'anonymous' });
  const admitted = await opening.admit(presented, operation);
  if (!admitted.ok) return admitted;
  const authenticated = callerOf(presented, operation);
  if (!authenticated.ok) return authenticated;
  const { principal } = authenticated.value;
  const caller = { principal, accountId, origin: context.req.header('origin') };
  const allowed = await decide(caller, operation, opening);
  if (!allowed.ok) return allowed;
  const { env, now } = opening;
  const signature = openSignature(context.req.raw, {
    operation,
    principal,
    rule: allowed.value,
    now,
  });
  if (!signature.ok) return signature;
  const body = operation.body
    ? await readBody(context.req.raw, operation.bodyBytesMax ?? LIMITS.bodyBytesMax.value)
    : ok(new Uint8Array());
  if (!body.ok) return body;
  if (signature.value) {
    const verifying = { db: connect(env.DB), now, body: body.value };
    const verified = await verifySignature(context.req.raw, signature.value, verifying);
    if (!verified.ok) return verified;
  }
  const url = new URL(context.req.url);
  const parts = parseParts(
    operation,
    { params: context.req.param(), query: url.searchParams, body: body.value },
    context.req.header('content-type') ?? null,
  );
  if (!parts.ok) return parts;
  const claim = await claimOf(operation, context, authenticated.value, body.value);
  if (!claim.ok) return claim;
  const requestContext = opening.context(principal, operation, claim.value);
  return handleClaimed(route, parts.value, requestContext);
}

/**
 * A public operation answers whoever asks: a refused credential makes its caller a stranger there.
 */
const callerOf = (
  presented: Result<Authenticated>,
  { access }: Operation,
): Result<Authenticated> =>
  presented.ok || access.kind !== 'public'
    ? presented
    : ok({ principal: { kind: 'anonymous' }, credential: '' });

interface Caller {
  readonly principal: Principal;
  /** Of the path. */
  readonly accountId: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Operators may act on any account, but only on one that exists. Answers what the account says of
 * signatures.
 */
async function decide(
  { principal, accountId, origin }: Caller,
  operation: Operation,
  opening: Opening,
): Promise<Result<SignatureRule>> {
  const decision = decideAccess({ principal, access: operation.access, accountId, origin });
  if (!decision.ok) return decision;
  if (principal.kind !== 'operator' || accountId === undefined)
    return ok('requestSignatures' in principal ? principal.requestSignatures : 'optional');
  const account = await opening.findAccount(accountId);
  return account ? ok(account.requestSignatures) : err('request.not_found');
}

async function claimOf(
  operation: Operation,
  context: Context,
  { credential }: Authenticated,
  body: Uint8Array,
): Promise<Result<IdempotencyClaim | undefined>> {
  const key = context.req.header('idempotency-key');
  if (key === undefined || !isUnsafe(operation) || operation.idempotency === 'none')
    return ok(undefined);
  const url = new URL(context.req.url);
  return deriveClaim({
    credential,
    key,
    method: context.req.method,
    target: `${url.pathname}${url.search}`,
    body,
    leaseId: newId('request', Date.now()),
  });
}

async function handleClaimed(
  { operation, handle }: Route,
  parts: unknown,
  context: RequestContext,
): Promise<Result<Served>> {
  const claim = operation.idempotency === 'catalogue' ? context.claim : undefined;
  if (claim) {
    const claimed = await claimKey(context.db, claim, context.now);
    if (!claimed.ok) return claimed;
    if (claimed.value.replay) return ok({ answer: claimed.value.replay, replayed: true });
  }
  try {
    const result = await handle(parts as never, context);
    return result.ok ? ok({ answer: result.value, replayed: false }) : result;
  } finally {
    // A refusal, a throw and an answer that changed nothing had no effect (the batch is atomic):
    // the key is free again. A batch that was written although its reply was lost has stored its
    // answer, and `releaseKey` leaves it alone.
    if (claim && !claim.stored) await releaseKey(context.db, claim);
  }
}
