/**
 * The proof that somebody holds the key of a wallet. A verified wallet may sign in to the account
 * with every scope and for as long as it stays there, and counts in the wallet policy.
 */
import type { Member, Principal } from '../../core/access.ts';
import { ROLES } from '../../core/access.ts';
import { parsePublicKey } from '../../core/neo/public-key.ts';
import { accountOf } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ChallengePurpose } from '../../core/sessions/challenge.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import {
  type ChallengeAnswer,
  checkAnswer,
  issueChallenge,
  useChallenge,
} from '../challenges/index.ts';
import { creatorLasts } from '../keys/index.ts';
import { loadWallet, updateWalletRow, type WalletRow, walletUnchanged } from './store.ts';
import { walletAnswer } from './views.ts';

export interface WalletPlace {
  readonly accountId: string;
  readonly walletId: string;
}

/** Where the wallet is asked, so to speak: the site its text names, and the network. */
export interface ChallengePlace {
  readonly origin?: string | undefined;
  readonly network?: string | undefined;
}

export async function createChallenge(
  context: RequestContext,
  { accountId, walletId }: WalletPlace,
  place: ChallengePlace,
) {
  const row = await loadWallet(context.db, accountId, walletId);
  if (!row) return err('request.not_found');
  const { kind, address } = row;
  const purpose: ChallengePurpose = { kind: 'verify-wallet', accountId, walletId };
  return issueChallenge(context, { ...place, kind, address, purpose, form: 'text' });
}

export async function verifyWallet(
  context: RequestContext,
  { accountId, walletId }: WalletPlace,
  answer: ChallengeAnswer,
) {
  const allowed = checkVerifier(context.principal);
  if (!allowed.ok) return allowed;
  const row = await loadWallet(context.db, accountId, walletId);
  if (!row) return err('request.not_found');
  if (!hasKey(row, answer)) return err('wallets.not_single_key');
  const answered = await checkAnswer(
    context,
    answer,
    (purpose) =>
      purpose.kind === 'verify-wallet' &&
      purpose.accountId === accountId &&
      purpose.walletId === walletId,
  );
  if (!answered.ok) return answered;
  const { layout } = answered.value;
  const changes = { status: 'verified', updatedAt: context.now } as const;
  return commit(context, {
    statements: [
      ...useChallenge(answered.value.row, context.now),
      ...creatorLasts(context, null),
      guard('revision', walletUnchanged(row)),
      updateWalletRow(context.db, row, changes),
    ],
    accountId,
    target: { kind: 'workspaceWallet', id: walletId },
    details: { kind: row.kind, address: row.address, layout },
    guards: {
      challenge: { code: 'challenges.ended' },
      member: { code: 'wallets.verifier_too_narrow' },
      revision: { code: 'request.precondition_failed' },
    },
    answer: walletAnswer({ ...row, ...changes, revision: row.revision + 1 }),
  });
}

/** A Neo address is the hash of a script, and nothing tells how many keys are in it before one is shown. */
function hasKey(row: WalletRow, { publicKey }: ChallengeAnswer): boolean {
  if (row.kind === 'evm') return true;
  const key = parsePublicKey(publicKey ?? '');
  return key !== null && accountOf(key) === row.scriptHash;
}

/**
 * The attack: a key that may do little, or ends tomorrow, lets a wallet of its holder in, which may
 * do everything for ever.
 */
function checkVerifier(principal: Principal): Result<null, 'wallets.verifier_too_narrow'> {
  if (!('scopes' in principal)) return ok(null);
  return lastsAndMayAll(principal) ? ok(null) : err('wallets.verifier_too_narrow');
}

const lastsAndMayAll = (member: Member): boolean =>
  ROLES.admin.every((scope) => member.scopes.includes(scope)) &&
  (member.kind === 'session' || member.expiresAt === null);
