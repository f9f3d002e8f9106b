/**
 * What a transaction will cost, from what several endpoints say. A fee too low is paid and faults,
 * one too high is paid; so the value taken is one that at most `quorum - 1` lying endpoints cannot
 * push below all honest ones: the `quorum`-th lowest.
 */
import type { StepOutcome } from '../../core/neo-sender/steps.ts';
import type { Simulation } from './outside.ts';

export interface EndpointQuote {
  readonly simulation: Simulation;
  readonly networkFee: bigint;
}

export type QuoteDecision =
  | { readonly kind: 'quoted'; readonly systemFee: bigint; readonly networkFee: bigint }
  | (StepOutcome & { readonly kind: 'simulated_fault' })
  /** Too few answers, or a quorum on either side: the state moved between them. */
  | { readonly kind: 'unclear' };

export function decideQuote(quotes: readonly EndpointQuote[], quorum: number): QuoteDecision {
  const halts = quotes.filter(({ simulation }) => simulation.vmState === 'HALT');
  const faults = quotes.filter(({ simulation }) => simulation.vmState === 'FAULT');
  const [fault] = faults;
  if (fault !== undefined && faults.length >= quorum && halts.length < quorum)
    return { kind: 'simulated_fault', detail: fault.simulation.exception ?? 'no reason given' };
  if (halts.length < quorum || faults.length >= quorum) return { kind: 'unclear' };
  const systemFee = nth(
    halts.map(({ simulation }) => simulation.gasConsumed),
    quorum,
  );
  const networkFee = nth(
    halts.map((quote) => quote.networkFee),
    quorum,
  );
  return { kind: 'quoted', systemFee, networkFee };
}

/** Counted from 1, of at least so many. */
const nth = (values: readonly bigint[], place: number): bigint =>
  values.toSorted((one, other) => Number(one - other))[place - 1] ?? 0n;
