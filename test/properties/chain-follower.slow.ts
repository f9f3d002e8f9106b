/** A hundred seeded histories of a follower in each manner; SEED=n begins elsewhere, SEEDS=n lives others. */
import { expect, it } from 'vitest';
import { expectWholeHistory, FORGER, FORGETFUL, ONE_LIAR } from './chain-follower-histories.ts';

const FIRST = Number(process.env.SEED ?? 1_000);
const SEEDS = Number(process.env.SEEDS ?? 100);

for (const [name, manners] of Object.entries({ FORGETFUL, ONE_LIAR, FORGER }))
  it(`misses and doubles nothing beside ${name}, from seed ${String(FIRST)} on`, async () => {
    let deaths = 0;
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1)
      deaths += await expectWholeHistory(seed, manners);
    expect(deaths).toBeGreaterThan(5 * SEEDS);
  });
