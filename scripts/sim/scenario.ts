/**
 * What goes wrong in one run, drawn from its seed: some runs are calm, some are all storm. At most
 * `quorum - 1` endpoints lie, which is the assumption of money rule M5; everything else may fail
 * without a bound.
 */
import { type Chance, chanceOf } from './random.ts';

const LIES = [
  'vm_state',
  'block',
  'false_absence',
  'phantom',
  'balance_high',
  'balance_low',
  'quote_low',
  'simulated_fault',
  'height_ahead',
] as const;
export type Lie = (typeof LIES)[number];

export interface Scenario {
  readonly seed: number;
  readonly msPerBlock: number;
  readonly quorum: number;
  readonly endpoints: number;
  readonly liars: number;
  readonly lies: readonly Lie[];
  readonly lieRate: number;
  readonly latencyMsMax: number;
  /** Of requests and of replies each. */
  readonly lossRate: number;
  /** Of the process of a step, at every await. */
  readonly deathRate: number;
  readonly duplicateRate: number;
  readonly lagRate: number;
  readonly cutOffRate: number;
  readonly evictionRate: number;
  readonly restartRate: number;
  /** Blocks that do not come when they should, in a row at most. */
  readonly stallRate: number;
  readonly stallBlocksMax: number;
  /** The height from which no block comes any more; null for a chain that lives. */
  readonly endsAfterBlocks: number | null;
  readonly bridgeFailureRate: number;
  readonly intents: number;
  readonly openingGas: bigint;
  readonly depositRate: number;
  /** All transactions are signed by the members of the account. */
  readonly isMultisig: boolean;
  /** Datoshi that the wallet's policy lets out in a day; null for a wallet without one. */
  readonly perDay: bigint | null;
  /** k of the policy; null refuses what needs them. */
  readonly approvals: number | null;
  readonly policyFee: bigint;
  /** That the owner tightens the policy just before a signature. */
  readonly tightenRate: number;
  /** Blocks until midnight at the start; null for a run by day. */
  readonly midnightAfterBlocks: number | null;
}

export function scenarioOf(seed: number): Scenario {
  const chance = chanceOf(seed);
  const quorum = chance.oneOf([1, 2, 2, 2, 3]);
  const liars = chance.hits(0.6) ? chance.between(0, quorum - 1) : 0;
  const storm = chance.fraction();
  const rate = (most: number) => (chance.hits(0.5) ? storm * most * chance.fraction() : 0);
  const msPerBlock = chance.oneOf([1_000, 3_000, 15_000]);
  return {
    seed,
    msPerBlock,
    quorum,
    endpoints: chance.between(Math.max(quorum, liars + 1), 5),
    liars,
    lies: liesOf(chance),
    lieRate: chance.oneOf([0.1, 0.5, 1]),
    latencyMsMax: chance.oneOf([20, msPerBlock / 50, msPerBlock / 10]),
    lossRate: rate(0.25),
    deathRate: rate(0.04),
    duplicateRate: rate(0.5),
    lagRate: rate(0.6),
    cutOffRate: rate(0.1),
    evictionRate: rate(0.5),
    restartRate: rate(0.3),
    stallRate: rate(0.3),
    stallBlocksMax: chance.oneOf([2, 20, 100]),
    endsAfterBlocks: chance.hits(0.01) ? chance.between(1, 30) : null,
    bridgeFailureRate: rate(0.5),
    intents: chance.between(1, 5),
    openingGas: BigInt(chance.oneOf([0, 4, 8, 16, 16, 40])) * 100_000_000n,
    depositRate: rate(0.3),
    isMultisig: chance.hits(0.15),
    perDay: chance.hits(0.5) ? BigInt(chance.oneOf([1, 3, 5, 8])) * 100_000_000n : null,
    approvals: chance.oneOf([null, 1, 2]),
    policyFee: chance.oneOf([60_000_000n, 200_000_000n]),
    tightenRate: chance.oneOf([0, 0, 0.3]),
    midnightAfterBlocks: chance.hits(0.3) ? chance.between(1, 20) : null,
  };
}

function liesOf(chance: Chance): readonly Lie[] {
  const chosen = LIES.filter(() => chance.hits(0.3));
  return chosen.length > 0 ? chosen : [chance.oneOf(LIES)];
}
