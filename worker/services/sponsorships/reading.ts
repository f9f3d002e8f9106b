/** Sponsorships as they are read. */
import { err, ok } from '../../core/result.ts';
import type { SponsorshipStatus } from '../../core/sponsorships/status.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { isOwn } from './create.ts';
import { listSponsorshipRows, loadSponsorship, type SponsorshipPlace } from './store.ts';
import { toSponsorship, toSummary } from './views.ts';

export async function getSponsorship(context: RequestContext, place: SponsorshipPlace) {
  const row = await loadSponsorship(context.db, place);
  if (row === undefined || !isOwn(context, row)) return err('request.not_found');
  return ok({ status: 200, body: toSponsorship(row) } as const);
}

export async function listSponsorships(
  context: RequestContext,
  accountId: string,
  query: PageQuery & {
    readonly status?: SponsorshipStatus | undefined;
    readonly policyId?: string | undefined;
    readonly network?: string | undefined;
  },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listSponsorshipRows(context.db, {
    accountId,
    status: query.status,
    policyId: query.policyId,
    network: query.network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ sponsorshipId }) => sponsorshipId,
    toItem: toSummary,
  });
  return ok({ status: 200, body } as const);
}
