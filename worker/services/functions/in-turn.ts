/**
 * Tenants' work that is no run of a function, in a guest of its own: compiling a source, checking params against a
 * schema. It costs an isolate as much as a run does, so it takes a turn like one.
 */
import { prepareGuest } from '../../core/functions-runtime/execute.ts';
import type { Guest } from '../../core/functions-runtime/guest.ts';
import { DEFAULT_RUN_LIMITS } from '../../core/functions-runtime/limits.ts';
import { ok, type Result } from '../../core/result.ts';
import { takeTurn } from '../../http/turns.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';

export async function inTurn<Value>(
  accountId: string,
  work: (guest: Guest) => Value | Promise<Value>,
): Promise<Result<Value, 'functions.capacity'>> {
  const turn = await takeTurn({ accountId, memoryBytes: DEFAULT_RUN_LIMITS.memoryBytes });
  if (!turn.ok) return turn;
  let guest: Guest | undefined;
  try {
    await turn.value.compute();
    guest = prepareGuest(RUNTIMES[0]);
    return ok(await work(guest));
  } finally {
    turn.value.end(guest?.vm);
  }
}
