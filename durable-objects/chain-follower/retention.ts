/**
 * Bounded history. Blocks and events leave the index behind a window of heights, at once for
 * everybody: a subscriber that still waits for an event keeps that event, and what it has not been
 * given yet is read from the chain again. Of older headers every five hundredth stays, so that any
 * range from the checkpoint on can be verified forward again.
 */
import type { Standing } from './sql.ts';
import type { Stores } from './stores.ts';

/** True when rows may be left over. */
export function sweep({ bounds, chain }: Stores, standing: Standing, isOpen: boolean): boolean {
  const floor = standing.next.height - bounds.indexBlocks;
  const isDue = floor >= standing.indexFloor + bounds.sweepEveryBlocks;
  if (!isDue && !isOpen) return false;
  if (isDue) chain.saveIndexFloor(floor);
  const below = isDue ? floor : standing.indexFloor;
  const rows = bounds.sweepRows;
  const blocks = chain.removeBlocks(below, bounds.anchorBlocks, rows);
  const events = chain.removeEvents(below, rows);
  return blocks === rows || events === rows;
}
