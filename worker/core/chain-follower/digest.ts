/**
 * One digest for what a block's logs say, compared between endpoints: the VM's result is the one
 * thing of a block that no signature covers, so it rests on equal votes (money rule M5). A vote is
 * block hash, VM states and notifications; messages of faults and consumed gas are left out, since
 * sound nodes of two makers word and count them differently.
 */
import { sha256Canonical } from '../canonical-json.ts';
import type { ApplicationLog } from '../neo/vm/application-log.ts';
import { formatStackItem } from '../neo/vm/stack-item.ts';
import type { BlockLogs } from './extract.ts';

export const digestLogs = ({ block, transactions }: BlockLogs): string =>
  sha256Canonical([block, ...transactions].map(toVote));

const toVote = ({ kind, container, executions }: ApplicationLog) => ({
  kind,
  container,
  executions: executions.map(({ trigger, vmState, notifications }) => ({
    trigger,
    vmState,
    notifications: notifications.map(({ contract, eventName, state }) => ({
      contract,
      eventName,
      state: state === null ? null : state.map(formatStackItem),
    })),
  })),
});

export interface LogVote {
  readonly endpoint: string;
  readonly digest: string;
}

export type LogVerdict =
  | { readonly kind: 'agreed'; readonly digest: string; readonly isContradicted: boolean }
  /** Votes differ and none has the quorum. */
  | { readonly kind: 'disputed' }
  /** Too few votes; an endpoint that does not know the block yet has none. */
  | { readonly kind: 'open' };

/** Each endpoint votes once: a second vote under the same name is not counted. */
export function decideLogVerdict(votes: readonly LogVote[], quorum: number): LogVerdict {
  const byEndpoint = new Map(votes.map(({ endpoint, digest }) => [endpoint, digest]));
  const counts = new Map<string, number>();
  for (const digest of byEndpoint.values()) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  const winners = [...counts].filter(([, count]) => count >= quorum);
  const [winner] = winners;
  // Two quorums that contradict each other decide nothing.
  if (winner !== undefined && winners.length === 1)
    return { kind: 'agreed', digest: winner[0], isContradicted: counts.size > 1 };
  return { kind: counts.size > 1 ? 'disputed' : 'open' };
}
