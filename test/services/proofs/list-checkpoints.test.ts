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
  WALLET,
} from './proofs-under-test.ts';

const list = (more = '') => call(`GET /operator/gasbank/checkpoints?network=${NETWORK}${more}`);

describe('200', () => {
  it('shows operators what differs, address by address', async () => {
    const bank = await openBank();
    const { accountId } = await openCustomer();
    await deposit(bank, accountId, { amount: 2n * GAS, height: 11 });
    await proveAt(bank, 20);
    bank.chain.set(VAULT, GAS);
    await proveAt(bank, 30);
    expect((await list('&status=failed')).body.items).toMatchObject([
      {
        height: 30,
        reason: 'assets_differ',
        createdBy: 'system',
        addresses: [
          { address: VAULT, booked: '2', onChain: '1' },
          { address: WALLET, booked: '0', onChain: '0' },
        ],
      },
    ]);
    expect((await list()).body.items).toHaveLength(2);
  });

  it('shows one that is running when it is asked for', async () => {
    await openBank();
    await call('POST /operator/gasbank/checkpoints', { body: { network: NETWORK } });
    expect((await list('&status=running')).body.items).toMatchObject([{ status: 'running' }]);
    expect((await list()).body.items).toEqual([]);
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    const answer = await call('GET /operator/gasbank/checkpoints?network=neo3:nowhere');
    expect(answer.body.code).toBe('chain.network_unknown');
  });
});
