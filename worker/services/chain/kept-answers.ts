/**
 * Answers about what is in a block, kept by this isolate for a while: many ask for the same few.
 * They are no secret of a tenant, and what is final cannot get stale; only who said it could have
 * lied, so nothing is kept for ever.
 */
import { LIMITS } from './limits.ts';

interface Kept {
  readonly text: string;
  readonly until: number;
}

const kept = new Map<string, Kept>();

/** Written by `keep` alone; what it is, the key says. */
export function recall(key: string, now: number): unknown {
  const found = kept.get(key);
  if (found === undefined || found.until <= now) return undefined;
  return JSON.parse(found.text);
}

export function keep(key: string, answer: object, now: number): void {
  const text = JSON.stringify(answer);
  if (text.length > LIMITS.chainAnswerKeptBytesMax.value) return;
  kept.delete(key);
  kept.set(key, { text, until: now + LIMITS.chainAnswerKeptSeconds.value * 1000 });
  if (kept.size <= LIMITS.chainAnswersKeptMax.value) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}
