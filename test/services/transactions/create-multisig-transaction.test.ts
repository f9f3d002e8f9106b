/** `POST /accounts/{accountId}/transactions/multisig`: all bytes that members sign are fixed here. */

import { env } from 'cloudflare:workers';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  encodeUnsigned,
  hashTransaction,
  parseBase64Unsigned,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import type { Env } from '../../../worker/env.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { growingChain } from '../../support/growing-chain.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import {
  bodyOf,
  createMember,
  openMultisig,
  openProposed,
  propose,
} from './multisig-under-test.ts';
import { pass, rowOf, senderOf, sweep } from './transactions-under-test.ts';

const { DB } = env as unknown as Env;

/** One that members have made by themselves. */
async function openRaw(change: Partial<UnsignedTransaction> = {}) {
  const proposed = await openProposed();
  const decoded = parseBase64Unsigned((await proposed.signing()).unsigned);
  if (!decoded.ok) throw new Error('what the API showed');
  const unsigned = { ...decoded.value, nonce: 7, ...change };
  const raw = base64.encode(encodeUnsigned(unsigned));
  return { ...proposed, raw, unsigned };
}

describe('201', () => {
  it('fixes nonce, fees and last block, and sends nothing', async () => {
    const { node } = growingChain();
    const multisig = await openMultisig();
    const made = await propose(multisig, { validForBlocks: 100, note: 'treasury' });
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      kind: 'multisig',
      status: 'proposed',
      walletId: null,
      threshold: 2,
      approvers: multisig.publicKeys,
      note: 'treasury',
      // A tenth above what the node took, and above what two signatures and three keys cost.
      systemFeeMax: '10975558',
      attempts: [],
    });
    const { tenant } = multisig;
    const { body } = await tenant.call(`GET /transactions/${made.body.id}/signatures`);
    const decoded = parseBase64Unsigned(body.unsigned);
    if (!decoded.ok) throw new Error('a transaction');
    expect(decoded.value).toMatchObject({
      systemFee: 10_975_558n,
      networkFee: BigInt(made.body.networkFeeMax),
      validUntilBlock: node.height + 100,
      signers: [{ account: multisig.scriptHash, scopes: { calledByEntry: true } }],
    });
    expect(body).toMatchObject({
      hash: hashTransaction(decoded.value),
      validUntilBlock: node.height + 100,
    });
    expect((await senderOf(multisig).get(made.body.id)).ok).toBe(false);
  });

  it('takes the keys in any order for the same account, and each proposal has its own hash', async () => {
    const multisig = await openMultisig();
    const one = await propose(multisig);
    const other = await propose(multisig, { publicKeys: multisig.publicKeys.toReversed() });
    expect(other.body.sender).toBe(one.body.sender);
    const hashOf = async (id: string) =>
      (await multisig.tenant.call(`GET /transactions/${id}/signatures`)).body.hash;
    expect(await hashOf(other.body.id)).not.toBe(await hashOf(one.body.id));
  });

  it('changes not a byte of a raw transaction', async () => {
    growingChain();
    const raw = await openRaw();
    const made = await propose(raw, { calls: undefined, raw: raw.raw });
    expect(made.status, made.text).toBe(201);
    const { body } = await raw.tenant.call(`GET /transactions/${made.body.id}/signatures`);
    expect(body).toMatchObject({ unsigned: raw.raw, hash: hashTransaction(raw.unsigned) });
  });

  it('ends with its last block, and not before', async () => {
    const { node } = growingChain();
    const { id } = await openProposed({ validForBlocks: 4 });
    pass(10 * 60_000);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ status: 'proposed' });
    node.height += 4;
    pass(10 * 60_000);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ status: 'expired', reason: 'proposal_expired' });
  });

  it('is withdrawn before it is complete', async () => {
    const { tenant, id, sign } = await openProposed();
    await sign(0);
    expect((await tenant.call(`POST /transactions/${id}/cancel`, { body: {} })).body).toMatchObject(
      {
        status: 'cancelled',
      },
    );
    expect((await sign(1)).body.code).toBe('transactions.not_proposed');
  });

  it('goes with its signatures when the account is purged', async () => {
    const { id, sign } = await openProposed();
    await sign(0);
    await DB.prepare('DELETE FROM transactions WHERE transaction_id = ?').bind(id).run();
    const left = await DB.prepare('SELECT count(*) AS n FROM transaction_signatures').first();
    expect(left).toEqual({ n: 0 });
  });
});

