/** `POST .../contracts/{contractId}/invoke`: a call by the manifest, as a transaction of a wallet. */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { type CallOptions, keyOf } from '../../support/harness.ts';
import { NETWORKS } from '../../support/small-chain.ts';
import { SMALL_CONTRACTS } from '../../support/small-contracts.ts';
import { rows, run } from '../secrets/vault-under-test.ts';
import {
  ABSENT,
  callElsewhere,
  callsOf,
  callWhileWalletChanges,
  callWithoutNodes,
  destroy,
  openAllThereMayBe,
  openSender,
  pathOf,
  register,
  retire,
  type Sender,
  type SmallContract,
} from './contracts-under-test.ts';

const bytes = (value: string) => ({ type: 'ByteArray', value });
const PUT = { method: 'put', args: [bytes('AQ=='), bytes('Ag==')] };

async function invoke(
  { tenant, walletId }: Sender,
  body: object = PUT,
  { contract = 'workshop', ...options }: CallOptions & { readonly contract?: SmallContract } = {},
) {
  const made = await register(tenant, contract);
  return tenant.call(`POST ${pathOf(made)}/invoke`, { body: { walletId, ...body }, ...options });
}

const transactions = () => rows('SELECT transaction_id FROM transactions');

describe('201', () => {
  it('is a transaction of the wallet that calls the method and nothing else', async () => {
    const sender = await openSender();
    const { status, body } = await invoke(sender, { ...PUT, note: 'October' });
    expect([status, body.status, body.walletId]).toEqual([201, 'proposed', sender.walletId]);
    expect(body).toMatchObject({ note: 'October', networkMagic: NETWORKS.up.magic });
    expect(callsOf(body.script)).toEqual([
      {
        contract: SMALL_CONTRACTS.workshop,
        method: 'put',
        args: [
          { type: 'ByteString', value: Uint8Array.of(1) },
          { type: 'ByteString', value: Uint8Array.of(2) },
        ],
        flags: CALL_FLAGS.All,
        result: 'asserted',
      },
    ]);
    const { body: read } = await sender.tenant.call(`GET /transactions/${body.id}`);
    expect(read.script).toBe(body.script);
  });

  it('asserts what answers true or false, unless it is told otherwise', async () => {
    const sender = await openSender();
    const made = await register(sender.tenant);
    const resultOf = async (call: object) => {
      const body = { walletId: sender.walletId, ...call };
      const sent = await sender.tenant.call(`POST ${pathOf(made)}/invoke`, { body });
      return callsOf(sent.body.script)[0]?.result;
    };
    const one = { method: 'put', args: [bytes('AQ==')] };
    expect(await resultOf(PUT)).toBe('asserted');
    expect(await resultOf({ ...PUT, result: 'dropped' })).toBe('dropped');
    expect(await resultOf(one)).toBe('kept');
  });

  it('gives a safe method no right to write in a transaction either', async () => {
    const echo = { method: 'echo', args: [bytes('AQ==')] };
    const { body } = await invoke(await openSender(), echo);
    expect(callsOf(body.script)[0]?.flags).toBe(CALL_FLAGS.ReadOnly);
  });

  it('has one effect for a request that is repeated', async () => {
    const sender = await openSender();
    const made = await register(sender.tenant);
    const options = {
      body: { walletId: sender.walletId, ...PUT },
      headers: { 'idempotency-key': 'once' },
    };
    const ask = () => sender.tenant.call(`POST ${pathOf(made)}/invoke`, options);
    const first = await ask();
    expect((await ask()).body).toEqual(first.body);
    expect(await transactions()).toHaveLength(1);
  });
});

describe('200', () => {
  it('answers the transaction that has this id of the caller already', async () => {
    const sender = await openSender();
    const made = await register(sender.tenant);
    const body = { walletId: sender.walletId, ...PUT, requestId: 'put-1' };
    const ask = () => sender.tenant.call(`POST ${pathOf(made)}/invoke`, { body });
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
  });
});

describe('400', () => {
  it.each([
    ['a method that is none', { method: 'nothing', args: [] }, '/method'],
    ['a method that the chain alone calls', { method: '_deploy', args: [] }, '/method'],
    ['too few arguments', { ...PUT, args: [] }, '/args'],
    ['a wrong type', { ...PUT, args: [bytes('AQ=='), { type: 'Map', value: [] }] }, '/args/1/type'],
    [
      'an integer beyond 256 bits',
      { method: 'echo', args: [{ type: 'Integer', value: String(1n << 255n) }] },
      '/args/0/value',
    ],
    ['a scope that does not exist', { ...PUT, scopes: 'Everything' }, '/scopes'],
    ['a fee that is no amount', { ...PUT, systemFeeMax: '1.5' }, '/systemFeeMax'],
  ])('names the place of %s, and writes nothing', async (_, body, pointer) => {
    const refused = await invoke(await openSender(), body);
    expect([refused.status, refused.body.fields?.[0].pointer]).toEqual([400, pointer]);
    expect(await transactions()).toEqual([]);
  });
});

