/**
 * The hold of a sponsorship in the book of its account: exactly what the transaction pays, from
 * before anybody signs to the verdict (money rule M7). It has the id of the sponsorship, and every
 * command about it an id made from that, so whoever dies in between does the same again.
 */
import type { Executed } from '../../../durable-objects/account-ledger/rpc.ts';
import type { LedgerRefusal } from '../../core/ledger/change.ts';
import type { Command } from '../../core/ledger/commands.ts';
import { err, type Result } from '../../core/result.ts';
import { budgetsOf, faultCounts, refusalOfCounter } from '../../core/sponsorships/budgets.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { executeCommand, termsOf } from '../gasbank/index.ts';
import type { Drafted } from './draft.ts';
import type { SponsorshipRow } from './store.ts';
import { costOf } from './views.ts';

const OWNER = 'sponsorships';
const PURPOSE = 'sponsorships.fee';

type Held = Pick<SponsorshipRow, 'sponsorshipId' | 'accountId' | 'networkMagic'>;
type Deps = Pick<RequestContext, 'env'>;

const execute = (
  { env }: Deps,
  { accountId, networkMagic }: Pick<Held, 'accountId' | 'networkMagic'>,
  command: Command,
): Promise<Result<Executed, LedgerRefusal>> =>
  executeCommand(env, { magic: networkMagic, owner: accountId }, command);

interface Reservation {
  readonly row: SponsorshipRow;
  readonly drafted: Drafted;
}

/** Timed: one that is never signed ends by itself. */
export async function reserve(deps: Deps, { row, drafted }: Reservation) {
  const { policy, terms, gasAccount, signer, calls, forMs } = drafted;
  const own = termsOf(gasAccount);
  const { createdBy: askedBy, endUser } = row;
  const { policyId } = policy;
  const reserved = await execute(deps, row, {
    kind: 'reserve',
    id: row.sponsorshipId,
    owner: OWNER,
    ...own,
    budgets: [...own.budgets, ...budgetsOf({ policyId, terms, signer, askedBy, endUser, calls })],
    amount: costOf(row),
    source: 'gas',
    until: { kind: 'timed', forMs },
    purpose: PURPOSE,
  });
  if (reserved.ok || reserved.failure.code !== 'gasbank.budget_exceeded') return reserved;
  const { detail = '', limit = 0 } = reserved.failure;
  const code = refusalOfCounter(detail);
  return code === null ? reserved : err(code, { detail, limit });
}

/** Before anything is signed; from then on only a verdict ends it. */
export const bind = (deps: Deps, row: Held) =>
  execute(deps, row, {
    kind: 'bind',
    id: `${row.sponsorshipId}:bind`,
    owner: OWNER,
    hold: row.sponsorshipId,
  });

/** With the verdict of the chain, or of a timed hold without one. */
export const release = (deps: Deps, row: Held, verdict?: string) =>
  execute(deps, row, {
    kind: 'release',
    id: `${row.sponsorshipId}:release`,
    owner: OWNER,
    hold: row.sponsorshipId,
    ...(verdict !== undefined && { verdict }),
  });

/** All of it, on HALT and on FAULT: Neo gives neither fee back. A fault counts (M22). */
export const capture = (deps: Deps, row: SponsorshipRow, vmState: 'HALT' | 'FAULT') =>
  execute(deps, row, {
    kind: 'capture',
    id: `${row.sponsorshipId}:capture`,
    owner: OWNER,
    hold: row.sponsorshipId,
    amount: costOf(row),
    verdict: `${vmState.toLowerCase()}:${row.hash}`,
    counts: vmState === 'FAULT' ? faultCounts(row.policyId, row.signer) : [],
  });
