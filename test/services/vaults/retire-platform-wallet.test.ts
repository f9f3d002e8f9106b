/** `POST /operator/gasbank/wallets/{platformWalletId}/retire`: it signs nothing more, for ever. */
import { describe, expect, it } from 'vitest';
import { parseScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { findPlatformWallet, signAsPlatformWallet } from '../../../worker/services/vaults/index.ts';
import { loadPlatformWallet } from '../../../worker/services/vaults/store.ts';
import { call } from '../../support/harness.ts';
import { feedDeps, MAGIC, makePlatformWallet, registered } from './vaults-under-test.ts';

const retire = (id: string, headers = {}) =>
  call(`POST /operator/gasbank/wallets/${id}/retire`, { headers });

describe('200', () => {
  it('is found as a signer before, and by nobody after', async () => {
    const { body } = await makePlatformWallet('sponsor');
    const account = parseScriptHash(body.scriptHash);
    if (account === null) throw new Error('a script hash');
    const find = () => findPlatformWallet(feedDeps().db, { magic: MAGIC, account });
    expect((await find())?.facts).toMatchObject({ purpose: 'sponsor', exportable: false });
    const retired = await retire(body.id);
    expect(retired.body).toMatchObject({ status: 'retired' });
    expect(await find()).toBeUndefined();
    const row = await loadPlatformWallet(feedDeps().db, body.id);
    if (!row) throw new Error('the row stays');
    expect(await signAsPlatformWallet(feedDeps(), row, new Uint8Array())).toMatchObject({
      failure: { code: 'wallets.retired' },
    });
  });

  it('changes nothing a second time', async () => {
    const { body } = await makePlatformWallet('sponsor');
    const first = await retire(body.id);
    expect((await retire(body.id)).body).toEqual(first.body);
  });
});

describe('404', () => {
  it('retires nothing that is not there', async () => {
    expect((await retire('pwl_01k4j8x1e0e4r9v2m3n5p6q7rs')).body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('does not take the vault its operator', async () => {
    const { operator } = await registered();
    expect((await retire(operator.body.id)).body.code).toBe('vaults.wallet_in_use');
  });
});

describe('412', () => {
  it('does not retire another revision than was seen', async () => {
    const { body } = await makePlatformWallet('sponsor');
    expect((await retire(body.id, { 'if-match': '"r7"' })).status).toBe(412);
  });
});
