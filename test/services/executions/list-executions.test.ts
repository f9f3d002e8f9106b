/** Executions of an account, page by page. */
import { describe, expect, it } from 'vitest';
import { createId } from '../../../worker/core/ids.ts';
import { deploy, onDisk, openWith, queuedOnly, ran } from './runs-under-test.ts';

describe('200', () => {
  it('shows the newest first, without output, logs and actions', async () => {
    const { tenant, functionId } = await openWith(
      '(n) => { console.log(n); Devpack.gasBank.balance({}); return n; }',
    );
    const first = await ran(tenant, functionId, 1);
    const second = await ran(tenant, functionId, 2);
    const { body } = await tenant.call('GET /executions');
    expect(body.nextCursor).toBeNull();
    expect(body.items).toEqual(
      [second, first].map((one) => ({ ...one, output: null, logs: [], actions: [] })),
    );
  });

  it('filters by function, status and time', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const other = await deploy(tenant, '() => { throw 1 }');
    const good = await ran(tenant, functionId);
    const bad = await ran(tenant, other);
    const waiting = await queuedOnly(tenant, functionId);
    const list = async (query: string) =>
      (await tenant.call(`GET /executions?${query}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await list(`functionId=${other}`)).toEqual([bad.id]);
    expect(await list('status=succeeded')).toEqual([good.id]);
    expect(await list('status=queued')).toEqual([waiting]);
    expect(await list(`status=failed&functionId=${functionId}`)).toEqual([]);
    await onDisk(tenant, 'UPDATE executions SET created_at = 1000 WHERE id = ?', good.id);
    expect(await list('until=1970-01-01T00:00:02Z')).toEqual([good.id]);
    expect(await list('since=1970-01-01T00:00:02Z')).toEqual([waiting, bad.id]);
  });

  it.each([1, 25, 500])('loses and repeats nothing in pages of %i', async (limit) => {
    const { tenant, functionId } = await openWith('() => 1');
    await ran(tenant, functionId);
    const ids = Array.from({ length: limit * 2 + 1 }, (_, n) => {
      const random = new Uint8Array(10);
      new DataView(random.buffer).setUint32(0, n);
      return createId('execution', { now: 1_000_000 + n, random });
    });
    const columns = 'function_id, version_id, status, mode, store, actor, fuel_max, created_at';
    for (const id of ids)
      await onDisk(
        tenant,
        `INSERT INTO executions (id, ${columns}, watch_at)
         SELECT ?, ${columns}, 0 FROM executions ORDER BY id DESC LIMIT 1`,
        id,
      );
    const seen: string[] = [];
    let query = `limit=${limit}`;
    for (let page = 0; page < 4; page += 1) {
      const { body } = await tenant.call(`GET /executions?${query}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      query = `limit=${limit}&cursor=${body.nextCursor}`;
      await ran(tenant, functionId);
    }
    expect(seen.slice(1)).toEqual(ids.toReversed());
  });
});

describe('400', () => {
  it.each(['cursor=forged', 'status=odd', 'since=yesterday', 'limit=501'])(
    'refuses %s',
    async (query) => {
      const { tenant } = await openWith('() => 1');
      expect((await tenant.call(`GET /executions?${query}`)).status).toBe(400);
    },
  );
});
