/**
 * Whether an account requires signatures. That a caller who requires them can give them is proved by
 * the signature of the very request; an operator cannot, and so only sets the account back, without
 * approvals: it is the way out for a team that has lost its keys, and it is on record.
 */
import type { SignatureRule } from '../../core/request-signature/decide.ts';
import { err, ok } from '../../core/result.ts';
import { toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { requireGovernance } from '../workspace-wallets/index.ts';
import { changeAccount } from './service.ts';
import { type AccountRow, loadAccount } from './store.ts';

const settingAnswer = ({ requestSignatures, revision }: AccountRow) =>
  ({ status: 200, body: { requestSignatures }, etag: toEtag(revision) }) as const;

export async function getRequestSignatures(context: RequestContext, accountId: string) {
  const row = await loadAccount(context.db, accountId);
  return row ? ok(settingAnswer(row)) : err('request.not_found');
}

export async function setRequestSignatures(
  context: RequestContext,
  accountId: string,
  requestSignatures: SignatureRule,
) {
  const isOperator = context.principal.kind === 'operator';
  if (isOperator && requestSignatures === 'required') return err('signature.key_absent');
  const isFree = isOperator || requestSignatures === 'required';
  const governed = isFree ? ok({}) : await requireGovernance(context, accountId, LOOSENING);
  return changeAccount(context, accountId, {
    ...(governed.ok ? governed.value : {}),
    // Asked of the row that is written, not of one that was read before: what changes nothing needs
    // no approval, and an account that became strict meanwhile does.
    allow: (row) =>
      row.requestSignatures === 'optional' || governed.ok ? undefined : governed.failure,
    changes: () => ({ requestSignatures }),
    details: { requestSignatures },
    answer: settingAnswer,
  });
}

const LOOSENING = {
  operation: 'accounts.setRequestSignatures',
  requestSignatures: 'optional',
} as const;
