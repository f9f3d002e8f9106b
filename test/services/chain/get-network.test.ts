import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';
import { read, readWithBoth, unknown, up } from './chain-under-test.ts';

describe('200', () => {
  it('tells magic, quorum and the last block', async () => {
    const { body } = await read(up);
    const { id, magic, quorum } = NETWORKS.up;
    const { height } = SMALL_CHAIN;
    expect(body).toMatchObject({ id, magic, quorum, status: 'ready', height });
    expect(Math.abs(Date.parse(body.blockTime) - Date.now())).toBeLessThan(60_000);
  });

  it('says nothing of where the nodes are', async () => {
    expect((await read(up)).text).not.toContain('node.test');
  });
});

describe('404', () => {
  it('answers it for a network that is not served', async () => {
    expect((await read(unknown)).body.code).toBe('chain.network_unknown');
  });
});

describe('/readyz', () => {
  it('tells operators which network has too few nodes, and why', async () => {
    const answer = await readWithBoth('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body.fields).toEqual([
      { pointer: 'neo3:down', detail: expect.stringContaining('down.test is') },
    ]);
  });

  it('tells that the nodes are on another network, of which nothing is answered', async () => {
    const other = { ...NETWORKS.up, id: 'neo3:other', magic: 860_833_102 };
    const settings = { NEO_NETWORKS: JSON.stringify([other]) };
    const answer = await callAltered(settings, 'GET /readyz');
    expect(answer.body.fields[0].detail).toContain('on the network of magic 56753');
    const block = await callAltered(settings, 'GET /chain/networks/neo3:other/blocks/7');
    expect([block.status, block.body.code]).toEqual([503, 'chain.unavailable']);
  });
});
