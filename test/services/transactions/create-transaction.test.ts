/** `POST /accounts/{accountId}/transactions`: what a policy lets pass is sent, what not is proposed. */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { openTenant } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import {
  create,
  created,
  type Funded,
  GOVERNED,
  openFunded,
  openProposing,
  POLICY,
  pass,
  read,
  rowOf,
  senderOf,
  sendersThatDie,
  sweep,
  transferBy,
  until,
} from './transactions-under-test.ts';

const MINUTE_MS = 60_000;

const bodyOf = (funded: Funded, fields: object = {}) => ({
  walletId: funded.walletId,
  calls: [transferBy(funded)],
  ...fields,
});
const pathOf = ({ tenant }: Funded) => `POST /accounts/${tenant.accountId}/transactions`;

describe('201', () => {
  it('sends what the policy lets pass, and tells its end with the evidence of the chain', async () => {
    const chain = growingChain();
    const funded = await openFunded();
    const made = await created(funded, { note: 'payout' });
    expect(made.body).toMatchObject({
      status: 'sending',
      threshold: null,
      approvals: [],
      // A tenth above what the node took.
      systemFeeMax: '10975558',
      networkFeeMax: '1355772',
      note: 'payout',
    });
    const live = await until(funded, async () => {
      const body = await read(funded, made.body.id);
      expect([...chain.sent]).toEqual([body.attempts[0]?.hash]);
      return body;
    });
    expect(live).toMatchObject({ status: 'sending', hash: null, attempts: [{ state: 'live' }] });
    expect(live.latestAt).not.toBeNull();
    chain.include(live.attempts[0].hash);
    await until(funded, async () =>
      expect(await rowOf(made.body.id)).toMatchObject({ status: 'confirmed' }),
    );
    expect(await read(funded, made.body.id)).toMatchObject({
      status: 'confirmed',
      hash: live.attempts[0].hash,
      vmState: 'HALT',
      blockIndex: chain.node.height,
      systemFee: '9977780',
      networkFee: '1232520',
      latestAt: null,
      attempts: [{ state: 'included' }],
    });
    expect(chain.sent.size).toBe(1);
  });

  it('M16: proposes what needs approvals, with their number and the approvers fixed', async () => {
    const proposing = await openProposing(3);
    const { body } = await created(proposing, { expiresInMinutes: 30 });
    expect(body).toMatchObject({ status: 'proposed', threshold: 2, approvals: [], attempts: [] });
    expect(body.approvers.toSorted()).toEqual(proposing.approverIds.toSorted());
    expect(body.reasons[0]).toContain('the policy has no amount');
    expect(Date.parse(body.latestAt) - Date.parse(body.createdAt)).toBe(30 * MINUTE_MS);
    // Nothing of it is anywhere but in the row.
    expect((await senderOf(proposing).get(body.id)).ok).toBe(false);
  });

  it('M16: lets the members of the wallet policy approve, and nobody else', async () => {
    const proposing = await openProposing(3);
    const members = proposing.approverIds.slice(0, 2);
    const policy = { threshold: 2, members };
    await proposing.tenant.call('PUT /wallet-policy', { body: policy });
    expect((await created(proposing)).body.approvers.toSorted()).toEqual(members.toSorted());
  });

  it('takes a script, and a raw transaction with its own fees as the maxima', async () => {
    const funded = await openFunded();
    const first = await created(funded);
    const { script } = first.body;
    const second = await created(funded, { calls: undefined, script });
    expect(second.body).toMatchObject({ script, signers: first.body.signers });
    expect(second.body.intentHash).not.toBe(first.body.intentHash);
  });

  it('M4: is handed over by the sweep when the request died before, once', async () => {
    const funded = await openFunded();
    const dying = sendersThatDie('send', 'before');
    const made = await callAltered({ NEO_SENDER: dying.namespace }, pathOf(funded), {
      token: funded.tenant.key,
      body: bodyOf(funded),
    });
    expect([made.status, made.body.status, dying.asked.count]).toEqual([201, 'sending', 1]);
    const { id } = made.body;
    expect((await senderOf(funded).get(id)).ok).toBe(false);
    await sweep();
    expect((await senderOf(funded).get(id)).ok).toBe(false); // It may be on its way still.
    pass(2 * MINUTE_MS);
    await Promise.all([sweep(), sweep()]);
    expect((await senderOf(funded).get(id)).ok).toBe(true);
    expect((await rowOf(id))?.handed_at).not.toBeNull();
  });

  it('M4: is not sent twice when the answer of the sender was lost', async () => {
    const funded = await openFunded();
    const dying = sendersThatDie('send', 'after');
    const made = await callAltered({ NEO_SENDER: dying.namespace }, pathOf(funded), {
      token: funded.tenant.key,
      body: bodyOf(funded),
    });
    expect((await rowOf(made.body.id))?.handed_at).toBeNull();
    // Even if the policy would not let it pass any more: it was taken.
    const body = { ...POLICY, tokens: [], approvals: null };
    await funded.tenant.call(`PUT /wallets/${funded.walletId}/policy`, { body });
    pass(2 * MINUTE_MS);
    await sweep();
    expect(await rowOf(made.body.id)).toMatchObject({ status: 'sending' });
    const listed = await senderOf(funded).list({ limit: 10 });
    expect(listed.ok && listed.value.items.map(({ id }) => id)).toEqual([made.body.id]);
  });

  it('has one effect for one Idempotency-Key', async () => {
    const funded = await openFunded();
    const send = () =>
      funded.tenant.call('POST /transactions', {
        body: bodyOf(funded),
        headers: { 'idempotency-key': 'payout' },
      });
    const first = await send();
    expect((await send()).text).toBe(first.text);
    expect((await funded.tenant.call('GET /transactions')).body.items).toHaveLength(1);
    const listed = await senderOf(funded).list({ limit: 10 });
    expect(listed.ok && listed.value.items).toHaveLength(1);
  });

  it('writes in the audit log who asked for what', async () => {
    const funded = await openFunded();
    const { body } = await created(funded);
    const log = await funded.tenant.call('GET /audit?operation=transactions.createTransaction');
    expect(log.body.items).toMatchObject([
      { target: { id: body.id }, details: { status: 'sending', intentHash: body.intentHash } },
    ]);
  });
});

