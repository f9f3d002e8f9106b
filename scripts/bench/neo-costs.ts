/** What the protocol of Neo costs in one process, with its targets and its part of the page. */
import { raceCatchUp } from './catch-up/catch-up.ts';
import { BLOCKS, EVENTS_OF_A_BLOCK } from './catch-up/stored-chain.ts';
import { growMatching, type MatchingStep } from './event-matching.ts';
import { ms, perSecond, spread, table, verdict } from './markdown.ts';
import { encodingRace, signingRace } from './neo-transfer.ts';
import { type Raced, type RaceRounds, race } from './race.ts';

export interface NeoCosts {
  readonly encoding: Raced;
  readonly signing: Raced;
  readonly matching: readonly MatchingStep[];
  /** Blocks a second. */
  readonly catchUp: Raced;
}

const ENCODING_RATIO_MIN = 3;
/** Nearly all of it is one signature, which noble makes on both sides. */
const SIGNING_RATIO_MIN = 0.9;
/** Of a hundred times the subscriptions with the same matches; maps grow, so a little is due. */
const MATCHING_GROWTH_MAX = 2;

export const measureNeo = async (rounds: RaceRounds): Promise<NeoCosts> => ({
  encoding: race(encodingRace(), rounds),
  signing: race(signingRace(), rounds),
  matching: growMatching(rounds),
  catchUp: await raceCatchUp(rounds),
});

export function neoSection(neo: NeoCosts | undefined): string {
  if (neo === undefined) return '';
  const rows = [
    ['encode and hash a signed transfer', neo.encoding, ENCODING_RATIO_MIN],
    ['build, sign and encode a transfer', neo.signing, SIGNING_RATIO_MIN],
  ] as const;
  const growth = matchingGrowth(neo.matching);
  return `## The protocol of Neo

In one process of Node, against neon-js, which makes the same bytes.

${table(
  ['', 'times neon-js', 'target', 'a second', "neon-js's"],
  rows.map(([name, { ratio, subject, floor }, least]) => [
    name,
    spread(ratio),
    verdict(ratio.median >= least, `≥ ${String(least)}`),
    perSecond(subject),
    perSecond(floor),
  ]),
)}

A signature is nearly all of the second. The curves package pinned here multiplies by blinded
scalars, so that timing and power tell nothing of a key, where the older one that neon-js brings does
not; a wider table of the base point makes up for most of that.

500 events of a block, half of them of one hot contract, matched against subscriptions: the time
follows the matches and not the subscriptions. A hundred times the subscriptions with the same
matches took ${growth.toFixed(2)} times as long
(${verdict(growth < MATCHING_GROWTH_MAX, `< ${String(MATCHING_GROWTH_MAX)}`)}).

${table(
  ['subscriptions', 'on the hot contract', 'matches', 'time'],
  neo.matching.map(({ subscriptions, hot, matches, eventsMs }) => [
    perSecond(subscriptions),
    perSecond(hot),
    perSecond(matches),
    `${ms(eventsMs)} ms`,
  ]),
)}

${catchUpPart(neo.catchUp)}`;
}

function catchUpPart({ ratio, subject, floor }: Raced): string {
  const events = BLOCKS * EVENTS_OF_A_BLOCK;
  return `A follower from its checkpoint through ${perSecond(BLOCKS)} blocks, each with a transaction,
and ${perSecond(events)} events delivered and acknowledged, against the same requests sent bare, with
the answers parsed as JSON and dropped. The node is a process that repeats stored answers and does
nothing else; beside a real one, which takes its time for every answer, the follower costs less. What
the bare reader goes without: the witness and the merkle root of each block, the votes on its logs,
the events and their storage. As profiling found it, four fifths of the follower's time are the one
signature of each block, which noble checks.

${table(
  ['', 'of the bare reads', 'blocks a second', "bare reads'"],
  [['catch up with a chain', spread(ratio), perSecond(subject), perSecond(floor)]],
)}`;
}

/** Between the fewest and the most subscriptions that have the same matches. */
function matchingGrowth(steps: readonly MatchingStep[]): number {
  const [first] = steps;
  const last = steps.findLast(({ matches }) => matches === first?.matches);
  return (last?.eventsMs ?? Number.POSITIVE_INFINITY) / (first?.eventsMs ?? 1);
}
