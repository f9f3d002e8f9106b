/** A few seeded histories of a follower; chain-follower.slow.ts lives through thousands. */
import { describe, expect, it } from 'vitest';
import { expectWholeHistory, FORGER, FORGETFUL, ONE_LIAR } from './chain-follower-histories.ts';

const SEEDS = 5;
const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);

describe('a follower that is killed anywhere', () => {
  it('misses nothing and doubles nothing while its endpoints lag and forget', async () => {
    let deaths = 0;
    for (const seed of seeds) deaths += await expectWholeHistory(seed, FORGETFUL);
    expect(deaths).toBeGreaterThan(10 * SEEDS);
  });

  it('M5: believes no log of one liar when two votes are asked for', async () => {
    for (const seed of seeds) await expectWholeHistory(seed, ONE_LIAR);
  });

  it('M6: takes no block of an endpoint that forges headers', async () => {
    for (const seed of seeds) await expectWholeHistory(seed, FORGER);
  });
});
