/**
 * The order of effects of a sign-in. Nothing about an address is looked up before its signature is
 * verified, so what is asked and refused until then tells nobody whether we know it. Opening a
 * session uses the challenge in the same batch: an answer that is sent twice, or raced, or replaced
 * by its twin (n - s), opens one session.
 */
import type { SQL } from 'drizzle-orm';
import { toTimestamp } from '../../core/clock.ts';
import { hashCredential } from '../../core/crypto/api-key.ts';
import { parseAddress } from '../../core/neo/address.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  type ChallengeForm,
  DEFAULT_FORMS,
  decideSignIn,
  type SignInPlace,
} from '../../core/sessions/challenge.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import { checkIfMatch, toEtag } from '../../http/etag.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { parseRequestKey } from '../../http/request-key-schema.ts';
import { accountOpen, draftAccount } from '../accounts/index.ts';
import {
  type ChallengeAnswer,
  checkAnswer,
  issueChallenge,
  useChallenge,
} from '../challenges/index.ts';
import { openSession } from '../sessions/index.ts';
import { draftVerifiedWallet } from '../workspace-wallets/index.ts';
import {
  insertOpening,
  listPlaces,
  loadSettings,
  openingsBelow,
  placeStands,
  type SettingsRow,
  saveSettings,
  settingsUnchanged,
  walletHasNoPlace,
} from './store.ts';

export interface SignInChallengeRequest {
  readonly address: string;
  readonly network: string;
  readonly form: ChallengeForm;
  readonly origin?: string | undefined;
}

export async function createChallenge(context: RequestContext, request: SignInChallengeRequest) {
  if (parseAddress(request.address) === null)
    return err('request.malformed', {
      fields: [{ pointer: '/address', detail: 'is not a Neo N3 address with a valid checksum' }],
    });
  return issueChallenge(context, { ...request, kind: 'neo', purpose: { kind: 'sign-in' } });
}

export interface SignInRequest extends ChallengeAnswer {
  readonly accountId?: string | undefined;
  readonly signingPublicKey?: string | undefined;
}

type Checked = Extract<Awaited<ReturnType<typeof checkAnswer>>, { ok: true }>['value'];
interface Answered extends Checked {
  /** What the session's requests will be signed with, if anything. */
  readonly signingKey: string | null;
}

export async function createSession(context: RequestContext, request: SignInRequest) {
  const signingKey = parseRequestKey(request.signingPublicKey);
  if (!signingKey.ok) return signingKey;
  const checked = await checkAnswer(context, request, ({ kind }) => kind === 'sign-in');
  if (!checked.ok) return checked;
  const answered = { ...checked.value, signingKey: signingKey.value };
  const first = await enter(context, request.accountId, answered);
  if (!isOutrun(first)) return first;
  // Two first sign-ins of one wallet at the same time open one account; the later finds it there.
  const second = await enter(context, request.accountId, answered);
  return isOutrun(second) ? err('sign_in.wallet_unknown') : second;
}

/** What was read had changed when it was written upon: the wallet is gone, or was added meanwhile. */
const OUTRUN = 'request.precondition_failed';
const isOutrun = (outcome: Result<unknown>): boolean =>
  !outcome.ok && outcome.failure.code === OUTRUN;

async function enter(context: RequestContext, accountId: string | undefined, answered: Answered) {
  const { address, form } = answered.row;
  const decided = decideSignIn({
    places: await listPlaces(context.db, address, accountId),
    accountId,
    form,
    opensAccounts: context.settings.SIGN_IN_OPENS_ACCOUNTS,
  });
  if (!decided.ok) return decided;
  return decided.value
    ? enterPlace(context, decided.value, answered)
    : openPlace(context, answered);
}

const enterPlace = (context: RequestContext, place: SignInPlace, answered: Answered) =>
  writeSession(context, { place, answered, statements: [guard('member', placeStands(place))] });

/**
 * Account, verified wallet and session, or none of them. Few for one address: an account costs storage
 * for years, and its records outlive it.
 */
function openPlace(context: RequestContext, answered: Answered) {
  const { address } = answered.row;
  const { now, db } = context;
  const caller = hashCredential(context.address);
  const account = draftAccount(context, { name: address });
  const { accountId } = account.row;
  const wallet = draftVerifiedWallet(context, accountId, address);
  const place: SignInPlace = {
    accountId,
    walletId: wallet.row.walletId,
    accountStatus: 'active',
    forms: DEFAULT_FORMS,
  };
  return writeSession(context, {
    place,
    answered,
    statements: [
      guard('member', walletHasNoPlace(address)),
      guard('quota', openingsBelow(caller, now)),
      account.statement.getSQL(),
      wallet.statement.getSQL(),
      insertOpening(db, { accountId, caller, openedAt: now }).getSQL(),
    ],
  });
}

interface SessionWriting {
  readonly place: SignInPlace;
  readonly answered: Answered;
  readonly statements: readonly SQL[];
}

async function writeSession(context: RequestContext, writing: SessionWriting) {
  const { place, answered, statements } = writing;
  const { accountId, walletId } = place;
  const { row, layout, signingKey } = answered;
  const { address, network, form } = row;
  const signedIn = { accountId, walletId, address, network, form, layout, signingKey };
  const opened = await openSession(context, signedIn);
  if (!opened.ok) return opened;
  const { body, actor } = opened.value;
  return commit(actor, {
    statements: [...useChallenge(row, context.now), ...statements, ...opened.value.statements],
    accountId,
    target: { kind: 'session', id: body.session.id },
    details: {
      address,
      network,
      form,
      layout,
      signingPublicKey: signingKey,
      opensAccount: statements.length > 1,
    },
    guards: {
      challenge: { code: 'challenges.ended' },
      member: { code: OUTRUN },
      quota: { code: 'request.rate_limited', retryAfterSeconds: 3600 },
    },
    answer: { status: 201, body },
  });
}

const settingsAnswer = (row: SettingsRow | undefined) => ({
  status: 200 as const,
  body: {
    forms: [...(row?.forms ?? DEFAULT_FORMS)],
    updatedAt: row ? toTimestamp(row.updatedAt) : null,
  },
  etag: toEtag(row?.revision ?? 0),
});

export const getSettings = async (context: RequestContext, accountId: string) =>
  ok(settingsAnswer(await loadSettings(context.db, accountId)));

export async function setSettings(
  context: RequestContext,
  accountId: string,
  { forms }: { readonly forms: readonly ChallengeForm[] },
) {
  const current = await loadSettings(context.db, accountId);
  const revision = current?.revision ?? 0;
  const matched = checkIfMatch(context.ifMatch, revision);
  if (!matched.ok) return matched;
  const row: SettingsRow = {
    accountId,
    forms: [...new Set(forms)],
    revision: revision + 1,
    updatedAt: context.now,
  };
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('revision', settingsUnchanged(accountId, revision)),
      saveSettings(context.db, row),
    ],
    accountId,
    target: { kind: 'signInSettings', id: accountId },
    details: { forms: row.forms },
    guards: {
      state: { code: 'request.not_found' },
      revision: { code: 'request.precondition_failed' },
    },
    answer: settingsAnswer(row),
  });
}
