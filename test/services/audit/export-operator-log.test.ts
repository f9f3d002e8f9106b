/** The log of operators' acts as an export. */
import { describe, expect, it } from 'vitest';
import { parseAuditExport, verifyAuditExport } from '../../../worker/core/audit/verify.ts';
import { call, openTenant } from '../../support/harness.ts';

describe('200', () => {
  it('verifies as a log of its own and names where the next stretch begins', async () => {
    await call('POST /operator/secrets/rewrap', { body: {} });
    await call('POST /operator/secrets/rewrap', { body: {} });
    const log = parseAuditExport((await call('GET /operator/audit/export')).body);
    expect(log.ok && verifyAuditExport({ log: log.value })).toMatchObject({
      ok: true,
      value: { accountId: 'operator', lastSequence: 2 },
    });
    const first = await call('GET /operator/audit/export?limit=1');
    expect(first.headers.get('link')).toContain('/operator/audit/export?fromSequence=2');
  });
});

describe('403', () => {
  it('is for operators alone', async () => {
    const tenant = await openTenant();
    expect((await call('GET /operator/audit/export', { token: tenant.key })).status).toBe(403);
  });
});
