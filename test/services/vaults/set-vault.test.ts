/** `PUT /operator/gasbank/vaults/{network}`: on the word of the chain, and once for ever. */
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { encodeScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { callAltered } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';
import { counterpartOf } from '../../support/small-vault.ts';
import { rows } from '../secrets/vault-under-test.ts';
import {
  followed,
  makePlatformWallet,
  NETWORK,
  putVault,
  registered,
  STRANGER,
} from './vaults-under-test.ts';

const PATH = `PUT /operator/gasbank/vaults/${NETWORK}`;
const stored = () => rows('SELECT contract FROM vaults');

describe('200', () => {
  it('registers the contract whose operator is a wallet of ours', async () => {
    const operator = await makePlatformWallet('operator');
    const put = await putVault(operator, { funding: [STRANGER] });
    expect(put.body).toMatchObject({
      network: NETWORK,
      contract: counterpartOf(operator.body.scriptHash),
      operatorWalletId: operator.body.id,
      minimumDeposit: '0.1',
      watchedHeight: null,
      bookedHeight: null,
    });
    expect(put.body.funding).toHaveLength(1);
  });

  it('does again what it did, and replaces the funding addresses', async () => {
    const { operator } = await registered();
    const again = await putVault(operator, { funding: [STRANGER, STRANGER] });
    expect(again.status).toBe(200);
    expect(again.body.funding).toHaveLength(1);
    expect(again.body.watchedHeight).not.toBeNull();
    expect(again.headers.get('etag')).toBe('"r2"');
  });
});

describe('400', () => {
  it('names what is no address', async () => {
    const body = { contract: 'not one', funding: [STRANGER, 'N1'] };
    const refused = await call(PATH, { body });
    expect(refused).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/contract' }, { pointer: '/funding/1' }] },
    });
  });

  it('does not let the vault fund the platform', async () => {
    const operator = await makePlatformWallet('operator');
    const funding = [counterpartOf(operator.body.scriptHash)];
    expect(await putVault(operator, { funding })).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/funding' }] },
    });
  });
});

describe('404', () => {
  it('registers nothing on a network that is not served', async () => {
    const refused = await call('PUT /operator/gasbank/vaults/neo3:mainnet', {
      body: { contract: STRANGER },
    });
    expect(refused.body.code).toBe('chain.network_unknown');
  });
});

describe('409', () => {
  it('does not put another contract in the place of one that owes', async () => {
    await registered();
    const other = await makePlatformWallet('operator');
    expect((await putVault(other)).body.code).toBe('vaults.contract_fixed');
  });
});

describe('412', () => {
  it('does not register what was thought to be there', async () => {
    const operator = await makePlatformWallet('operator');
    const body = { contract: counterpartOf(operator.body.scriptHash) };
    expect((await call(PATH, { body, headers: { 'if-match': '*' } })).status).toBe(412);
  });

  it('does not change another revision than was seen', async () => {
    const { vault } = await registered();
    const headers = { 'if-match': '"r9"' };
    expect((await call(PATH, { body: { contract: vault }, headers })).status).toBe(412);
  });
});

describe('422', () => {
  it('refuses an operator that is none of ours', async () => {
    await makePlatformWallet('operator');
    const refused = await call(PATH, { body: { contract: STRANGER } });
    expect(refused).toMatchObject({
      body: { code: 'vaults.contract_unfit', fields: [{ pointer: '/contract' }] },
    });
    expect(await stored()).toEqual([]);
  });

  it('refuses a sponsor as operator, and an operator that is retired', async () => {
    const sponsor = await makePlatformWallet('sponsor');
    expect((await putVault(sponsor)).body.code).toBe('vaults.contract_unfit');
    const operator = await makePlatformWallet('operator');
    await call(`POST /operator/gasbank/wallets/${operator.body.id}/retire`);
    expect((await putVault(operator)).body.code).toBe('vaults.contract_unfit');
  });

  it.each([
    ['owns itself by its operator', (operator: ScriptHash) => [operator, operator, 5n]],
    ['takes less than nothing', (operator: ScriptHash) => [STRANGER, operator, -1n]],
    ['takes more than all GAS', (operator: ScriptHash) => [STRANGER, operator, 1n << 60n]],
    ['answers in another form', (operator: ScriptHash) => [5n, operator, 5n]],
    ['does not answer', () => null],
  ] as const)('refuses a contract that %s', async (_name, answers) => {
    const { node } = await followed();
    const operator = await makePlatformWallet('operator');
    const told = answers(operator.body.scriptHash);
    node.node.scripts.set('invokescript', ({ params: [script] }) => ({
      result: {
        script,
        state: told === null ? 'FAULT' : 'HALT',
        gasconsumed: '1',
        exception: told === null ? 'no such method' : null,
        stack: (told ?? []).map(toItem),
        notifications: [],
      },
    }));
    expect((await putVault(operator)).body.code).toBe('vaults.contract_unfit');
    expect(await stored()).toEqual([]);
  });
});

const toItem = (value: ScriptHash | bigint) =>
  typeof value === 'bigint'
    ? { type: 'Integer', value: String(value) }
    : { type: 'ByteString', value: base64.encode(encodeScriptHash(value)) };

describe('503', () => {
  it('M5: believes no single node where two must agree', async () => {
    const operator = await makePlatformWallet('operator');
    const contract = counterpartOf(operator.body.scriptHash);
    const networks = [
      {
        id: NETWORK,
        magic: operator.body.networkMagic,
        rpc: ['http://node.test', 'http://down.test'],
        quorum: 2,
      },
    ];
    const refused = await callAltered({ NEO_NETWORKS: JSON.stringify(networks) }, PATH, {
      body: { contract },
    });
    expect(refused.body.code).toBe('chain.unavailable');
    expect(await stored()).toEqual([]);
  });
});
