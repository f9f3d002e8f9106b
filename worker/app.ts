/**
 * The app: every route of the contract bound once, the order of steps around them, and what no
 * route answers (404, 405, OPTIONS). Built from the same list that the document is made of. Wiring
 * only.
 */
import { type Context, Hono } from 'hono';
import type { Failure } from './core/result.ts';
import { toTraceparent } from './core/trace-context.ts';
import type { Env, Settings } from './env.ts';
import { parseSettings, settingsForRepair } from './env.ts';
import type { CommittedAnswer } from './http/commit.ts';
import { deprecationHeaders } from './http/deprecation.ts';
import { createLog, errorFields } from './http/log.ts';
import { recordRequest } from './http/observe.ts';
import { type AppPorts, type Opening, openRequest } from './http/open-request.ts';
import { isForBrowsers, type Operation } from './http/operation.ts';
import { problemResponse } from './http/problem.ts';
import { newId } from './http/request-context.ts';
import {
  setCorsHeaders,
  setOpenCorsHeaders,
  setPreflightHeaders,
  setSecurityHeaders,
} from './http/response-headers.ts';
import { type Route, type Served, serve } from './http/serve-operation.ts';

type App = Hono<{ Bindings: Env }>;

export function createApp(routes: readonly Route[], ports: AppPorts): App {
  const app: App = new Hono();
  for (const route of routes)
    app.on(route.operation.method.toUpperCase(), toHonoPath(route.operation.path), (context) =>
      answerRoute(route, context, ports),
    );
  const paths = routes.map(({ operation }) => ({
    method: operation.method.toUpperCase(),
    pattern: toPattern(operation.path),
    isForBrowsers: isForBrowsers(operation),
  }));
  app.notFound((context) => answerUnmatched(context, paths));
  app.onError((thrown, context) => {
    const requestId = newId('request', Date.now());
    createLog('error', { requestId }).error('request.crashed', errorFields(thrown));
    return withHeaders(problemResponse({ code: 'internal.error' }, requestId), context, undefined);
  });
  return app;
}

async function answerRoute(route: Route, context: Context, ports: AppPorts): Promise<Response> {
  const settings = parseSettings(context.env as Env);
  if (!settings.ok) return answerMisconfigured(settings.failure, route, context, ports);
  const opening = openRequest(context, ports, settings.value);
  const outcome = await attempt(route, context, opening);
  const response = outcome.ok
    ? successResponse(route.operation, outcome.value)
    : problemResponse(outcome.failure, opening.requestId);
  for (const [name, value] of Object.entries(opening.rate.headers))
    response.headers.set(name, value);
  for (const [name, value] of Object.entries(deprecationHeaders(route.operation)))
    response.headers.set(name, value);
  response.headers.set('x-request-id', opening.requestId);
  response.headers.set('traceparent', toTraceparent(opening.trace));
  recordRequest(context, opening, {
    operation: route.operation.id,
    status: response.status,
    code: outcome.ok ? undefined : outcome.failure.code,
    accountId: context.req.param('accountId'),
  });
  const answered = withHeaders(response, context, settings.value);
  if (isForBrowsers(route.operation)) setOpenCorsHeaders(answered.headers);
  return answered;
}

/** Whatever is thrown inside ends here: one log line with everything, an answer with nothing. */
async function attempt(route: Route, context: Context, opening: Opening) {
  try {
    return await serve(route, context, opening);
  } catch (thrown) {
    opening.log.error('request.failed', {
      operation: route.operation.id,
      ...errorFields(thrown),
    });
    return { ok: false, failure: { code: 'internal.error' } as Failure } as const;
  }
}

/** Public operations answer even then: `/readyz` tells operators what to mend. */
async function answerMisconfigured(
  failure: Failure,
  route: Route,
  context: Context,
  ports: AppPorts,
): Promise<Response> {
  const opening = openRequest(context, ports, settingsForRepair(context.env as Env));
  opening.log.error('settings.malformed', {
    settings: (failure.fields ?? []).map((field) => `${field.pointer}: ${field.detail}`).join('; '),
  });
  const outcome =
    route.operation.access.kind === 'public'
      ? await attempt(route, context, opening)
      : ({ ok: false, failure: { code: failure.code } } as const);
  const response = outcome.ok
    ? successResponse(route.operation, outcome.value)
    : problemResponse(outcome.failure, opening.requestId);
  return withHeaders(response, context, undefined);
}

function successResponse(operation: Operation, { answer, replayed }: Served): Response {
  const success = operation.successes.find(({ status }) => status === answer.status);
  const headers = new Headers(answer.headers);
  if (answer.etag !== undefined) headers.set('etag', answer.etag);
  if (replayed) headers.set('idempotency-replayed', 'true');
  if (answer.status === 204) return new Response(null, { status: 204, headers });
  const body = bodyOf(answer, success?.contentType, headers);
  return new Response(body, { status: answer.status, headers });
}

function bodyOf(
  { body }: CommittedAnswer,
  contentType: string | undefined,
  headers: Headers,
): BodyInit {
  if (!headers.has('content-type')) headers.set('content-type', contentType ?? 'application/json');
  return contentType === undefined ? JSON.stringify(body) : (body as BodyInit);
}

interface PathMethod {
  readonly method: string;
  readonly pattern: RegExp;
  readonly isForBrowsers: boolean;
}

function answerUnmatched(context: Context, paths: readonly PathMethod[]): Response {
  const settings = parseSettings(context.env as Env);
  const known = settings.ok ? settings.value : undefined;
  const found = paths.filter(({ pattern }) => pattern.test(context.req.path));
  const methods = new Set(found.map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  const requestId = newId('request', Date.now());
  if (methods.size === 0)
    return withHeaders(problemResponse({ code: 'request.not_found' }, requestId), context, known);
  const allow = [...methods, 'OPTIONS'].sort().join(', ');
  const response =
    context.req.method === 'OPTIONS'
      ? new Response(null, { status: 204 })
      : problemResponse({ code: 'request.method_not_allowed' }, requestId);
  response.headers.set('allow', allow);
  if (context.req.method === 'OPTIONS') setPreflightHeaders(response.headers, allow);
  const answered = withHeaders(response, context, known);
  if (found.some((one) => one.isForBrowsers)) setOpenCorsHeaders(answered.headers);
  return answered;
}

function withHeaders(
  response: Response,
  context: Context,
  settings: Settings | undefined,
): Response {
  setSecurityHeaders(response.headers);
  if (settings) setCorsHeaders(response.headers, context.req.header('origin'), settings);
  return response;
}

/** `/a/{b}` is `/a/:b` to Hono. */
const toHonoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');
const toPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);
