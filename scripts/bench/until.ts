/** Waits for what the bench has brought about and others do in their own time. */
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../serve/user-error.ts';

const EVERY_MS = 100;
const WITHIN_MS = 120_000;

export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new UserError(`${what}: not in ${WITHIN_MS / 1000} s`);
    await delay(EVERY_MS);
  }
}
