/**
 * The policy of a wallet. Loosening it needs the approvals of the account's wallet policy (money
 * rule M16); tightening needs none. That the wallet policy is the one decided under is a condition
 * of the batch, so that one which becomes active is not passed by.
 */
import type { SQL } from 'drizzle-orm';
import { senderName } from '../../chain/sender-steps/sender-name.ts';
import { assert } from '../../core/assert.ts';
import { parseBase64Unsigned } from '../../core/neo/transaction/transaction.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { formatPolicy, type PolicyForm, parsePolicy } from '../../core/wallets/policy-form.ts';
import { loosenedParts } from '../../core/wallets/policy-loosening.ts';
import { decideByPolicy, type WalletPolicy } from '../../core/wallets/wallet-policy.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { deleteApprovals, requireGovernance } from '../workspace-wallets/index.ts';
import { openWallet, type WalletPlace } from './service.ts';
import { loadWallet, updateWalletRow, type WalletRow, walletUnchanged } from './store.ts';
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
  const policy = formatPolicy(next.value);
  const loosened = loosenedParts(policyOf(row), next.value);
  const governed = await decideLoosening(context, place, { policy, loosened });
  if (!governed.ok) return governed;
  const changes = { policy, updatedAt: context.now };
  return commit(context, {
    statements: [
      guard('revision', walletUnchanged(row)),
      ...governed.value,
      updateWalletRow(context.db, row, changes),
    ],
    accountId: place.accountId,
    target: { kind: 'wallet', id: row.walletId },
    details: { loosened, policy },
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'request.precondition_failed' },
    },
    answer: policyAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}

interface Change {
  readonly policy: PolicyForm;
  readonly loosened: readonly (keyof WalletPolicy)[];
}

/**
 * What the batch of a change holds besides it. Every change takes the approvals of the account away:
 * one that was given before a theft was noticed must not undo the tightening that answered it.
 */
async function decideLoosening(
  context: RequestContext,
  { accountId, walletId }: WalletPlace,
  { policy, loosened }: Change,
): Promise<Result<readonly SQL[], 'wallets.approvals_required'>> {
  if (loosened.length === 0) return ok([deleteApprovals(accountId)]);
  const act = { operation: 'wallets.setPolicy', walletId, policy } as const;
  const governed = await requireGovernance(context, accountId, act);
  if (governed.ok) return ok([guard('state', governed.value.still), ...governed.value.statements]);
  const fields = loosened.map((part) => ({ pointer: `/${part}`, detail: 'lets more pass' }));
  return err('wallets.approvals_required', { ...governed.failure, fields });
}

/** Written by this service alone, from what was parsed. */
export function policyOf(row: Pick<WalletRow, 'policy'>): WalletPolicy {
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
  const sender = senderName({ magic: row.networkMagic, account: row.scriptHash });
  const spent = await context.env.NEO_SENDER.getByName(sender).spent();
  const verdict = decideByPolicy({
    policy: policyOf(row),
    wallet: row.scriptHash,
    transaction: decoded.value,
    replaces: [],
    spent: spent.value,
    now: context.now,
  });
  return ok({ status: 200, body: toVerdict(verdict) } as const);
}
