/**
 * Sponsorship policies. Whatever lets more be paid for needs the approvals of the account's wallet
 * policy where one is active (money rule M16): a first policy, a looser one, and one that its own
 * faults have suspended. Tightening and deleting need none, so that whoever sees a theft can stop
 * it at once; what the sponsor has signed by then is on its way.
 */
import type { SQL } from 'drizzle-orm';
import { err, ok, type Result } from '../../core/result.ts';
import { loosenedTerms, type SponsorshipTerms } from '../../core/sponsorships/policy.ts';
import {
  formatTerms,
  parseTerms,
  type SponsorshipForm,
} from '../../core/sponsorships/policy-form.ts';
import type { GovernedAct } from '../../core/wallets/approval.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import { closePage, openPage, type PageQuery } from '../../http/pagination.ts';
import { newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { loadGasAccount } from '../gasbank/index.ts';
import { deleteApprovals, requireGovernance } from '../workspace-wallets/index.ts';
import { LIMITS } from './limits.ts';
import {
  deletePolicyRow,
  insertPolicy,
  listPolicyRows,
  loadPolicy,
  type PolicyPlace,
  type PolicyRow,
  policiesBelow,
  policyUnchanged,
  termsOfPolicy,
  updatePolicyRow,
} from './policy-store.ts';
import { policyAnswer, toPolicy } from './views.ts';

export interface PolicyRequest extends SponsorshipForm {
  readonly name: string;
}

export async function createPolicy(
  context: RequestContext,
  accountId: string,
  { gasAccountId, name, ...form }: PolicyRequest & { readonly gasAccountId: string },
) {
  const parsed = parseTerms(form);
  if (!parsed.ok) return parsed;
  const gasAccount = await loadGasAccount(context.db, accountId, gasAccountId);
  if (gasAccount?.status !== 'open')
    return err('sponsorships.gas_account_unusable', {
      fields: [{ pointer: '/gasAccountId', detail: 'is no open gas account of this account' }],
    });
  const terms = formatTerms(parsed.value);
  const act = { operation: 'sponsorships.createPolicy', gasAccountId, terms } as const;
  const governed = await govern(context, accountId, act);
  if (!governed.ok) return governed;
  const { network, networkMagic } = gasAccount;
  const { now } = context;
  const row: PolicyRow = {
    policyId: newId('sponsorshipPolicy', now),
    accountId,
    network,
    networkMagic,
    gasAccountId,
    name,
    status: 'active',
    terms,
    faultsPerDay: terms.faultsPerDay,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    suspendedAt: null,
  };
  const limit = LIMITS.sponsorshipPoliciesMax.value;
  return commit(context, {
    statements: [
      guard('member', accountOpen(accountId)),
      guard('quota', policiesBelow(accountId, limit)),
      ...governed.value,
      insertPolicy(context.db, row),
    ],
    accountId,
    target: { kind: 'sponsorshipPolicy', id: row.policyId },
    details: { name, gasAccountId, terms },
    guards: {
      member: { code: 'request.not_found' },
      quota: { code: 'sponsorships.too_many_policies', limit },
      state: { code: 'request.precondition_failed' },
    },
    answer: { ...policyAnswer(row), status: 201 },
  });
}

/** What the batch of a governed change holds besides it. */
async function govern(
  context: RequestContext,
  accountId: string,
  act: GovernedAct,
): Promise<Result<readonly SQL[], 'wallets.approvals_required'>> {
  const governed = await requireGovernance(context, accountId, act);
  return governed.ok
    ? ok([guard('state', governed.value.still), ...governed.value.statements])
    : governed;
}

export async function listPolicies(
  context: RequestContext,
  accountId: string,
  query: PageQuery & { readonly network?: string | undefined },
) {
  const page = openPage(query);
  if (!page.ok) return page;
  const rows = await listPolicyRows(context.db, {
    accountId,
    network: query.network,
    before: page.value.after,
    limit: page.value.rows,
  });
  const body = closePage(rows, query.limit, {
    keyOf: ({ policyId }) => policyId,
    toItem: toPolicy,
  });
  return ok({ status: 200, body } as const);
}

export async function getPolicy({ db }: RequestContext, place: PolicyPlace) {
  const row = await loadPolicy(db, place);
  return row ? ok(policyAnswer(row)) : err('request.not_found');
}

export async function setPolicy(
  context: RequestContext,
  place: PolicyPlace,
  { name, ...form }: PolicyRequest,
) {
  const parsed = parseTerms(form);
  if (!parsed.ok) return parsed;
  const opened = await openPolicy(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  const loosened = loosenedTerms(termsOfPolicy(row), parsed.value);
  const terms = formatTerms(parsed.value);
  const governed = await decideLoosening(context, row, { terms, loosened });
  if (!governed.ok) return governed;
  const { faultsPerDay } = terms;
  const changes = { name, terms, faultsPerDay, updatedAt: context.now };
  return writeChange(context, row, {
    changes,
    statements: governed.value,
    details: { name, loosened, terms },
  });
}

interface Change {
  readonly terms: SponsorshipForm;
  readonly loosened: readonly (keyof SponsorshipTerms)[];
}

/**
 * Every change takes the approvals of the account away: one that was given before a theft was
 * noticed must not undo the tightening that answered it.
 */
async function decideLoosening(
  context: RequestContext,
  { accountId, policyId }: PolicyRow,
  { terms, loosened }: Change,
): Promise<Result<readonly SQL[], 'wallets.approvals_required'>> {
  if (loosened.length === 0) return ok([deleteApprovals(accountId)]);
  const act = { operation: 'sponsorships.setPolicy', policyId, terms } as const;
  const governed = await govern(context, accountId, act);
  if (governed.ok) return governed;
  const fields = loosened.map((part) => ({ pointer: `/${part}`, detail: 'lets more pass' }));
  return err('wallets.approvals_required', { ...governed.failure, fields });
}

async function openPolicy(
  context: RequestContext,
  place: PolicyPlace,
): Promise<Result<PolicyRow, 'request.not_found' | 'request.precondition_failed'>> {
  const row = await loadPolicy(context.db, place);
  if (!row) return err('request.not_found');
  const matched = checkIfMatch(context.ifMatch, row.revision);
  return matched.ok ? ok(row) : matched;
}

interface Written {
  readonly changes: Partial<PolicyRow>;
  readonly statements: readonly SQL[];
  readonly details: Readonly<Record<string, unknown>>;
}

const writeChange = (
  context: RequestContext,
  row: PolicyRow,
  { changes, statements, details }: Written,
) =>
  commit(context, {
    statements: [
      guard('revision', policyUnchanged(row)),
      ...statements,
      updatePolicyRow(context.db, row, changes),
    ],
    accountId: row.accountId,
    target: { kind: 'sponsorshipPolicy', id: row.policyId },
    details,
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'request.precondition_failed' },
    },
    answer: {
      status: 200,
      body: toPolicy({ ...row, ...changes }),
      etag: toEtag(row.revision + 1),
    },
  });

/** Of one that its faults suspended: it pays again, as far as the counters of the day let it. */
export async function resumePolicy(context: RequestContext, place: PolicyPlace) {
  const opened = await openPolicy(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status === 'active') return ok(policyAnswer(row));
  const { accountId, policyId } = row;
  const act = { operation: 'sponsorships.resumePolicy', policyId } as const;
  const governed = await govern(context, accountId, act);
  if (!governed.ok) return governed;
  return writeChange(context, row, {
    changes: { status: 'active', suspendedAt: null, updatedAt: context.now },
    statements: governed.value,
    details: { status: 'active' },
  });
}

export async function deletePolicy(context: RequestContext, place: PolicyPlace) {
  const opened = await openPolicy(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  return commit(context, {
    statements: [guard('revision', policyUnchanged(row)), deletePolicyRow(context.db, row)],
    accountId: row.accountId,
    target: { kind: 'sponsorshipPolicy', id: row.policyId },
    details: { name: row.name },
    guards: { revision: { code: 'request.precondition_failed' } },
    answer: { status: 204, body: null },
  });
}
