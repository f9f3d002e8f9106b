/**
 * The withdrawal policy of an account on a network. Loosening it needs the approvals of the
 * account's wallet policy (money rule M16); tightening needs none, so that whoever sees a theft can
 * stop it at once, and every change takes approvals away that were given for another.
 */
import type { SQL } from 'drizzle-orm';
import { toStored } from '../../core/money.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { applyPolicy, loosenedParts, type PolicyPart } from '../../core/withdrawals/policy.ts';
import {
  formatPolicyForm,
  parsePolicyForm,
  type WithdrawalPolicyForm,
} from '../../core/withdrawals/policy-form.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { findNetwork } from '../chain/index.ts';
import { deleteApprovals, requireGovernance } from '../workspace-wallets/index.ts';
import {
  loadPolicyRow,
  type PolicyRow,
  policyOf,
  policyUnchanged,
  savePolicy,
} from './policy-store.ts';
import { toPolicy } from './views.ts';

export async function getPolicy(context: RequestContext, accountId: string, networkId: string) {
  const network = findNetwork(context.settings, networkId);
  if (!network.ok) return network;
  const { id, magic } = network.value.settings;
  const row = await loadPolicyRow(context.db, { accountId, networkMagic: magic });
  const place = { network: id, networkMagic: magic, now: context.now };
  return ok({
    status: 200,
    body: toPolicy(policyOf(row), place),
    etag: toEtag(row?.revision ?? 0),
  } as const);
}

export interface PolicyRequest extends WithdrawalPolicyForm {
  readonly network: string;
}

export async function setPolicy(
  context: RequestContext,
  accountId: string,
  { network: networkId, ...request }: PolicyRequest,
) {
  const { db, now } = context;
  const network = findNetwork(context.settings, networkId);
  if (!network.ok) return network;
  const wish = parsePolicyForm(request);
  if (!wish.ok) return wish;
  const form = formatPolicyForm(wish.value);
  const { id, magic } = network.value.settings;
  const name = { accountId, networkMagic: magic };
  const row = await loadPolicyRow(db, name);
  const revision = row?.revision ?? 0;
  const matched = checkIfMatch(context.ifMatch, revision);
  if (!matched.ok) return matched;
  const current = policyOf(row);
  const loosened = loosenedParts(current, wish.value, now);
  const governed = await decideLoosening(context, accountId, { network: id, form, loosened });
  if (!governed.ok) return governed;
  const next = applyPolicy(current, wish.value, now);
  const saved: PolicyRow = {
    ...name,
    ...next,
    network: id,
    approvalsAbove: numberOrNull(next.approvalsAbove),
    perDay: numberOrNull(next.perDay),
    revision: revision + 1,
    createdAt: row?.createdAt ?? now,
    updatedAt: now,
  };
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('revision', policyUnchanged(name, revision)),
      ...governed.value,
      savePolicy(db, saved),
    ],
    accountId,
    target: { kind: 'withdrawalPolicy', id },
    details: { loosened, policy: form },
    guards: {
      state: { code: 'request.not_found' },
      revision: { code: 'request.precondition_failed' },
      member: { code: 'request.precondition_failed' },
    },
    answer: {
      status: 200,
      body: toPolicy(next, { network: id, networkMagic: magic, now }),
      etag: toEtag(revision + 1),
    },
  });
}

const numberOrNull = (amount: bigint | null) => (amount === null ? null : toStored(amount));

interface Change {
  readonly network: string;
  readonly form: WithdrawalPolicyForm;
  readonly loosened: readonly PolicyPart[];
}

async function decideLoosening(
  context: RequestContext,
  accountId: string,
  { network, form, loosened }: Change,
): Promise<Result<readonly SQL[], 'wallets.approvals_required'>> {
  if (loosened.length === 0) return ok([deleteApprovals(accountId)]);
  const act = { operation: 'withdrawals.setPolicy', network, policy: form } as const;
  const governed = await requireGovernance(context, accountId, act);
  if (governed.ok) return ok([guard('member', governed.value.still), ...governed.value.statements]);
  const fields = loosened.map((part) => ({ pointer: `/${part}`, detail: 'lets more pass' }));
  return err('wallets.approvals_required', { ...governed.failure, fields });
}
