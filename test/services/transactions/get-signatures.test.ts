/** `GET /accounts/{accountId}/transactions/{transactionId}/signatures`: what members sign. */
import { describe, expect, it } from 'vitest';
import { openTenant } from '../../support/harness.ts';
import { openProposed } from './multisig-under-test.ts';
import { ABSENT, created, openFunded } from './transactions-under-test.ts';

describe('200', () => {
  it('shows the bytes, who has signed, and the file that wallets pass around', async () => {
    const { signing, sign, publicKeys, hash, id } = await openProposed();
    await sign(2);
    const body = await signing();
    expect(body).toMatchObject({
      transactionId: id,
      status: 'proposed',
      networkMagic: 56_753,
      threshold: 2,
      publicKeys,
      signatures: [{ publicKey: publicKeys[2] }],
      context: {
        type: 'Neo.Network.P2P.Payloads.Transaction',
        hash,
        data: body.unsigned,
        network: 56_753,
      },
    });
    const [item] = Object.values<{ signatures: object }>(body.context.items);
    expect(item?.signatures).toEqual({
      [publicKeys[2] ?? '']: body.signatures[0].signature,
    });
  });
});

describe('404', () => {
  it('shows nothing of another account', async () => {
    const { id } = await openProposed();
    const other = await openTenant();
    for (const transactionId of [id, ABSENT]) {
      const refused = await other.call(`GET /transactions/${transactionId}/signatures`);
      expect([refused.status, refused.body.code]).toEqual([404, 'request.not_found']);
    }
  });
});

describe('409', () => {
  it('has nothing to sign of a transaction from a wallet', async () => {
    const funded = await openFunded();
    const { id } = (await created(funded)).body;
    const refused = await funded.tenant.call(`GET /transactions/${id}/signatures`);
    expect([refused.status, refused.body.code]).toEqual([409, 'transactions.not_multisig']);
  });
});
