/**
 * `PUT /accounts/{accountId}/request-signatures`: set by those who can sign, set back with approvals
 * where the account has a policy, and by an operator when nobody can sign any more.
 */
import { describe, expect, it } from 'vitest';
import { signingKeyOf } from '../../contract/fixtures/accounts.ts';
import { testOperator } from '../../support/bindings.ts';
import { type Called, call, openTenant, type Tenant } from '../../support/harness.ts';
import { SECOND_MS, stopClock } from '../../support/time.ts';
import { auditOf } from '../keys/keys-under-test.ts';
import { openGoverned } from '../workspace-wallets/policy-under-test.ts';

type Rule = 'optional' | 'required';
const LOOSENING = { operation: 'accounts.setRequestSignatures' } as const;

const setAs = (tenant: Tenant, requestSignatures: Rule, caller: object): Promise<Called> =>
  tenant.call('PUT /request-signatures', { ...caller, body: { requestSignatures } });
const set = async (tenant: Tenant, rule: Rule) => setAs(tenant, rule, await signingKeyOf(tenant));
const byOperator = ({ accountId }: Tenant, requestSignatures: Rule) =>
  call(`PUT /accounts/${accountId}/request-signatures`, { body: { requestSignatures } });
const ruleOf = async ({ accountId }: Tenant) =>
  (await call(`GET /accounts/${accountId}/request-signatures`)).body.requestSignatures;

describe('200', () => {
  it('requires signatures within 30 seconds, and takes it back, each on record', async () => {
    const clock = stopClock();
    const tenant = await openTenant();
    expect((await set(tenant, 'required')).body).toEqual({ requestSignatures: 'required' });
    clock.pass(30 * SECOND_MS);
    expect((await tenant.call('PATCH ', { body: { name: 'x' } })).body.code).toBe(
      'signature.required',
    );
    expect((await set(tenant, 'optional')).status).toBe(200);
    clock.pass(30 * SECOND_MS);
    expect((await tenant.call('PATCH ', { body: { name: 'x' } })).status).toBe(200);
    const { signer } = await signingKeyOf(tenant);
    const actor = { kind: 'apiKey', id: signer.keyId };
    expect(await auditOf(tenant, 'accounts.setRequestSignatures')).toMatchObject([
      { actor, details: { requestSignatures: 'required' } },
      { actor, details: { requestSignatures: 'optional' } },
    ]);
  });

  it('is the way out for an operator when nobody can sign any more, on record', async () => {
    const { tenant } = await openGoverned(1, 1);
    expect((await set(tenant, 'required')).status).toBe(200);
    expect((await byOperator(tenant, 'optional')).status).toBe(200);
    expect(await ruleOf(tenant)).toBe('optional');
    const lines = await auditOf(tenant, 'accounts.setRequestSignatures');
    expect(lines.at(-1)).toMatchObject({
      actor: { kind: 'operator', id: testOperator.name },
      details: { requestSignatures: 'optional' },
    });
  });

  it('needs the approvals of an active policy for the way back alone, and uses them up', async () => {
    const { tenant, approve } = await openGoverned(1, 2);
    expect((await set(tenant, 'optional')).status, 'which changes nothing').toBe(200);
    expect((await set(tenant, 'required')).status).toBe(200);
    const caller = await signingKeyOf(tenant);
    // Before isolates learn of it, members still ask as they did.
    expect((await approve(0, LOOSENING)).status).toBe(201);
    expect((await setAs(tenant, 'optional', caller)).status).toBe(200);
    expect((await set(tenant, 'required')).status).toBe(200);
    expect((await setAs(tenant, 'optional', caller)).body.code).toBe('wallets.approvals_required');
  });

  it('never loosens without approvals an account that becomes strict meanwhile', async () => {
    const { tenant } = await openGoverned(1, 1);
    const caller = await signingKeyOf(tenant);
    for (let round = 0; round < 5; round += 1) {
      const [strict, loose] = await Promise.all([
        setAs(tenant, 'required', caller),
        setAs(tenant, 'optional', caller),
      ]);
      expect([200, 412]).toContain(strict.status);
      expect([200, 403, 412]).toContain(loose.status);
      if (strict.status === 200 && loose.status !== 200)
        expect(await ruleOf(tenant)).toBe('required');
      await byOperator(tenant, 'optional');
    }
  });
});

describe('400', () => {
  it('knows two words', async () => {
    const tenant = await openTenant();
    const caller = await signingKeyOf(tenant);
    for (const requestSignatures of ['Required', 'none', true, null, ''])
      expect(
        await tenant.call('PUT /request-signatures', { ...caller, body: { requestSignatures } }),
      ).toMatchObject({ status: 400, body: { fields: [{ pointer: '/requestSignatures' }] } });
  });
});

describe('403', () => {
  it('is signed itself, either way, whatever the account says', async () => {
    const tenant = await openTenant();
    for (const rule of ['required', 'optional'] as const)
      expect((await setAs(tenant, rule, {})).body.code).toBe('signature.required');
    await set(tenant, 'required');
    for (const rule of ['required', 'optional'] as const)
      expect((await setAs(tenant, rule, {})).body.code).toBe('signature.required');
    expect(await ruleOf(tenant)).toBe('required');
  });

  it('locks nobody out: a credential without a key for signatures cannot require them', async () => {
    const tenant = await openTenant();
    const { signer } = await signingKeyOf(tenant);
    expect((await setAs(tenant, 'required', { signer })).body.code).toBe('signature.key_absent');
    expect((await byOperator(tenant, 'required')).body.code).toBe('signature.key_absent');
    expect(await ruleOf(tenant)).toBe('optional');
  });

  it('keeps an account strict that has a policy and no approvals', async () => {
    const { tenant } = await openGoverned(2, 2);
    await set(tenant, 'required');
    expect(await set(tenant, 'optional')).toMatchObject({
      status: 403,
      body: { code: 'wallets.approvals_required', limit: 2, observed: 0 },
    });
    expect(await ruleOf(tenant)).toBe('required');
  });
});

describe('412', () => {
  it('is not set over a change that the caller has not seen', async () => {
    const tenant = await openTenant();
    const caller = await signingKeyOf(tenant);
    const headers = { 'if-match': '"r1"' };
    expect((await setAs(tenant, 'required', { ...caller, headers })).status).toBe(200);
    expect((await setAs(tenant, 'optional', { ...caller, headers })).status).toBe(412);
  });
});
