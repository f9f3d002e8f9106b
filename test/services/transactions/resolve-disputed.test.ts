/** `POST /operator/transactions/{transactionId}/resolve`: M5, a person ends what nodes cannot. */
import { describe, expect, it } from 'vitest';
import { call, openTenant } from '../../support/harness.ts';
import { openDisputed, resolve } from './disputed-under-test.ts';
import {
  ABSENT,
  created,
  eventsOf,
  openFunded,
  read,
  rowOf,
  until,
} from './transactions-under-test.ts';

const BLOCK_HASH = `0x${'ab'.repeat(32)}`;

describe('200', () => {
  it('looks at the chain again, which then tells the end itself', async () => {
    const disputed = await openDisputed();
    const { chain, hash, id } = disputed;
    chain.include(hash);
    const resolved = await resolve(id, { resolution: 'observe' });
    expect(resolved.status, resolved.text).toBe(200);
    await until(disputed, async () =>
      expect(await rowOf(id)).toMatchObject({ status: 'confirmed', vm_state: 'HALT' }),
    );
  });

  it('ends it as expired by the word of the operator, which stays in the audit log', async () => {
    const disputed = await openDisputed();
    const { id, tenant } = disputed;
    const resolved = await resolve(id, { resolution: 'expired' });
    expect(resolved.body).toMatchObject({ id, status: 'expired', accountId: tenant.accountId });
    await until(disputed, async () =>
      expect(await rowOf(id)).toMatchObject({ status: 'expired', reason: 'resolved_by_operator' }),
    );
    expect(await eventsOf(disputed, 'transaction.expired')).toHaveLength(1);
    const { items } = (await tenant.call('GET /audit?limit=100')).body;
    const line = items.find(
      ({ operation }: { operation: string }) => operation === 'transactions.resolveDisputed',
    );
    expect(line).toMatchObject({
      actor: { kind: 'operator' },
      details: { resolution: 'expired', reason: 'seen on two nodes of mine' },
    });
  });

  it('ends it as included, with what the operator saw of it', async () => {
    const disputed = await openDisputed();
    const { id, hash } = disputed;
    const included = { attempt: 1, blockIndex: 77, blockHash: BLOCK_HASH, vmState: 'FAULT' };
    const resolved = await resolve(id, { resolution: 'included', included });
    expect(resolved.body).toMatchObject({ status: 'faulted', hash, blockIndex: 77 });
    await until(disputed, async () => expect(await rowOf(id)).toMatchObject({ status: 'faulted' }));
    // An end is for ever, whoever says otherwise.
    const again = await resolve(id, { resolution: 'expired' });
    expect([again.status, again.body.code]).toEqual([409, 'sender.not_disputed']);
    expect(await read(disputed, id)).toMatchObject({ status: 'faulted', vmState: 'FAULT' });
  });
});

describe('400', () => {
  it.each([
    ['included without where', { resolution: 'included' }],
    [
      'expired with where',
      {
        resolution: 'expired',
        included: { attempt: 1, blockIndex: 1, blockHash: BLOCK_HASH, vmState: 'HALT' },
      },
    ],
  ])('refuses %s', async (_, body) => {
    const refused = await resolve(ABSENT, body);
    expect([refused.status, refused.body.fields?.[0]?.pointer]).toEqual([400, '/included']);
  });
});

describe('403', () => {
  it('lets no account end its own dispute', async () => {
    const { key } = await openTenant();
    const refused = await call(`POST /operator/transactions/${ABSENT}/resolve`, {
      token: key,
      body: { resolution: 'expired', reason: 'because' },
    });
    expect(refused.status).toBe(403);
  });
});

describe('404', () => {
  it('knows no such transaction', async () => {
    expect((await resolve(ABSENT, { resolution: 'expired' })).status).toBe(404);
  });
});

describe('409', () => {
  it('ends nothing that is on its way', async () => {
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    const refused = await resolve(id, { resolution: 'expired' });
    expect([refused.status, refused.body.code]).toEqual([409, 'sender.not_disputed']);
  });
});

describe('422', () => {
  it('takes no attempt that was never prepared', async () => {
    const { id } = await openDisputed();
    const included = { attempt: 9, blockIndex: 1, blockHash: BLOCK_HASH, vmState: 'HALT' };
    const refused = await resolve(id, { resolution: 'included', included });
    expect([refused.status, refused.body.code]).toEqual([422, 'sender.intent_invalid']);
    await resolve(id, { resolution: 'expired' });
  });
});
