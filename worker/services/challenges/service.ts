/**
 * Challenges: what a wallet is asked to sign, and whether an answer is one. The text is not stored
 * but made anew from the row, purpose included, so an answer is always held against what this code
 * would ask. A challenge is used by the batch of its effect and by nothing else: a refused answer
 * leaves it open, and nobody gains by that, since a signature cannot be guessed.
 */
import { toTimestamp } from '../../core/clock.ts';
import { recoverPersonalSigner } from '../../core/evm-message.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { MESSAGE_LAYOUTS } from '../../core/neo/message/message-layout.ts';
import { formatNep20Challenge, verifyNep20 } from '../../core/neo/message/nep20.ts';
import { parseSignature, verifyMessage } from '../../core/neo/message/signed-message.ts';
import { parsePublicKey } from '../../core/neo/public-key.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  type ChallengeForm,
  type ChallengePurpose,
  createNonce,
  domainOf,
  formatChallenge,
} from '../../core/sessions/challenge.ts';
import { LIMITS } from '../../core/sessions/limits.ts';
import type { WalletKind } from '../../core/wallets/wallet-address.ts';
import { runBatch } from '../../db/batch.ts';
import { failedGuard, guard } from '../../db/guards.ts';
import { newId, type RequestContext, randomBytes } from '../../http/request-context.ts';
import {
  type ChallengeRow,
  insertChallenge,
  loadChallenge,
  signInsBelow,
  walletChallengesBelow,
} from './store.ts';

export interface ChallengeRequest {
  readonly purpose: ChallengePurpose;
  readonly kind: WalletKind;
  readonly address: string;
  readonly form: ChallengeForm;
  /** Absent: the first that is configured. */
  readonly origin?: string | undefined;
  readonly network?: string | undefined;
}

type Settings = RequestContext['settings'];

/** An address is the same on every EVM chain, so its text names the first of them (EIP-155). */
const EVM_NETWORK = '1';

const secondsOf = (ms: number): number => Math.floor(ms / 1000);

export async function issueChallenge(context: RequestContext, request: ChallengeRequest) {
  const place = placeOf(context.settings, request);
  if (!place.ok) return place;
  const { purpose, kind, address, form } = request;
  const { now, db } = context;
  const row: ChallengeRow = {
    challengeId: newId('signInChallenge', now),
    purpose: JSON.stringify(purpose),
    kind,
    accountId: purpose.kind === 'sign-in' ? null : purpose.accountId,
    walletId: 'walletId' in purpose ? purpose.walletId : null,
    ...place.value,
    address,
    form,
    nonce: createNonce(randomBytes(7)),
    issuedAt: now,
    expiresAt: now + LIMITS.challengeMinutes.value * 60_000,
  };
  const room = row.walletId === null ? signInsBelow(now) : walletChallengesBelow(row.walletId, now);
  try {
    // No audit line: nothing has happened yet, and anybody may ask.
    await runBatch(context.env.DB, [guard('quota', room), insertChallenge(db, row).getSQL()]);
  } catch (thrown) {
    if (failedGuard(thrown) !== 'quota') throw thrown;
    // A wallet's own bound is its account's doing; that of sign-ins is everybody's.
    const code = row.walletId === null ? 'sign_in.busy' : 'request.rate_limited';
    return err(code, { retryAfterSeconds: 60 });
  }
  return ok({ status: 201, body: toChallenge(row, context.settings) } as const);
}

/** Site and network of a challenge: only those that an operator has configured. */
function placeOf(
  { SIGN_IN_ORIGINS, NEO_NETWORKS }: Settings,
  { kind, origin, network }: ChallengeRequest,
): Result<{ readonly origin: string; readonly network: string }> {
  const site = SIGN_IN_ORIGINS.find((each) => each === (origin ?? each));
  const chain = NEO_NETWORKS.find(({ id }) => id === (network ?? id))?.id;
  const isConfigured = SIGN_IN_ORIGINS.length > 0 && (kind === 'evm' || NEO_NETWORKS.length > 0);
  if (!isConfigured) return err('sign_in.unconfigured');
  if (site === undefined) return refuse('/origin', 'is no site of this deployment');
  if (kind === 'evm') return ok({ origin: site, network: EVM_NETWORK });
  return chain === undefined
    ? refuse('/network', 'is not served here')
    : ok({ origin: site, network: chain });
}