describe('400', () => {
  it.each([
    ['a key that is on no curve', { publicKeys: [`02${'f'.repeat(64)}`] }, '/publicKeys/0'],
    ['more signatures than keys', { threshold: 4 }, '/threshold'],
    ['neither script nor calls', { calls: undefined }, '/script'],
    ['a raw transaction beside calls', { raw: 'AA==' }, '/calls'],
    ['a raw transaction that is none', { calls: undefined, raw: 'AA==' }, '/raw'],
  ])('refuses %s', async (_, fields, pointer) => {
    const refused = await propose(await openMultisig(), fields);
    expect([refused.status, refused.body.code]).toEqual([400, 'request.malformed']);
    expect(refused.body.fields[0].pointer).toBe(pointer);
  });

  it('refuses a key that stands twice: one member would count as two', async () => {
    const multisig = await openMultisig();
    const [key] = multisig.publicKeys;
    const refused = await propose(multisig, { publicKeys: [key, key] });
    expect([refused.status, refused.body.fields?.[0]?.pointer]).toEqual([400, '/publicKeys']);
  });
});

describe('404', () => {
  it('refuses a network that is not served', async () => {
    const refused = await propose(await openMultisig(), { network: 'neo3:other' });
    expect([refused.status, refused.body.code]).toEqual([404, 'chain.network_unknown']);
  });
});

describe('422', () => {
  it('refuses what would fault, with the exception', async () => {
    growingChain().exception = 'no such token';
    const refused = await propose(await openMultisig());
    expect([refused.status, refused.body.code]).toEqual([422, 'transactions.would_fault']);
    expect(refused.body.detail).toContain('no such token');
  });

  it('refuses fees that no node would take, before anybody has signed', async () => {
    const refused = await propose(await openMultisig(), { systemFee: '1', networkFee: '1' });
    expect([refused.status, refused.body.code]).toEqual([422, 'transactions.fee_above_maximum']);
    const pointers = refused.body.fields.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(['/systemFee', '/networkFee']);
  });

  it('refuses a script that is none', async () => {
    const refused = await propose(await openMultisig(), { calls: undefined, script: '/w==' });
    expect([refused.status, refused.body.code]).toEqual([422, 'transactions.script_refused']);
  });

  it.each([
    ['whose last block is over', { validUntilBlock: 1 }],
    ['whose last block is too far away', { validUntilBlock: 100_000 }],
    ['with a fee above the bound', { systemFee: 2_000_000_000_000n }],
  ])('refuses a raw transaction %s', async (_, change) => {
    growingChain();
    const raw = await openRaw(change);
    const refused = await propose(raw, { calls: undefined, raw: raw.raw });
    expect([refused.status, refused.body.code]).toEqual([422, 'transactions.raw_refused']);
  });

  it('refuses a raw transaction of another account', async () => {
    growingChain();
    const raw = await openRaw();
    const publicKeys = [...raw.publicKeys.slice(1), createMember().publicKey];
    const refused = await propose(raw, { calls: undefined, raw: raw.raw, publicKeys });
    expect([refused.status, refused.body.code]).toEqual([422, 'transactions.raw_refused']);
  });
});

describe('429', () => {
  it('refuses more open transactions than the bound', async () => {
    const { tenant, id, ...multisig } = await openProposed();
    const { results } = await DB.prepare("SELECT name FROM pragma_table_info('transactions')").all<{
      name: string;
    }>();
    const others = results.map(({ name }) => name).filter((name) => name !== 'transaction_id');
    await DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
       INSERT INTO transactions (transaction_id, ${others.join()})
       SELECT 'filler' || i, ${others.map((name) => `one.${name}`).join()}
       FROM n, (SELECT * FROM transactions WHERE transaction_id = ?) AS one`,
    )
      .bind(id)
      .run();
    const refused = await propose({ tenant, ...multisig });
    expect([refused.status, refused.body.code]).toEqual([429, 'transactions.too_many_open']);
  });
});

describe('503', () => {
  it('proposes nothing whose height nobody can tell', async () => {
    const multisig = await openMultisig();
    const { tenant } = multisig;
    const NEO_NETWORKS = JSON.stringify([{ ...NETWORKS.up, rpc: NETWORKS.down.rpc }]);
    const refused = await callAltered(
      { NEO_NETWORKS },
      `POST /accounts/${tenant.accountId}/transactions/multisig`,
      { token: tenant.key, body: bodyOf(multisig) },
    );
    expect([refused.status, refused.body.code]).toEqual([503, 'chain.unavailable']);
    expect((await tenant.call('GET /transactions')).body.items).toEqual([]);
  });
});
