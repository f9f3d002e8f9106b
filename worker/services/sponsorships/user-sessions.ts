/**
 * Sessions of signers: where a policy asks for one, a signer shows once that the address is hers
 * before GAS is held for it, so that nobody fills the budgets of addresses that are not theirs. The
 * token is bound to account, policy and address, and its hash alone is stored.
 */
import { base64urlnopad } from '@scure/base';
import { toTimestamp } from '../../core/clock.ts';
import { hashCredential } from '../../core/crypto/api-key.ts';
import { encodeAddress, parseAddress } from '../../core/neo/address.ts';
import { err, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { type RequestContext, randomBytes } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import {
  type ChallengeAnswer,
  checkAnswer,
  issueChallenge,
  useChallenge,
} from '../challenges/index.ts';
import { LIMITS } from './limits.ts';
import { loadPolicy, type PolicyPlace, type PolicyRow } from './policy-store.ts';
import { malformed } from './request.ts';
import { insertUserSession } from './store.ts';

export interface UserChallengeRequest {
  readonly address: string;
  readonly origin?: string | undefined;
}

export async function createUserChallenge(
  context: RequestContext,
  place: PolicyPlace,
  { address, origin }: UserChallengeRequest,
) {
  const account = parseAddress(address);
  if (account === null) return malformed('/address', 'is no address');
  const policy = await findPolicy(context, place);
  if (!policy.ok) return policy;
  const { accountId, policyId, network } = policy.value;
  return issueChallenge(context, {
    origin,
    network,
    kind: 'neo',
    address: encodeAddress(account),
    form: 'text',
    purpose: { kind: 'sponsored-user', accountId, policyId },
  });
}

/** A publishable key knows its own policy and no other. */
async function findPolicy(
  { db, principal }: RequestContext,
  place: PolicyPlace,
): Promise<Result<PolicyRow, 'request.not_found' | 'sponsorships.policy_foreign'>> {
  const bound = principal.kind === 'apiKey' ? principal.publishable?.policyId : undefined;
  if (bound !== undefined && bound !== place.policyId) return err('sponsorships.policy_foreign');
  const policy = await loadPolicy(db, place);
  return policy ? { ok: true, value: policy } : err('request.not_found');
}

export async function createUserSession(
  context: RequestContext,
  place: PolicyPlace,
  answer: ChallengeAnswer,
) {
  const policy = await findPolicy(context, place);
  if (!policy.ok) return policy;
  const { accountId, policyId } = policy.value;
  const answered = await checkAnswer(
    context,
    answer,
    (purpose) =>
      purpose.kind === 'sponsored-user' &&
      purpose.accountId === accountId &&
      purpose.policyId === policyId,
  );
  if (!answered.ok) return answered;
  const { row: challenge, layout } = answered.value;
  const signer = parseAddress(challenge.address);
  if (signer === null) return err('challenges.ended');
  const token = base64urlnopad.encode(randomBytes(32));
  const expiresAt = context.now + LIMITS.sponsorshipSessionMinutes.value * 60_000;
  const row = { tokenHash: hashCredential(token), accountId, policyId, signer, expiresAt };
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      ...useChallenge(challenge, context.now),
      insertUserSession(context.db, row),
    ],
    accountId,
    target: { kind: 'sponsorshipPolicy', id: policyId },
    details: { signer: challenge.address, layout },
    guards: {
      state: { code: 'request.not_found' },
      challenge: { code: 'challenges.ended' },
    },
    answer: {
      status: 201,
      body: { token, policyId, signer: challenge.address, expiresAt: toTimestamp(expiresAt) },
    },
  });
}
