/** The order of effects for what the platform says about itself. */
import type { Principal } from '../../core/access.ts';
import { toTimestamp } from '../../core/clock.ts';
import type { Limit } from '../../core/limits.ts';
import { err, ok } from '../../core/result.ts';
import { renderMetrics } from '../../http/metrics.ts';
import type { Operation } from '../../http/operation.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { renderChainMetrics } from './chain-metrics.ts';
import { probeParts } from './readiness.ts';
import { listRecordedKeys, recordSigningKey } from './signing-keys.ts';

export type LimitGroups = Readonly<Record<string, Readonly<Record<string, Limit>>>>;

/** 503 says no more than that to strangers; operators read which part failed and how. */
export async function getReadiness(context: RequestContext) {
  const parts = await probeParts(context.env);
  const failed = parts.filter((part) => !part.ready);
  if (failed.length === 0) return ok({ status: 200, body: { status: 'ready' } } as const);
  context.log.warn('readiness.failed', {
    parts: failed.map(({ name, problem }) => `${name}: ${problem}`).join('; '),
  });
  if (context.principal.kind !== 'operator') return err('service.not_ready');
  return err('service.not_ready', {
    detail: `Not ready: ${failed.map(({ name }) => name).join(', ')}.`,
    fields: failed.map(({ name, problem }) => ({ pointer: name, detail: problem ?? 'failed' })),
  });
}

export async function getMetrics({ env, settings }: RequestContext): Promise<string> {
  const [own, chain] = await Promise.all([renderMetrics(env), renderChainMetrics(env, settings)]);
  return own + chain;
}

export async function getStatus(context: RequestContext) {
  const parts = await probeParts(context.env);
  const caller = toCaller(context.principal);
  const status = parts.every(({ ready }) => ready) ? 'ready' : 'degraded';
  const body = {
    status,
    parts: parts.map(({ name, ready }) => ({ name, ready })),
    caller,
    time: toTimestamp(context.now),
  } as const;
  return ok({ status: 200, body } as const);
}

function toCaller(principal: Principal) {
  if (!('scopes' in principal)) {
    const id = principal.kind === 'operator' ? principal.name : '';
    return { kind: 'operator' as const, id, accountId: null, scopes: [], signingPublicKey: null };
  }
  const { kind, accountId, scopes, signingKey } = principal;
  const id = kind === 'apiKey' ? principal.keyId : principal.sessionId;
  return { kind, id, accountId, scopes: [...scopes], signingPublicKey: signingKey };
}

export async function listSigningKeys(context: RequestContext) {
  const recorded = await recordSigningKey(context.env, context.db, context.now);
  const items = await listRecordedKeys(context.db);
  // Past keys still verify past signatures, so they are served even while no current key is
  // configured.
  if (!recorded.ok && items.length === 0) return recorded;
  return ok({ status: 200, body: { items } } as const);
}

export function toDescriptors(operations: readonly Operation[]) {
  const services = [...new Set(operations.map(({ id }) => serviceOf(id)))];
  return services.map((service) => ({
    service,
    operations: operations
      .filter(({ id }) => serviceOf(id) === service)
      .map(({ id, method, path }) => ({ id, method: method.toUpperCase(), path })),
  }));
}

const serviceOf = (operationId: string): string => operationId.slice(0, operationId.indexOf('.'));

export const toLimits = (groups: LimitGroups) =>
  Object.entries(groups).flatMap(([service, limits]) =>
    Object.entries(limits).map(([name, { value, unit, reason }]) => ({
      service,
      name,
      value,
      unit,
      reason,
    })),
  );
