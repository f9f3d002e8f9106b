/**
 * Runs that leave no execution, trials and replays: a turn for the code and its fuel on the account's month, as
 * executions have them, and nothing else. Whatever can refuse comes before the code.
 */
import type { RunLimits } from '../../core/functions-runtime/limits.ts';
import { ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { type Turn, takeTurn } from '../../http/turns.ts';
import { loadQuotas, type Quotas } from '../accounts/index.ts';
import { journalOf } from './deps.ts';
import { toExecutionQuota } from './order.ts';

interface Unrecorded<Ran> {
  readonly accountId: string;
  readonly limits: RunLimits;
  /** Gives its turn back in any case. */
  readonly run: (turn: Turn) => Promise<Ran>;
  readonly fuelOf: (ran: Ran) => number;
}

export async function runUnrecorded<Ran>(
  context: RequestContext,
  { accountId, limits, run, fuelOf }: Unrecorded<Ran>,
): Promise<Result<{ readonly ran: Ran; readonly quotas: Quotas }>> {
  const quotas = await loadQuotas(context.db, accountId);
  const turn = await takeTurn({ accountId, memoryBytes: limits.memoryBytes });
  if (!turn.ok) return turn;
  const booked = await book(context, turn.value, { accountId, limits, quotas });
  if (!booked.ok) return booked;
  const ran = await run(turn.value);
  const fuel = limits.fuel - fuelOf(ran);
  await journalOf(context, accountId).returnFuel({ ...booked.value, fuel });
  return ok({ ran, quotas });
}

/** The turn must not be kept by a run that never starts. */
async function book(
  context: RequestContext,
  turn: Turn,
  {
    accountId,
    limits,
    quotas,
  }: { readonly accountId: string; readonly limits: RunLimits; readonly quotas: Quotas },
) {
  let isBooked = false;
  try {
    const booked = await journalOf(context, accountId).bookFuel({
      fuelMax: limits.fuel,
      quota: toExecutionQuota(quotas),
    });
    isBooked = booked.ok;
    return booked;
  } finally {
    if (!isBooked) turn.end();
  }
}
