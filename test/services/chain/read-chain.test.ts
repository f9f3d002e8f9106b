import { describe, expect, it } from 'vitest';
import { callAltered } from '../../support/altered-platform.ts';
import { call, openTenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';

const up = `/chain/networks/${NETWORKS.up.id}`;
const down = `/chain/networks/${NETWORKS.down.id}`;
const read = (path: string) => call(`GET ${path}`);
const NEO_NETWORKS = JSON.stringify([NETWORKS.up, NETWORKS.down]);
const readWithBoth = (path: string) => callAltered({ NEO_NETWORKS }, `GET ${path}`);

describe('the networks', () => {
  it('are listed with their height, and with null where no node tells it', async () => {
    const { body } = await readWithBoth('/chain/networks');
    expect(body.items).toEqual([
      expect.objectContaining({ id: 'neo3:private', status: 'ready', height: SMALL_CHAIN.height }),
      expect.objectContaining({ id: 'neo3:down', status: 'unavailable', height: null }),
    ]);
  });

  it('can be read by a key of any account', async () => {
    const { key } = await openTenant();
    const answer = await call(`GET ${up}`, { token: key });
    expect(answer.body).toMatchObject({ magic: NETWORKS.up.magic, quorum: 1 });
    expect((await call(`GET ${up}`, { token: null })).status).toBe(401);
  });

  it.each(['', '/blocks/1', `/transactions/${SMALL_CHAIN.transfer}`])(
    'answer 404 for one that is not served: %s',
    async (rest) => {
      const answer = await read(`/chain/networks/neo3:mainnet${rest}`);
      expect(answer.body.code).toBe('chain.network_unknown');
    },
  );

  it('tell operators in /readyz which of them has too few nodes, and why', async () => {
    const answer = await readWithBoth('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body.fields).toEqual([
      { pointer: 'neo3:down', detail: expect.stringContaining('down.test is') },
    ]);
  });

  it('tell there that the nodes are on another network, and answer nothing of it', async () => {
    const other = { ...NETWORKS.up, id: 'neo3:other', magic: 860_833_102 };
    const settings = { NEO_NETWORKS: JSON.stringify([other]) };
    const answer = await callAltered(settings, 'GET /readyz');
    expect(answer.body.fields[0].detail).toContain('on the network of magic 56753');
    const block = await callAltered(settings, 'GET /chain/networks/neo3:other/blocks/7');
    expect([block.status, block.body.code]).toEqual([503, 'chain.unavailable']);
  });
});

describe('a block', () => {
  it('is the same by height and by hash', async () => {
    const byHeight = await read(`${up}/blocks/${SMALL_CHAIN.height}`);
    const byHash = await read(`${up}/blocks/${SMALL_CHAIN.blockHash}`);
    expect(byHash.body).toEqual(byHeight.body);
    expect(byHeight.body).toMatchObject({
      hash: SMALL_CHAIN.blockHash,
      nonce: '00000000000000ff',
      transactions: [SMALL_CHAIN.transfer, SMALL_CHAIN.faulted],
    });
  });

  it('answers 404 beyond the tip, and 400 for what is neither height nor hash', async () => {
    expect((await read(`${up}/blocks/8`)).status).toBe(404);
    expect((await read(`${up}/blocks/007`)).status).toBe(400);
    expect((await read(`${up}/blocks/0x12`)).status).toBe(400);
  });

  it('answers 503 while no node answers', async () => {
    const answer = await readWithBoth(`${down}/blocks/1`);
    expect([answer.status, answer.body.code]).toEqual([503, 'chain.unavailable']);
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});

describe('a transaction', () => {
  it('comes with fees as decimals, signers, and the block it is in', async () => {
    const { body } = await read(`${up}/transactions/${SMALL_CHAIN.transfer}`);
    expect(body).toMatchObject({
      sender: SMALL_CHAIN.sender,
      systemFee: '9977780',
      signers: [{ scopes: 'CalledByEntry' }],
      inclusion: { blockHash: SMALL_CHAIN.blockHash, confirmations: 1 },
    });
  });

  it('has no inclusion while it waits in the pool', async () => {
    const { body } = await read(`${up}/transactions/${SMALL_CHAIN.waiting}`);
    expect(body.inclusion).toBeNull();
  });

  it.each(['', '/application-log'])('answers 404 when no node knows it%s', async (rest) => {
    const answer = await read(`${up}/transactions/0x${'ee'.repeat(32)}${rest}`);
    expect(answer.status).toBe(404);
  });
});

describe('an application log', () => {
  it('holds the notifications of a HALT with their places', async () => {
    const { body } = await read(`${up}/transactions/${SMALL_CHAIN.transfer}/application-log`);
    expect(body).toMatchObject({ vmState: 'HALT', exception: null, gasConsumed: '9977780' });
    expect(body.notifications).toMatchObject([
      { index: 0, contract: SMALL_CHAIN.gas, eventName: 'Transfer' },
    ]);
  });

  it('holds none of a FAULT: what was raised before it did not happen', async () => {
    const { body } = await read(`${up}/transactions/${SMALL_CHAIN.faulted}/application-log`);
    expect(body).toMatchObject({ vmState: 'FAULT', notifications: [] });
    expect(body.exception).toContain('ABORT');
  });
});

describe('balances', () => {
  it('are whole numbers of the smallest unit, as decimals', async () => {
    const { body } = await read(`${up}/addresses/${SMALL_CHAIN.receiver}/balances`);
    expect(body.items).toEqual([
      {
        contract: SMALL_CHAIN.gas,
        symbol: 'GAS',
        decimals: 8,
        amount: '100000000',
        lastUpdatedBlock: 7,
      },
    ]);
  });

  it('are an empty list for an address that holds nothing, and 400 for a Legacy one', async () => {
    const empty = await read(`${up}/addresses/${SMALL_CHAIN.sender}/balances`);
    expect(empty.body.items).toEqual([]);
    const legacy = await read(`${up}/addresses/AK2nJJpJr6o664CWJKi1QRXjqeic2zRp8y/balances`);
    expect(legacy.status).toBe(400);
  });
});
