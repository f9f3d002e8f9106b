/**
 * How long a sponsored transaction can be signed and included (money rule M22): ten minutes in
 * blocks of the network, at least thirty blocks, and never above the policy's own limit.
 */
import { LIMITS } from './limits.ts';

export function windowBlocksOf(msPerBlock: number, windowBlocksMax: number | null): number {
  const wished = Math.ceil((LIMITS.sponsoredWindowMinutes.value * 60_000) / msPerBlock);
  const blocks = Math.max(wished, LIMITS.sponsoredWindowBlocksMin.value);
  return Math.min(
    blocks,
    windowBlocksMax ?? LIMITS.sponsoredWindowBlocksMax.value,
    LIMITS.sponsoredWindowBlocksMax.value,
  );
}