const refuse = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });

const purposeOf = (row: ChallengeRow): ChallengePurpose => JSON.parse(row.purpose);

const textOf = (row: ChallengeRow): string =>
  formatChallenge({
    purpose: purposeOf(row),
    kind: row.kind,
    address: row.address,
    origin: row.origin,
    network: row.network,
    nonce: row.nonce,
    issuedAtSeconds: secondsOf(row.issuedAt),
    expiresAtSeconds: secondsOf(row.expiresAt),
  });

const magicOf = ({ NEO_NETWORKS }: Settings, row: ChallengeRow): number | undefined =>
  NEO_NETWORKS.find(({ id }) => id === row.network)?.magic;

const nep20Of = (row: ChallengeRow, magic: number) => ({
  domain: domainOf(row.origin),
  networkMagics: [magic],
  nonce: BigInt(row.nonce),
  timestamp: secondsOf(row.issuedAt),
});

function toChallenge(row: ChallengeRow, settings: Settings) {
  const { challengeId: id, form, network, address, origin } = row;
  const magic = magicOf(settings, row);
  const nep20 =
    form === 'text' || magic === undefined ? null : formatNep20Challenge(nep20Of(row, magic));
  return {
    id,
    form,
    network,
    address,
    origin,
    text: form === 'text' ? textOf(row) : null,
    nep20: nep20 && {
      ...nep20,
      networks: [...nep20.networks],
      allowed_algorithms: [...nep20.allowed_algorithms],
    },
    expiresAt: toTimestamp(row.expiresAt),
  };
}

export interface ChallengeAnswer {
  readonly challengeId: string;
  readonly publicKey?: string | undefined;
  readonly signature: string;
  readonly salt?: string | undefined;
  readonly timestamp?: number | undefined;
}

export interface Answered {
  readonly row: ChallengeRow;
  readonly purpose: ChallengePurpose;
  /** How the wallet signed it, for the record. */
  readonly layout: string;
}

/** The answered challenge; the caller's batch must hold `useChallenge` of its row. */
export async function checkAnswer(
  context: RequestContext,
  answer: ChallengeAnswer,
  isMeant: (purpose: ChallengePurpose) => boolean,
): Promise<Result<Answered, 'challenges.ended' | 'challenges.answer_refused'>> {
  const row = await loadChallenge(context.db, answer.challengeId, context.now);
  if (!row) return err('challenges.ended');
  const purpose = purposeOf(row);
  if (!isMeant(purpose)) return err('challenges.ended');
  const layout = layoutOf(context, row, answer);
  return layout === null ? err('challenges.answer_refused') : ok({ row, purpose, layout });
}

function layoutOf(
  context: RequestContext,
  row: ChallengeRow,
  answer: ChallengeAnswer,
): string | null {
  if (row.kind === 'evm')
    return recoverPersonalSigner(textOf(row), answer.signature) === row.address
      ? 'personal-sign'
      : null;
  const publicKey = parsePublicKey(answer.publicKey ?? '');
  const signature = parseSignature(answer.signature);
  const account = parseAddress(row.address);
  // A network that is no longer served has no challenges.
  const networkMagic = magicOf(context.settings, row);
  if (!publicKey || !signature || account === null || networkMagic === undefined) return null;
  const signed = { account, publicKey, signature, networkMagic };
  if (row.form === 'text')
    return verifyMessage({
      ...signed,
      message: textOf(row),
      salt: answer.salt,
      layouts: MESSAGE_LAYOUTS,
    });
  const outcome = verifyNep20({
    challenge: nep20Of(row, networkMagic),
    response: { ...signed, nonce: BigInt(row.nonce), timestamp: answer.timestamp ?? 0 },
    nowSeconds: secondsOf(context.now),
    layouts: [row.form],
  });
  return outcome.ok ? outcome.layout : null;
}
