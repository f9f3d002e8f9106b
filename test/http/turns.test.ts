/** Slots and turns in the isolate they are for: nobody waits alone, and what is dropped makes way. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Turn, takeTurn } from '../../worker/http/turns.ts';

const MIB = 1_048_576;
const PAGES_PER_MIB = 16;
const request = { accountId: 'payer', memoryBytes: 16 * MIB };

/** As much linear memory as a run may have, with something on every page. */
class Guest {
  readonly memory: WebAssembly.Memory;

  constructor(mebibytes: number) {
    this.memory = new WebAssembly.Memory({ initial: mebibytes * PAGES_PER_MIB });
    new Uint8Array(this.memory.buffer).fill(1);
  }

  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }
}

async function turnOf(accountId = 'payer'): Promise<Turn> {
  const turn = await takeTurn({ ...request, accountId });
  if (!turn.ok) throw new Error(turn.failure.code);
  return turn.value;
}

async function runBomb(accountId: string): Promise<void> {
  const turn = await turnOf(accountId);
  await turn.compute();
  turn.end(new Guest(16));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a turn', () => {
  it('is given without waiting for a timer when nobody is ahead', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const turn = await turnOf();
    await turn.compute();
    turn.leave(MIB);
    await turn.compute();
    turn.end();
  });

  it('is given for bomb after bomb: the memory of those that are over makes way', async () => {
    for (let bomb = 0; bomb < 30; bomb += 1) await runBomb(`account-${bomb % 3}`);
  });

  it('is refused to the seventeenth run of an account, and given to another', async () => {
    const turns: Turn[] = [];
    for (let run = 0; run < 16; run += 1) turns.push(await turnOf('greedy'));
    const refused = await takeTurn({ ...request, accountId: 'greedy' });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'functions.capacity' } });
    turns.push(await turnOf('payer'));
    for (const turn of turns) turn.end();
    (await turnOf('greedy')).end();
  });

  it('is waited for by whoever comes back while others hold the memory, and comes when they end', async () => {
    const [one, two, three] = [await turnOf('a'), await turnOf('b'), await turnOf('c')];
    for (const turn of [one, two]) {
      await turn.compute();
      turn.leave(25 * MIB);
    }
    const order: string[] = [];
    const third = three.compute().then(() => order.push('three'));
    order.push('one ends');
    one.end();
    await third;
    expect(order).toEqual(['one ends', 'three']);
    two.end();
    three.end();
  });

  it('of a run that is over twice is over once', async () => {
    const turn = await turnOf();
    turn.end();
    turn.end();
    (await turnOf()).end();
  });
});
