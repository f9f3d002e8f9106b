/**
 * The least that opens an account and keeps its audit line: one D1 batch of the two rows that the
 * product writes. It checks nothing, and nobody ever reads the second row.
 */
interface Env {
  readonly DB: D1Database;
}

const ACCOUNT = `INSERT INTO accounts (account_id, name, status, metadata, quotas, revision,
  created_at, updated_at, deleted_at, purged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const AUDIT = 'INSERT INTO outbox (journal, kind, body, created_at) VALUES (?, ?, ?, ?)';

export default {
  async fetch(request, { DB }) {
    const { name, metadata } = await request.json<{ name: string; metadata: object }>();
    const id = `acc_${crypto.randomUUID()}`;
    const now = Date.now();
    const team = JSON.stringify(metadata);
    const line = JSON.stringify({
      at: new Date(now).toISOString(),
      actor: { kind: 'operator', id: 'operator' },
      operation: 'accounts.createAccount',
      outcome: 'ok',
      requestId: `req_${id}`,
      traceId: id,
      target: { kind: 'account', id },
      details: { name },
    });
    await DB.batch([
      DB.prepare(ACCOUNT).bind(id, name, 'active', team, '{}', 1, now, now, null, null),
      DB.prepare(AUDIT).bind(id, 'audit', line, now),
    ]);
    return Response.json({ id, name, metadata, createdAt: now }, { status: 201 });
  },
} satisfies ExportedHandler<Env>;
