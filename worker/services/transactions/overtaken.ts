/** A change that was decided on a reading which another change overtook is decided again. */
import type { ErrorCode } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';

/** So often it makes way for another one that was faster. */
const TURNS = 4;

export async function decideAgain<Value, Code extends ErrorCode>(
  change: () => Promise<Result<Value, Code>>,
): Promise<Result<Value, Code>> {
  for (let turn = 1; ; turn += 1) {
    const changed = await change();
    const isOvertaken = !changed.ok && changed.failure.code === 'request.precondition_failed';
    if (!isOvertaken || turn === TURNS) return changed;
  }
}
