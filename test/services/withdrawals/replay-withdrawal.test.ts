/** `POST /operator/gasbank/withdrawals/{withdrawalId}/replay`. */
import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { call } from '../../support/harness.ts';
import { racingDatabase } from '../../support/racing-database.ts';
import { paymentIn } from './vault-chain.ts';
import {
  ABSENT,
  balancesOf,
  GAS,
  openPaying,
  openSending,
  read,
  setRow,
  sweep,
  until,
  untilStatus,
  withdrawn,
} from './withdrawals-under-test.ts';

const pathOf = (id: string) => `POST /operator/gasbank/withdrawals/${id}/replay`;
const replay = (id: string) => call(pathOf(id), { body: { reason: 'mended' } });

describe('200', () => {
  it('M3: sends a dead letter again, with the same id, receiver and amount', async () => {
    const paying = await openPaying();
    const id = await withdrawn(paying);
    await until(paying, () => paying.chain.waiting);
    const first = paying.chain.chain.pool.get(paying.chain.waiting);
    await setRow(id, "status = 'dead_letter', handed_at = NULL, tries = 5");
    paying.chain.chain.pool.clear();
    expect((await replay(id)).body).toMatchObject({ status: 'ready' });
    expect(await read(paying, id)).toMatchObject({ status: 'sending', attempt: 2 });
    const second = await until(paying, () => {
      const [found] = [...paying.chain.chain.pool.values()].filter((one) => one !== first);
      if (!found) throw new Error('not sent again');
      return found;
    });
    if (!first) throw new Error('not sent');
    expect(paymentIn(second)).toEqual(paymentIn(first));
  });

  it('looks again at what is unresolved', async () => {
    const { id, ...paying } = await openSending();
    paying.chain.told = () => [];
    paying.chain.include(paying.chain.waiting);
    await untilStatus(paying, id, 'unresolved');
    // Still so.
    await replay(id);
    await sweep();
    expect(await read(paying, id)).toMatchObject({
      status: 'unresolved',
      reason: 'release_differs',
    });
    expect((await balancesOf(paying.tenant)).reserved > 5n * GAS).toBe(true);
  });
});

describe('404', () => {
  it('knows no such withdrawal', async () => {
    expect((await replay(ABSENT)).body.code).toBe('request.not_found');
  });
});

describe('409', () => {
  it('sends nothing again that is on its way', async () => {
    const { id } = await openSending();
    expect((await replay(id)).body).toMatchObject({
      code: 'withdrawals.not_replayable',
      detail: 'sending',
    });
  });
});

describe('412', () => {
  it('moves nothing that moved meanwhile', async () => {
    const { id } = await openSending();
    await setRow(id, "status = 'dead_letter'");
    const DB = racingDatabase('each', () => setRow(id, 'revision = revision + 1'));
    const refused = await callAltered({ DB }, pathOf(id), { body: { reason: 'mended' } });
    expect(refused.body.code).toBe('request.precondition_failed');
  });
});
