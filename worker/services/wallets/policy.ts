/**
 * The policy of a wallet. Loosening it needs the approvals of the account's wallet policy (money
 * rule M16); tightening needs none. Whether a wallet policy is active is a condition of the batch,
 * so that one which becomes active is not passed by.
 */
import { assert } from '../../core/assert.ts';
import { parseBase64Unsigned } from '../../core/neo/transaction/transaction.ts';
import { err, ok } from '../../core/result.ts';
import { formatPolicy, type PolicyForm, parsePolicy } from '../../core/wallets/policy-form.ts';
import { loosenedParts } from '../../core/wallets/policy-loosening.ts';
import { decideByPolicy, type WalletPolicy } from '../../core/wallets/wallet-policy.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { openWallet, type WalletPlace } from './service.ts';
import {
  isUngoverned,
  loadWallet,
  updateWalletRow,
  type WalletRow,
  walletUnchanged,
} from './store.ts';
import { policyAnswer, toVerdict } from './views.ts';

export async function getPolicy(context: RequestContext, { accountId, walletId }: WalletPlace) {
  const row = await loadWallet(context.db, accountId, walletId);
  return row ? ok(policyAnswer(row)) : err('request.not_found');
}

export async function setPolicy(context: RequestContext, place: WalletPlace, request: PolicyForm) {
  const next = parsePolicy(request);
  if (!next.ok) return next;
  const opened = await openWallet(context, place);
  if (!opened.ok) return opened;
  const row = opened.value;
  if (row.status === 'retired') return err('wallets.retired');
  const loosened = loosenedParts(policyOf(row), next.value);
  const changes = { policy: formatPolicy(next.value), updatedAt: context.now };
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      ...(loosened.length > 0 ? [guard('member', isUngoverned(place.accountId))] : []),
      updateWalletRow(context.db, row, changes),
    ],
    accountId: place.accountId,
    target: { kind: 'wallet', id: row.walletId },
    details: { loosened, policy: changes.policy },
    guards: {
      revision: { code: 'request.precondition_failed' },
      member: {
        code: 'wallets.approvals_required',
        fields: loosened.map((part) => ({ pointer: `/${part}`, detail: 'lets more pass' })),
      },
    },
    answer: policyAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}

/** Written by this service alone, from what was parsed. */
function policyOf(row: WalletRow): WalletPolicy {
  const parsed = parsePolicy(row.policy);
  assert(parsed.ok, 'a stored policy is one that was accepted');
  return parsed.value;
}

export async function checkTransaction(
  context: RequestContext,
  { accountId, walletId }: WalletPlace,
  text: string,
) {
  const row = await loadWallet(context.db, accountId, walletId);
  if (!row) return err('request.not_found');
  if (row.status === 'retired') return err('wallets.retired');
  const decoded = parseBase64Unsigned(text);
  if (!decoded.ok)
    return err('request.malformed', {
      fields: [{ pointer: '/transaction', detail: decoded.malformed.reason }],
    });
  const verdict = decideByPolicy({
    policy: policyOf(row),
    wallet: row.scriptHash,
    transaction: decoded.value,
    replaces: [],
    spent: { day: 0, amounts: new Map() },
    now: context.now,
  });
  return ok({ status: 200, body: toVerdict(verdict) } as const);
}
