/** `POST .../contracts/{contractId}/update`: by the contract's own method, which decides who may. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../support/harness.ts';
import {
  SMALL_CONTRACTS,
  TOKEN_MANIFEST,
  WORKSHOP_MANIFEST,
  WORKSHOP_NEF,
} from '../../support/small-contracts.ts';
import { rows } from '../secrets/vault-under-test.ts';
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

const MANIFEST = JSON.stringify({ ...WORKSHOP_MANIFEST, extra: { version: 2 } });
const WHOLE = { nef: WORKSHOP_NEF, manifest: MANIFEST };
const NULL = { type: 'Any', value: null };

async function update(sender: Sender, body: object, contract: SmallContract = 'workshop') {
  const made = await register(sender.tenant, contract);
  return sender.tenant.call(`POST ${pathOf(made)}/update`, {
    body: { walletId: sender.walletId, ...body },
  });
}

const transactions = () => rows('SELECT transaction_id FROM transactions');

describe('201', () => {
  it("calls the contract's own method with file, manifest and data", async () => {
    const data = { type: 'Integer', value: '7' };
    const { status, body } = await update(await openSender(), { ...WHOLE, data });
    expect([status, body.status]).toEqual([201, 'proposed']);
    expect(callsOf(body.script)).toMatchObject([
      {
        contract: SMALL_CONTRACTS.workshop,
        method: 'update',
        args: [
          { type: 'ByteString', value: base64.decode(WORKSHOP_NEF) },
          { type: 'ByteString', value: new TextEncoder().encode(MANIFEST) },
          { type: 'Integer', value: 7n },
        ],
      },
    ]);
  });

  it('keeps by null what is not given', async () => {
    const sender = await openSender();
    const made = await register(sender.tenant);
    const argsOf = async (fields: object) => {
      const body = { walletId: sender.walletId, ...fields };
      const sent = await sender.tenant.call(`POST ${pathOf(made)}/update`, { body });
      return callsOf(sent.body.script)[0]?.args;
    };
    expect((await argsOf({ manifest: MANIFEST }))?.[0]).toEqual(NULL);
    expect((await argsOf({ nef: WORKSHOP_NEF }))?.slice(1)).toEqual([NULL, NULL]);
  });

  it('leaves what is registered as it is until the chain has changed', async () => {
    const sender = await openSender();
    await update(sender, WHOLE);
    const { items } = (await sender.tenant.call('GET /contracts')).body;
    expect(items).toMatchObject([{ standing: 'deployed', updateCounter: 3 }]);
  });
});

describe('200', () => {
  it('answers the transaction that has this id of the caller already', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...WHOLE, requestId: 'second-version' };
    const ask = () => tenant.call(`POST ${pathOf(made)}/update`, { body });
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
  });
});

describe('400', () => {
  it.each([
    ['nothing', {}, '/nef'],
    ['a NEF that is none', { nef: 'AAAA' }, '/nef'],
    ['a manifest that is none', { manifest: '{}' }, '/manifest'],
    ['another name', { manifest: JSON.stringify(TOKEN_MANIFEST) }, '/manifest'],
    ['data of a wrong form', { ...WHOLE, data: { type: 'Integer', value: 'x' } }, '/data/value'],
  ])('refuses %s, and writes nothing', async (_, body, pointer) => {
    const refused = await update(await openSender(), body);
    expect([refused.status, refused.body.fields?.[0].pointer]).toEqual([400, pointer]);
    expect(await transactions()).toEqual([]);
  });
});

describe('403', () => {
  it('needs the right to send, which that to write contracts is not', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const token = await keyOf(tenant.accountId, { scopes: ['contracts:write'] });
    const body = { walletId, ...WHOLE };
    const refused = await tenant.call(`POST ${pathOf(made)}/update`, { body, token });
    expect(refused.status).toBe(403);
  });
});

describe('404', () => {
  it('answers it for a contract that is not there, or is of another account', async () => {
    const { tenant, walletId } = await openSender();
    const other = await register((await openSender('payee')).tenant);
    for (const path of [`/contracts/${ABSENT}`, pathOf(other)]) {
      const body = { walletId, ...WHOLE };
      const refused = await tenant.call(`POST ${path}/update`, { body });
      expect(refused.body.code).toBe('request.not_found');
    }
  });

  it('M1: sends nothing on a network that has the same name and another magic', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...WHOLE };
    const refused = await callElsewhere(tenant, `POST ${pathOf(made)}/update`, { body });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('sends nothing to a contract that was destroyed meanwhile', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    await destroy(made);
    const body = { walletId, ...WHOLE };
    const refused = await tenant.call(`POST ${pathOf(made)}/update`, { body });
    expect(refused.body.code).toBe('contracts.not_deployed');
  });

  it('sends nothing from a wallet that is retired', async () => {
    const sender = await openSender();
    await retire(sender);
    expect((await update(sender, WHOLE)).body.code).toBe('wallets.retired');
  });
});

describe('412', () => {
  it('sends nothing when the wallet has changed since it was looked at', async () => {
    const sender = await openSender();
    const made = await register(sender.tenant);
    const body = { walletId: sender.walletId, ...WHOLE };
    const refused = await callWhileWalletChanges(sender, `POST ${pathOf(made)}/update`, body);
    expect(refused.body.code).toBe('request.precondition_failed');
    expect(await transactions()).toEqual([]);
  });
});

describe('422', () => {
  it('refuses a contract that has no method for it', async () => {
    const manifest = JSON.stringify(TOKEN_MANIFEST);
    const refused = await update(await openSender(), { manifest }, 'token');
    expect(refused.body.code).toBe('contracts.not_updatable');
    expect(await transactions()).toEqual([]);
  });
});

describe('429', () => {
  it('opens no more transactions than an account may have', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...WHOLE };
    const ask = () => tenant.call(`POST ${pathOf(made)}/update`, { body });
    await openAllThereMayBe((await ask()).body.id);
    expect((await ask()).body.code).toBe('transactions.too_many_open');
  });
});

describe('503', () => {
  it('writes nothing while no node answers', async () => {
    const { tenant, walletId } = await openSender();
    const made = await register(tenant);
    const body = { walletId, ...WHOLE };
    const refused = await callWithoutNodes(tenant, `POST ${pathOf(made)}/update`, { body });
    expect(refused.body.code).toBe('chain.unavailable');
    expect(await transactions()).toEqual([]);
  });
});
