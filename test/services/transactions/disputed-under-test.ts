/** A transaction whose end nobody can tell: its nodes could not be read for longer than its state may last. */
import { expect } from 'vitest';
import { call } from '../../support/harness.ts';
import { type Live, openLive, pass, rowOf, until } from './transactions-under-test.ts';

const HOUR_MS = 3_600_000;

export async function openDisputed(): Promise<Live> {
  const live = await openLive();
  live.chain.node.response = () => new Response(null, { status: 503 });
  await until(live, async () => {
    pass(HOUR_MS);
    expect(await rowOf(live.id)).toMatchObject({ status: 'disputed', reason: 'unresolved' });
  });
  live.chain.node.response = null;
  return live;
}

export const resolve = (id: string, body: object) =>
  call(`POST /operator/transactions/${id}/resolve`, {
    body: { reason: 'seen on two nodes of mine', ...body },
  });
