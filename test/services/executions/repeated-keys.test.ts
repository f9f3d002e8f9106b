/** `Idempotency-Key` whose record lives beside the executions: one effect, one answer, nothing for others to read. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RUN_LEASE_MS } from '../../../worker/services/executions/order.ts';
import type { Called, Tenant } from '../../support/harness.ts';
import {
  bindings,
  ended,
  execute,
  letTimePass,
  onDisk,
  openWith,
  read,
  slowHost,
} from './runs-under-test.ts';

const KEY = 'canary-idempotency-key-1';
const headers = { 'idempotency-key': KEY };

const idsOf = ({ body }: Called): string[] =>
  (body.items ?? [body]).map(({ id }: { id: string }) => id);

const count = async (tenant: Tenant) => (await tenant.call('GET /executions')).body.items.length;

describe.each([
  ['a run', '', { params: { n: 1 } }, { params: { n: 2 } }],
  ['a queued run', '', { params: { n: 1 }, mode: 'async' }, { params: { n: 1 } }],
  ['a batch', '/batch', { inputs: [1, 2, 3] }, { inputs: [1, 2] }],
])('%s with a key', (_what, suffix, body, other) => {
  const ask = (tenant: Tenant, functionId: string, given: object) =>
    tenant.call(`POST /functions/${functionId}/executions${suffix}`, { body: given, headers });

  it('is made once and answered with the same ids, whatever became of the function', async () => {
    const { tenant, functionId } = await openWith('(p) => ({ p })');
    const first = await ask(tenant, functionId, body);
    const made = await count(tenant);
    for (const id of idsOf(first)) await ended(tenant, id);
    const found = await tenant.call(`GET /functions/${functionId}`);
    await tenant.call(`DELETE /functions/${functionId}`, {
      headers: { 'if-match': found.headers.get('etag') ?? '' },
    });
    const again = await ask(tenant, functionId, body);
    expect([again.status, idsOf(again)]).toEqual([first.status, idsOf(first)]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await count(tenant)).toBe(made);
  });

  it('refuses another body under the key', async () => {
    const { tenant, functionId } = await openWith('(p) => ({ p })');
    await ask(tenant, functionId, body);
    const refused = await ask(tenant, functionId, other);
    expect([refused.status, refused.body.code]).toEqual([422, 'idempotency.key_reused']);
  });

  it('is free again after a refusal before the start', async () => {
    const { tenant, functionId } = await openWith('(p) => ({ p })', { secrets: [] });
    const quotas = 'UPDATE accounts SET quotas = ? WHERE account_id = ?';
    const set = (value: object) =>
      bindings.DB.prepare(quotas).bind(JSON.stringify(value), tenant.accountId).run();
    await set({ monthlyExecutions: 0 });
    expect((await ask(tenant, functionId, body)).body.code).toBe('quota.exceeded');
    await set({});
    expect((await ask(tenant, functionId, body)).status).toBeLessThan(300);
  });

  it('makes one of ten requests at once', async () => {
    const { tenant, functionId } = await openWith('(p) => ({ p })');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(tenant, functionId, body)),
    );
    const made = answers.filter(({ status }) => status < 300);
    expect(new Set(made.map((answer) => idsOf(answer).join())).size).toBe(1);
    expect(answers.every(({ status }) => status < 300 || status === 409)).toBe(true);
    expect(await count(tenant)).toBe(idsOf(made[0] as Called).length);
  });
});

describe('a run that is under way', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const source = '() => Devpack.http.fetch("https://slow.example.com/").then((a) => a.status)';
  const permissions = { httpHosts: ['slow.example.com'] };

  it('answers 409 until it ends, then with the ended execution', async () => {
    const { tenant, functionId } = await openWith(source, { permissions });
    const host = slowHost();
    const first = execute(tenant, functionId, {}, { headers });
    await vi.waitUntil(() => host.asked);
    const early = await execute(tenant, functionId, {}, { headers });
    expect([early.status, early.body.code]).toEqual([409, 'idempotency.in_progress']);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    host.answers = true;
    const answer = await first;
    expect(answer.body.output).toEqual({ result: 200 });
    const again = await execute(tenant, functionId, {}, { headers });
    expect([again.status, again.body]).toEqual([201, answer.body]);
  });

  it('whose runner died is settled, and the key answers its end', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const first = await execute(tenant, functionId, {}, { headers });
    await onDisk(
      tenant,
      `UPDATE executions SET status = 'running', code_ended_at = NULL, ended_at = NULL, watch_at = ?`,
      Date.now() + RUN_LEASE_MS,
    );
    const lease = "UPDATE idempotency_records SET state = 'running', lease_until = ?";
    await onDisk(tenant, lease, Date.now() + RUN_LEASE_MS);
    expect((await execute(tenant, functionId, {}, { headers })).status).toBe(409);
    await letTimePass(tenant, RUN_LEASE_MS);
    const answer = await execute(tenant, functionId, {}, { headers });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ id: first.body.id, status: 'interrupted' });
  });
});

describe('a reader of the stores', () => {
  it('learns neither key nor body, and cannot tell equal bodies of two keys', async () => {
    const { tenant, functionId } = await openWith('(p) => 1');
    const body = { params: 'canary-body-of-a-request', mode: 'async' };
    const made = await execute(tenant, functionId, body, { headers });
    await execute(tenant, functionId, body, { headers: { 'idempotency-key': `${KEY}b` } });
    const records = await onDisk<{ fingerprint: string }>(
      tenant,
      'SELECT * FROM idempotency_records',
    );
    expect(new Set(records.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    const rows = await onDisk(tenant, 'SELECT * FROM executions');
    const bytes = await onDisk<{ bytes: ArrayBuffer }>(
      tenant,
      'SELECT bytes FROM execution_bodies',
    );
    const texts = bytes.map((row) => new TextDecoder('latin1').decode(row.bytes));
    const all = JSON.stringify([records, rows, texts]);
    expect(all).not.toContain(KEY);
    expect(all).not.toContain(body.params);
    expect(await read(tenant, made.body.id)).toMatchObject({ mode: 'async' });
  });
});
