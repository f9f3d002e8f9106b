/** What the tests of API keys need beside the API: making keys of every kind, and asking whether one still works. */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { forgetCredentials } from '../../../worker/http/authenticate.ts';
import { type Called, call, type Tenant } from '../../support/harness.ts';

export interface MadeKey {
  readonly id: string;
  readonly key: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly signingPublicKey: string | null;
}

/** By the tenant's admin key unless another token makes it. */
export async function makeKey(
  tenant: Tenant,
  grant: object = { role: 'viewer' },
  token?: string,
): Promise<MadeKey> {
  const made = await tenant.call('POST /keys', {
    body: { name: 'made', ...grant },
    ...(token === undefined ? {} : { token }),
  });
  expect(made.status, made.text).toBe(201);
  return made.body;
}

/** Whether the key is accepted, asked of an isolate that remembers nothing. */
export async function works(key: string): Promise<boolean> {
  forgetCredentials();
  const { status } = await call('GET /system/version', { token: key });
  forgetCredentials();
  return status === 200;
}

export const setQuota = (tenant: Tenant, keys: number): Promise<Called> =>
  call(`PATCH /accounts/${tenant.accountId}/quotas`, { body: { keys } });

/** Moves times of a stored key, which no operation does. */
export async function setTimes(
  keyId: string,
  times: { readonly expiresAt?: number; readonly revokedAt?: number },
): Promise<void> {
  await env.DB.prepare(
    `UPDATE api_keys SET expires_at = coalesce(?, expires_at), revoked_at = coalesce(?, revoked_at)
     WHERE key_id = ?`,
  )
    .bind(times.expiresAt ?? null, times.revokedAt ?? null, keyId)
    .run();
  forgetCredentials();
}

interface AuditEntry {
  readonly operation: string;
  readonly outcome: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly target?: { readonly kind: string; readonly id: string };
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The account's entries of one operation, oldest first, read by the operator. */
export async function auditOf(tenant: Tenant, operation: string): Promise<readonly AuditEntry[]> {
  const { body } = await call(`GET /accounts/${tenant.accountId}/audit?operation=${operation}`);
  return body.items.toReversed();
}

export const keyIdIn = (key: string): string => `key_${key.split('_')[2]}`;
