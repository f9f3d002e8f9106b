/** `GET /accounts/{accountId}/sessions` */
import { describe, expect, it } from 'vitest';
import { openSignedIn, signedIn } from '../../support/signed-in.ts';

describe('200', () => {
  it('lists newest first, those that go on or those that do not, and nothing of other tenants', async () => {
    await openSignedIn('neighbour');
    const { tenant, wallet, walletId, sessionId: first } = await openSignedIn();
    const { sessionId: second } = await signedIn(wallet);
    await tenant.call(`DELETE /sessions/${first}`);
    const list = async (query: string) =>
      (await tenant.call(`GET /sessions${query}`)).body.items.map(
        ({ id }: { readonly id: string }) => id,
      );
    expect(await list('')).toEqual([second, first].sort().toReversed());
    expect(await list('?status=open')).toEqual([second]);
    expect(await list('?status=ended')).toEqual([first]);
    const { items } = (await tenant.call('GET /sessions?status=open')).body;
    expect(items).toMatchObject([
      { walletId, address: wallet.address, network: 'neo3:private', status: 'open', endedAt: null },
    ]);
  });
});