describe('200', () => {
  it('answers the same transaction under the same requestId, and sends nothing more', async () => {
    const funded = await openFunded();
    const first = await created(funded, { requestId: 'payout-7' });
    const again = await create(funded, { requestId: 'payout-7' });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    const together = await Promise.all([
      create(funded, { requestId: 'payout-8' }),
      create(funded, { requestId: 'payout-8' }),
    ]);
    expect(new Set(together.map(({ status }) => status))).toEqual(new Set([200, 201]));
    expect(new Set(together.map(({ body }) => body.id)).size).toBe(1);
    const listed = await senderOf(funded).list({ limit: 10 });
    expect(listed.ok && listed.value.items).toHaveLength(2);
  });
});

describe('400', () => {
  it.each([
    ['neither script nor calls nor raw', { calls: undefined }, '/script'],
    ['a scope that does not exist', { scopes: 'Everything' }, '/scopes'],
    ['contracts without their scope', { allowedContracts: [`0x${'1'.repeat(40)}`] }, ''],
    ['a fee below nothing', { systemFeeMax: '-1' }, '/systemFeeMax'],
    ['a fee above all bounds', { networkFeeMax: '1000000000001' }, '/networkFeeMax'],
    ['a window that is over at once', { windowBlocks: 1 }, '/windowBlocks'],
    ['an id that an action could have', { requestId: 'exe_1:0' }, '/requestId'],
    ['raw beside calls', { raw: 'AAAA' }, '/calls'],
    ['raw that is no transaction', { calls: undefined, raw: 'AAAA' }, '/raw'],
  ])('refuses %s, and writes nothing', async (_what, fields, pointer) => {
    const funded = await openFunded();
    const refused = await create(funded, fields);
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(refused.body.fields[0].pointer).toBe(pointer);
    expect((await funded.tenant.call('GET /transactions')).body.items).toEqual([]);
  });
});

describe('404', () => {
  it('M1: does not take another network for that of the wallet because of its name', async () => {
    const funded = await openFunded();
    const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, magic: 7 }]);
    const refused = await callAltered({ NEO_NETWORKS }, pathOf(funded), {
      token: funded.tenant.key,
      body: bodyOf(funded),
    });
    expect(refused).toMatchObject({ status: 404, body: { code: 'chain.network_unknown' } });
  });
});

describe('409', () => {
  it('sends nothing from a wallet that is retired', async () => {
    const funded = await openFunded();
    await funded.tenant.call(`POST /wallets/${funded.walletId}/retire`);
    expect((await create(funded)).body.code).toBe('wallets.retired');
  });

  it.each([
    ['another amount', (funded: Funded) => ({ calls: [transferBy(funded, 2)] })],
    ['another maximum', () => ({ systemFeeMax: '20000000' })],
    ['another note', () => ({ note: 'another' })],
    ['another scope', () => ({ scopes: 'None' })],
  ])('refuses %s under the same requestId', async (_what, fields) => {
    const funded = await openFunded();
    await created(funded, { requestId: 'payout-7' });
    const refused = await create(funded, { requestId: 'payout-7', ...fields(funded) });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'transactions.request_conflict' },
    });
  });

  it('keeps the ids of accounts apart', async () => {
    const one = await openFunded();
    const other = await openFunded();
    await created(one, { requestId: 'payout-7' });
    expect((await create(other, { requestId: 'payout-7' })).status).toBe(201);
  });
});

