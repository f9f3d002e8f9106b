/** `POST /accounts/{accountId}/contract-deployments`: checked here, deployed by a wallet, found again. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { encodeNef } from '../../../worker/core/neo/contract/nef.ts';
import { contractHashOf } from '../../../worker/core/neo/contract-hash.ts';
import { NATIVE_CONTRACTS } from '../../../worker/core/neo/native-contracts.ts';
import { call, keyOf } from '../../support/harness.ts';
import {
  HOSTILE,
  WORKSHOP_CHECKSUM,
  WORKSHOP_MANIFEST,
  WORKSHOP_NEF,
} from '../../support/small-contracts.ts';
import { rows } from '../secrets/vault-under-test.ts';
import {
  callElsewhere,
  callsOf,
  callWhileWalletChanges,
  callWithoutNodes,
  openAllThereMayBe,
  openSender,
  retire,
  type Sender,
} from './contracts-under-test.ts';

const MANIFEST = JSON.stringify(WORKSHOP_MANIFEST);
const bodyOf = ({ walletId }: Pick<Sender, 'walletId'>, fields: object = {}) => ({
  walletId,
  nef: WORKSHOP_NEF,
  manifest: MANIFEST,
  ...fields,
});
const deploy = (sender: Sender, fields: object = {}) =>
  sender.tenant.call('POST /contract-deployments', { body: bodyOf(sender, fields) });
const nothingWritten = async () => [
  await rows('SELECT contract_id FROM contracts'),
  await rows('SELECT transaction_id FROM transactions'),
];

describe('201', () => {
  it('foretells the hash, and registers the contract with the transaction', async () => {
    const sender = await openSender();
    const { status, body } = await deploy(sender, { label: 'ours' });
    expect([status, body.transaction.status]).toEqual([201, 'proposed']);
    expect(body.contract).toMatchObject({
      scriptHash: contractHashOf({
        sender: sender.account,
        nefChecksum: WORKSHOP_CHECKSUM,
        name: 'Workshop',
      }),
      label: 'ours',
      standing: 'pending',
      name: 'Workshop',
      updateCounter: 0,
      deploymentTransactionId: body.transaction.id,
      readAt: null,
    });
    const { body: list } = await sender.tenant.call('GET /contracts');
    expect(list.items).toEqual([body.contract]);
  });

  it("deploys the author's own bytes, with data or with null", async () => {
    const sender = await openSender();
    const manifest = ` ${MANIFEST}\n`;
    const data = { type: 'Integer', value: '7' };
    const { body } = await deploy(sender, { manifest, data });
    expect(callsOf(body.transaction.script)).toMatchObject([
      {
        contract: NATIVE_CONTRACTS.ContractManagement.hash,
        method: 'deploy',
        args: [
          { type: 'ByteString', value: base64.decode(WORKSHOP_NEF) },
          { type: 'ByteString', value: new TextEncoder().encode(manifest) },
          { type: 'Integer', value: 7n },
        ],
        result: 'dropped',
      },
    ]);
    const other = await openSender('payee');
    const { body: plain } = await deploy(other);
    expect(callsOf(plain.transaction.script)[0]?.args[2]).toEqual({ type: 'Any', value: null });
  });

  it('takes a registration over that never came to the chain', async () => {
    const sender = await openSender();
    const first = await deploy(sender, { label: 'ours' });
    const second = await deploy(sender);
    expect(second.body.contract).toEqual({
      ...first.body.contract,
      deploymentTransactionId: second.body.transaction.id,
    });
    expect(second.body.transaction.id).not.toBe(first.body.transaction.id);
  });

  it('has one effect for a request that is repeated', async () => {
    const { tenant, walletId } = await openSender();
    const options = { body: bodyOf({ walletId }), headers: { 'idempotency-key': 'once' } };
    const first = await tenant.call('POST /contract-deployments', options);
    expect((await tenant.call('POST /contract-deployments', options)).body).toEqual(first.body);
    expect(await rows('SELECT transaction_id FROM transactions')).toHaveLength(1);
  });

  it('takes a manifest with hostile names as the chain does', async () => {
    const { status, body } = await deploy(await openSender(), {
      manifest: JSON.stringify(HOSTILE),
    });
    expect([status, body.contract.supportedStandards.length]).toEqual([201, 32]);
  });
});

describe('400', () => {
  const nef = base64.decode(WORKSHOP_NEF);
  const broken = base64.encode(
    nef.map((byte, index) => (index === nef.length - 1 ? byte ^ 1 : byte)),
  );
  it.each([
    ['a NEF that is no base64', { nef: '!' }, '/nef'],
    ['a NEF with a wrong checksum', { nef: broken }, '/nef'],
    ['a NEF that ends early', { nef: base64.encode(nef.subarray(0, -1)) }, '/nef'],
    ['a NEF with something behind it', { nef: base64.encode(Uint8Array.of(...nef, 0)) }, '/nef'],
    ['a manifest that is no JSON', { manifest: '{' }, '/manifest'],
    ['a manifest without methods', { manifest: '{"name":"x"}' }, '/manifest'],
    ['data of no type', { data: { value: 1 } }, '/data/type'],
    [
      'data beyond 256 bits',
      { data: { type: 'Integer', value: `1${'0'.repeat(78)}` } },
      '/data/value',
    ],
    ['a scope that does not exist', { scopes: 'Everything' }, '/scopes'],
  ])('names the place of %s, and writes nothing', async (_, fields, pointer) => {
    const refused = await deploy(await openSender(), fields);
    expect([refused.status, refused.body.fields?.[0].pointer]).toEqual([400, pointer]);
    expect(await nothingWritten()).toEqual([[], []]);
  });

  it('refuses a manifest of more than the chain takes', async () => {
    const manifest = JSON.stringify({ ...WORKSHOP_MANIFEST, extra: 'x'.repeat(65_536) });
    const refused = await deploy(await openSender(), { manifest });
    expect([refused.status, refused.body.fields?.[0].pointer]).toEqual([400, '/manifest']);
  });
});

describe('403', () => {
  it('needs the right to send, which that to write contracts is not', async () => {
    const sender = await openSender();
    const token = await keyOf(sender.tenant.accountId, { scopes: ['contracts:write'] });
    const body = bodyOf(sender);
    const refused = await sender.tenant.call('POST /contract-deployments', { body, token });
    expect(refused.status).toBe(403);
  });

  it('deploys nothing that could not be registered', async () => {
    const sender = await openSender();
    await call(`PATCH /accounts/${sender.tenant.accountId}/quotas`, { body: { contracts: 0 } });
    expect((await deploy(sender)).body.code).toBe('quota.exceeded');
    expect(await nothingWritten()).toEqual([[], []]);
  });
});

describe('404', () => {
  it('M1: deploys nothing on a network that has the same name and another magic', async () => {
    const sender = await openSender();
    const refused = await callElsewhere(sender.tenant, 'POST /contract-deployments', {
      body: bodyOf(sender),
    });
    expect(refused.body.code).toBe('chain.network_unknown');
    expect(await nothingWritten()).toEqual([[], []]);
  });
});

describe('409', () => {
  it('registers a contract once when it is deployed twice together', async () => {
    const sender = await openSender();
    const both = await Promise.all([deploy(sender), deploy(sender)]);
    const refused = both.filter(({ status }) => status !== 201);
    for (const { body } of refused) expect(body.code).toBe('contracts.already_registered');
    const ids = both.flatMap(({ status, body }) => (status === 201 ? body.contract.id : []));
    const stored = await rows<{ contract_id: string }>('SELECT contract_id FROM contracts');
    expect(stored.map(({ contract_id }) => contract_id)).toEqual([...new Set(ids)]);
  });

  it('deploys nothing from a wallet that is retired', async () => {
    const sender = await openSender();
    await retire(sender);
    expect((await deploy(sender)).body.code).toBe('wallets.retired');
  });
});

describe('412', () => {
  it('writes nothing when the wallet has changed since it was looked at', async () => {
    const sender = await openSender();
    const body = bodyOf(sender);
    const refused = await callWhileWalletChanges(sender, 'POST /contract-deployments', body);
    expect(refused.body.code).toBe('request.precondition_failed');
    expect(await nothingWritten()).toEqual([[], []]);
  });
});

describe('422', () => {
  it('deploys nothing from the wallet of another account', async () => {
    const { walletId } = await openSender('payee');
    const refused = await deploy({ ...(await openSender()), walletId });
    expect(refused.body).toMatchObject({
      code: 'transactions.wallet_unknown',
      fields: [{ pointer: '/walletId' }],
    });
  });

  it('refuses what is longer than the script of a transaction', async () => {
    const script = new Uint8Array(65_000).fill(0x40);
    const nef = base64.encode(encodeNef({ compiler: 'x', source: '', tokens: [], script }));
    expect((await deploy(await openSender(), { nef })).body).toMatchObject({
      code: 'transactions.script_refused',
      limit: 65_535,
    });
    expect(await nothingWritten()).toEqual([[], []]);
  });

  it('deploys nothing that the policy of the wallet refuses', async () => {
    const refused = await deploy(await openSender(), { systemFeeMax: '900000000000' });
    expect(refused.body.code).toBe('wallets.policy_refused');
    expect(await nothingWritten()).toEqual([[], []]);
  });

  it('tells what it needs when it costs more than was given', async () => {
    const refused = await deploy(await openSender(), { systemFeeMax: '1' });
    expect(refused.body).toMatchObject({
      code: 'transactions.fee_above_maximum',
      fields: [{ pointer: '/systemFeeMax' }],
    });
  });
});

describe('429', () => {
  it('registers nothing when no transaction can be opened', async () => {
    const sender = await openSender();
    await openAllThereMayBe((await deploy(sender)).body.transaction.id);
    const manifest = JSON.stringify({ ...WORKSHOP_MANIFEST, name: 'Another' });
    const refused = await deploy(sender, { manifest });
    expect(refused.body.code).toBe('transactions.too_many_open');
    expect(await rows('SELECT contract_id FROM contracts')).toHaveLength(1);
  });
});

describe('503', () => {
  it('writes nothing while no node answers', async () => {
    const sender = await openSender();
    const refused = await callWithoutNodes(sender.tenant, 'POST /contract-deployments', {
      body: bodyOf(sender),
    });
    expect(refused.body.code).toBe('chain.unavailable');
    expect(await nothingWritten()).toEqual([[], []]);
  });
});
