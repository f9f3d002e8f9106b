/**
 * A sponsorship from the wish to the row. The GAS is held first, for as long as it can be signed,
 * so a wish that is refused leaves nothing behind, and one whose request dies here costs nothing:
 * its hold ends by itself. A wallet of the account signs at once, then the sponsor; anybody else
 * gets the transaction to sign.
 */

import { encodeUnsigned, hashTransaction } from '../../core/neo/transaction/transaction.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { creatorOf, newId, type RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { noteSpending } from '../gasbank/index.ts';
import { chainWalletQuery } from '../wallets/index.ts';
import { type Drafted, draftSponsorship } from './draft.ts';
import { handOverSoon } from './hand-over.ts';
import { release, reserve } from './holds.ts';
import { LIMITS } from './limits.ts';
import { policyQuery, policyUnchanged } from './policy-store.ts';
import { type CreateRequest, parseWish, type Wish } from './request.ts';
import { byRequestQuery, insertSponsorship, type SponsorshipRow } from './store.ts';
import { toSponsorship } from './views.ts';

export async function createSponsorship(
  context: RequestContext,
  accountId: string,
  request: CreateRequest,
) {
  const wish = parseWish(request);
  if (!wish.ok) return wish;
  const allowed = checkCaller(context, wish.value);
  if (!allowed.ok) return allowed;
  const { earlier, ...rows } = await loadAsked(context, accountId, wish.value);
  const known = answerAgain(context, wish.value, earlier);
  if (known !== undefined) return known;
  const drafted = await draftSponsorship(context, rows, wish.value);
  if (!drafted.ok) return drafted;
  const row = rowOf(context, wish.value, drafted.value);
  const held = await reserve(context, { row, drafted: drafted.value });
  // The same wish at the same time may be what takes the room.
  if (!held.ok) return (await lookAgain(context, accountId, wish.value)) ?? held;
  const written = await write(context, row, drafted.value);
  if (!written.ok) {
    await release(context, row);
    // The same wish at the same time, and the other one was first.
    if (written.failure.code !== 'sponsorships.request_conflict') return written;
    return (await lookAgain(context, accountId, wish.value)) ?? written;
  }
  context.defer(noteSpending(context, drafted.value.gasAccount, held.value.available));
  if (row.status === 'sending') await handOverSoon(context, row);
  return written;
}

/**
 * A publishable key asks under its own policy, and for signers who sign themselves. Whoever has a
 * wallet of the account sign must be one who may send from it.
 */
function checkCaller(
  { principal }: RequestContext,
  { policyId, user }: Wish,
): Result<null, 'sponsorships.policy_foreign' | 'request.forbidden'> {
  if (principal.kind !== 'apiKey' && principal.kind !== 'session') return ok(null);
  if (principal.kind === 'apiKey' && (principal.publishable?.policyId ?? policyId) !== policyId)
    return err('sponsorships.policy_foreign');
  if (user.kind === 'signer' || principal.scopes.includes('transactions:write')) return ok(null);
  return err('request.forbidden', {
    detail: 'For a wallet of the account this needs the scope transactions:write.',
  });
}

/** Everything that a wish names, in one question. */
async function loadAsked({ db }: RequestContext, accountId: string, wish: Wish) {
  const { requestId, policyId, user } = wish;
  const walletId = user.kind === 'wallet' ? user.walletId : '';
  const [[earlier], [policy], [wallet]] = await db.batch([
    byRequestQuery(db, accountId, requestId),
    policyQuery(db, { accountId, policyId }),
    chainWalletQuery(db, accountId, walletId),
  ]);
  return { earlier, policy, wallet };
}

async function lookAgain(context: RequestContext, accountId: string, wish: Wish) {
  const [earlier] = await byRequestQuery(context.db, accountId, wish.requestId);
  return answerAgain(context, wish, earlier);
}

/** What became of an earlier wish under the same id. */
function answerAgain(context: RequestContext, wish: Wish, earlier: SponsorshipRow | undefined) {
  if (earlier === undefined) return undefined;
  const isSame = earlier.requestDigest === wish.digest && isOwn(context, earlier);
  if (!isSame) return err('sponsorships.request_conflict');
  return ok({ status: 200, body: toSponsorship(earlier) } as const);
}

/** Everybody who looks at the page has a publishable key: it shows what it asked for alone. */
export const isOwn = ({ principal }: RequestContext, row: SponsorshipRow): boolean =>
  principal.kind !== 'apiKey' ||
  principal.publishable === undefined ||
  row.createdBy === principal.keyId;

function write(context: RequestContext, row: SponsorshipRow, { policy }: Drafted) {
  const { accountId, sponsorshipId, policyId, hash, systemFee, networkFee } = row;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('revision', policyUnchanged(policy)),
      insertSponsorship(context.db, row),
    ],
    accountId,
    target: { kind: 'sponsorship', id: sponsorshipId },
    details: { policyId, hash, systemFee, networkFee, status: row.status, walletId: row.walletId },
    guards: {
      state: { code: 'request.not_found' },
      revision: { code: 'request.precondition_failed' },
    },
    conflicts: {
      'sponsorships.account_id, sponsorships.request_id': { code: 'sponsorships.request_conflict' },
    },
    answer: { status: 201, body: toSponsorship(row) },
  });
}

function rowOf(context: RequestContext, wish: Wish, drafted: Drafted): SponsorshipRow {
  const { now, principal } = context;
  const { policy, sponsor, signer, wallet, unsigned, preparedHeight, forMs } = drafted;
  const expiresAt = now + forMs;
  const isSigned = wallet !== null;
  return {
    ...UNKNOWN_YET,
    sponsorshipId: newId('sponsorship', now),
    accountId: policy.accountId,
    requestId: wish.requestId,
    requestDigest: wish.digest,
    policyId: policy.policyId,
    gasAccountId: policy.gasAccountId,
    network: policy.network,
    networkMagic: policy.networkMagic,
    sponsorWalletId: sponsor.wallet.walletId,
    sponsor: sponsor.wallet.scriptHash,
    signer,
    walletId: wallet?.walletId ?? null,
    endUser: wish.endUser,
    status: isSigned ? 'sending' : 'prepared',
    statusSince: now,
    hash: hashTransaction(unsigned),
    unsigned: encodeUnsigned(unsigned),
    systemFee: Number(unsigned.systemFee),
    networkFee: Number(unsigned.networkFee),
    validUntilBlock: unsigned.validUntilBlock,
    preparedHeight,
    expiresAt,
    dueAt: isSigned ? now + LIMITS.sponsorshipHandOverSeconds.value * 1_000 : expiresAt,
    createdBy: creatorOf(principal),
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

const UNKNOWN_YET = {
  reason: null,
  detail: null,
  invocation: null,
  verification: null,
  handedAt: null,
  blockIndex: null,
  endedAt: null,
} as const;