describe('412', () => {
  it.each([
    ['the policy of the wallet', `UPDATE chain_wallets SET revision = revision + 1`],
    ['the wallet policy', `INSERT INTO wallet_policies VALUES (?1, 2, '[]', 1, 0, 0)`],
  ])('does not fix approvers by %s that has changed meanwhile', async (_what, statement) => {
    const proposing = await openProposing(2);
    const { accountId, key } = proposing.tenant;
    const bound = statement.includes('?1') ? [accountId] : [];
    const DB = racingDatabase(1, () =>
      env.DB.prepare(statement)
        .bind(...bound)
        .run(),
    );
    const body = bodyOf(proposing);
    const refused = await callAltered({ DB }, pathOf(proposing), { token: key, body });
    expect(refused).toMatchObject({ status: 412, body: { code: 'request.precondition_failed' } });
  });
});

describe('422', () => {
  it('M20: refuses what the policy refuses, and says why', async () => {
    const funded = await openFunded({ ...GOVERNED, approvals: null });
    const refused = await create(funded);
    expect(refused).toMatchObject({ status: 422, body: { code: 'wallets.policy_refused' } });
    expect(refused.body.detail).toContain('the policy has no amount');
  });

  it.each([
    ['system', { systemFeeMax: '50000001' }],
    ['network', { networkFeeMax: '50000001' }],
  ])('refuses a %s fee above the policy, which no approval mends', async (name, fields) => {
    const refused = await create(await openProposing(3), fields);
    expect(refused.body.code).toBe('wallets.policy_refused');
    expect(refused.body.detail).toContain(`its ${name} fee is above the maximum`);
  });

  it.each([
    ['/systemFeeMax', { systemFeeMax: '9977779' }],
    ['/networkFeeMax', { networkFeeMax: '1' }],
  ])('refuses a %s below what it needs', async (pointer, fields) => {
    const refused = await create(await openFunded(), fields);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'transactions.fee_above_maximum', fields: [{ pointer }] },
    });
  });

  it('refuses what would fault, with the exception', async () => {
    const refused = await create(await openFunded(), { calls: undefined, script: 'OA==' });
    expect(refused.body).toMatchObject({ code: 'transactions.would_fault' });
    expect(refused.body.detail).toContain('ABORT');
  });

  it('refuses a script that is none', async () => {
    const refused = await create(await openFunded(), { calls: undefined, script: 'DAU=' });
    expect(refused.body.code).toBe('transactions.script_refused');
  });

  it('refuses what too few could approve, rather than have it wait for nothing', async () => {
    const proposing = await openProposing(1);
    expect((await create(proposing)).body).toMatchObject({
      code: 'transactions.approvers_missing',
      limit: 2,
      observed: 1,
    });
  });

  it('does not send from the wallet of another account', async () => {
    const funded = await openFunded();
    const stranger = await openTenant('stranger');
    const refused = await stranger.call('POST /transactions', { body: bodyOf(funded) });
    expect(refused.body.code).toBe('transactions.wallet_unknown');
  });
});

describe('429', () => {
  it('refuses more open transactions than the bound', async () => {
    const proposing = await openProposing(2);
    const { body } = await created(proposing);
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
       INSERT INTO transactions (transaction_id, account_id, kind, network, network_magic, sender,
         status, status_since, unsigned, system_fee_max, network_fee_max, gas_sent, window_blocks,
         intent_hash, approvers, reasons, due_at, created_by, revision, created_at, updated_at)
       SELECT 'txn_' || i, account_id, kind, network, network_magic, sender, status, status_since,
         unsigned, 0, 0, 0, 60, intent_hash, '[]', '[]', due_at, created_by, 1, 0, 0
       FROM n, transactions WHERE transaction_id = ?`,
    )
      .bind(body.id)
      .run();
    expect((await create(proposing)).body).toMatchObject({
      code: 'transactions.too_many_open',
      limit: 1_000,
    });
    await proposing.tenant.call(`POST /transactions/${body.id}/cancel`, { body: {} });
    expect((await create(proposing)).status).toBe(201);
  });
});

describe('503', () => {
  it('answers it while no node answers, and writes nothing', async () => {
    const funded = await openFunded();
    const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, rpc: NETWORKS.down.rpc }]);
    const refused = await callAltered({ NEO_NETWORKS }, pathOf(funded), {
      token: funded.tenant.key,
      body: bodyOf(funded),
    });
    expect(refused.body.code).toBe('chain.unavailable');
    expect((await funded.tenant.call('GET /transactions')).body.items).toEqual([]);
  });
});
