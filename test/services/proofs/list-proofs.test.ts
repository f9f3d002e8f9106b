import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import {
  deposit,
  GAS,
  NETWORK,
  openBank,
  openCustomer,
  proveAt,
  VAULT,
} from './proofs-under-test.ts';

const list = (query = `network=${NETWORK}`) =>
  call(`GET /gasbank/proofs?${query}`, { token: null });

describe('200', () => {
  it('shows anybody what was proven and what was not, newest first', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: GAS, height: 11 });
    await proveAt(bank, 20);
    bank.chain.set(VAULT, 0n);
    await proveAt(bank, 30);
    const { body } = await list();
    expect(body.items).toMatchObject([
      { height: 30, status: 'failed', reason: 'assets_differ' },
      { height: 20, status: 'proven', reason: null },
    ]);
    const first = await list(`network=${NETWORK}&limit=1`);
    const { nextCursor } = first.body;
    const second = await list(`network=${NETWORK}&limit=1&cursor=${nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ height: 20 }], nextCursor: null });
  });

  it('shows nothing of one that is running', async () => {
    const bank = await openBank();
    await call('POST /operator/gasbank/checkpoints', { body: { network: NETWORK } });
    expect(bank.nodes).toHaveLength(3);
    expect((await list()).body.items).toEqual([]);
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    expect((await list('network=neo3:nowhere')).body.code).toBe('chain.network_unknown');
  });
});
