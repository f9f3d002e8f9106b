/** Which gas account pays for the executions of an account. */
import { eq } from 'drizzle-orm';
import { chargesRuns } from '../../core/metering/price-list.ts';
import { err, ok } from '../../core/result.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { loadGasAccount } from '../gasbank/index.ts';
import { type Candidates, choosePayer, listPriced, loadCandidates } from './payer.ts';
import { billingAccounts } from './tables.ts';

export async function getBilling(context: RequestContext, accountId: string) {
  const candidates = await loadCandidates(context.db, accountId);
  return ok(await answerOf(context, accountId, candidates));
}

async function answerOf(context: RequestContext, accountId: string, candidates: Candidates) {
  const priced = await listPriced(context, chargesRuns);
  const payer = choosePayer(accountId, priced, candidates);
  const body = {
    gasAccountId: candidates.chosen?.gasAccountId ?? null,
    payer: payer && {
      network: payer.network,
      gasAccountId: payer.gasAccount?.gasAccountId ?? null,
      name: payer.terms.fund,
    },
  };
  return { status: 200, body } as const;
}

/** A choice that is closed later pays no more: `main` does again. */
export async function setBilling(
  context: RequestContext,
  accountId: string,
  { gasAccountId }: { readonly gasAccountId: string | null },
) {
  const { db, now } = context;
  const chosen =
    gasAccountId === null ? undefined : await loadGasAccount(db, accountId, gasAccountId);
  if (gasAccountId !== null && chosen?.status !== 'open')
    return err('gasbank.fund_not_found', { detail: gasAccountId });
  const { mains } = await loadCandidates(db, accountId);
  const statement =
    gasAccountId === null
      ? db.delete(billingAccounts).where(eq(billingAccounts.accountId, accountId))
      : db
          .insert(billingAccounts)
          .values({ accountId, gasAccountId, updatedAt: now })
          .onConflictDoUpdate({
            target: billingAccounts.accountId,
            set: { gasAccountId, updatedAt: now },
          });
  return commit(context, {
    statements: [statement],
    accountId,
    target: { kind: 'account', id: accountId },
    details: { gasAccountId },
    answer: await answerOf(context, accountId, { chosen, mains }),
  });
}