describe('403', () => {
  it('needs the right to send, which that to write contracts is not', async () => {
    const sender = await openSender();
    const token = await keyOf(sender.tenant.accountId, { scopes: ['contracts:write'] });
    expect((await invoke(sender, PUT, { token })).status).toBe(403);
  });
});

describe('404', () => {
  it('answers it for a contract that is not there, or is of another account', async () => {
    const { tenant, walletId } = await openSender();
    const other = await register((await openSender('payee')).tenant);
    for (const path of [`/contracts/${ABSENT}`, pathOf(other)]) {
      const body = { walletId, ...PUT };
      const refused = await tenant.call(`POST ${path}/invoke`, { body });
      expect(refused.body.code).toBe('request.not_found');
    }
  });

  it('M1: sends nothing on a network that has the same name and another magic', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...PUT };
    const refused = await callElsewhere(tenant, `POST ${pathOf(made)}/invoke`, { body });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('sends nothing to a contract that was destroyed meanwhile', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    await destroy(made);
    const body = { walletId, ...PUT };
    const refused = await tenant.call(`POST ${pathOf(made)}/invoke`, { body });
    expect(refused.body.code).toBe('contracts.not_deployed');
    expect(await transactions()).toEqual([]);
  });

  it('refuses an id of the caller that belongs to another call', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const ask = (args: readonly object[]) =>
      tenant.call(`POST ${pathOf(made)}/invoke`, {
        body: { walletId, method: 'put', args, requestId: 'put-1' },
      });
    await ask([bytes('AQ==')]);
    expect((await ask([bytes('Ag==')])).body.code).toBe('transactions.request_conflict');
    expect(await transactions()).toHaveLength(1);
  });

  it('sends nothing from a wallet that is retired', async () => {
    const sender = await openSender();
    await retire(sender);
    expect((await invoke(sender)).body.code).toBe('wallets.retired');
  });
});

describe('412', () => {
  it('sends nothing when the wallet has changed since it was looked at', async () => {
    const sender = await openSender();
    const made = await register(sender.tenant);
    const body = { walletId: sender.walletId, ...PUT };
    const refused = await callWhileWalletChanges(sender, `POST ${pathOf(made)}/invoke`, body);
    expect(refused.body.code).toBe('request.precondition_failed');
    expect(await transactions()).toEqual([]);
  });
});

describe('422', () => {
  it('sends nothing from the wallet of another account, or of another network (M1)', async () => {
    const sender = await openSender();
    const { walletId } = await openSender('payee');
    const made = await register(sender.tenant);
    const ask = (id: string) =>
      sender.tenant.call(`POST ${pathOf(made)}/invoke`, { body: { walletId: id, ...PUT } });
    expect((await ask(walletId)).body.code).toBe('transactions.wallet_unknown');
    await run('UPDATE chain_wallets SET network_magic = 1 WHERE wallet_id = ?', sender.walletId);
    expect((await ask(sender.walletId)).body).toMatchObject({
      code: 'transactions.wallet_unknown',
      fields: [{ pointer: '/walletId', detail: expect.stringContaining('another network') }],
    });
  });

  it('sends nothing that would fault', async () => {
    const refused = await invoke(await openSender(), { method: 'fail' });
    expect(refused.body).toMatchObject({
      code: 'transactions.would_fault',
      detail: 'failed as asked',
    });
    expect(await transactions()).toEqual([]);
  });
});

describe('429', () => {
  it('opens no more transactions than an account may have', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...PUT };
    const ask = () => tenant.call(`POST ${pathOf(made)}/invoke`, { body });
    await openAllThereMayBe((await ask()).body.id);
    expect((await ask()).body.code).toBe('transactions.too_many_open');
  });
});

describe('503', () => {
  it('writes nothing while no node answers', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...PUT };
    const refused = await callWithoutNodes(tenant, `POST ${pathOf(made)}/invoke`, { body });
    expect(refused.body.code).toBe('chain.unavailable');
    expect(await transactions()).toEqual([]);
  });
});
