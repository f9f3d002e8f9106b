/**
 * From the row to the sender of its sponsor: bind the hold, let a wallet of the account sign where
 * it is the user, let the sponsor sign last, and give the signed bytes to the sender. Signatures
 * are deterministic and every step has the id of the sponsorship, so whoever dies at any await has
 * it done again by the sweep, with the same bytes. From the bind on nothing but a verdict about the
 * chain ends it (money rules M4, M7).
 */
import { readMsPerBlock } from '../../chain/block-time.ts';
import { encodeInvocation } from '../../core/neo/transaction/signature-witness.ts';
import { encodeTransaction } from '../../core/neo/transaction/transaction.ts';
import type { Witness } from '../../core/neo/transaction/witness.ts';
import { encodeSignatureScript } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { errorFields } from '../../http/log.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import {
  type PlatformWalletRow,
  platformWalletsQuery,
  signAsPlatformWallet,
} from '../vaults/index.ts';
import {
  type ChainWalletRow,
  chainWalletQuery,
  policyOf,
  signAsWallet,
  toSigningWallet,
  verificationOf,
} from '../wallets/index.ts';
import { bind, release } from './holds.ts';
import { LIMITS } from './limits.ts';
import { endUnsent, MINUTE_MS } from './settle.ts';
import { senderOf } from './sponsors.ts';
import { isSending, type SponsorshipRow, updateSponsorship } from './store.ts';
import { unsignedOf } from './views.ts';

export type SponsorDeps = Pick<RequestContext, 'env' | 'db' | 'settings' | 'now' | 'log'>;

const PURPOSE = 'sponsorships';

/** For who has written the row: whatever goes wrong, the sweep hands it over again. */
export async function handOverSoon(deps: SponsorDeps, row: SponsorshipRow): Promise<void> {
  try {
    const handed = await handOver(deps, row);
    if (!handed.ok) logRefusal(deps, row, handed.failure.code);
  } catch (thrown) {
    const { sponsorshipId } = row;
    deps.log.error('sponsorships.not_handed_over', { sponsorshipId, ...errorFields(thrown) });
  }
}

const logRefusal = ({ log }: SponsorDeps, { sponsorshipId }: SponsorshipRow, code: string): void =>
  log.warn('sponsorships.not_handed_over', { sponsorshipId, code });

/** What is `sending` once its last signature is here. */
export const becomesSending = (now: number) =>
  ({
    status: 'sending',
    statusSince: now,
    updatedAt: now,
    dueAt: now + LIMITS.sponsorshipHandOverSeconds.value * 1_000,
  }) as const;

/** Ok once the sender has it; a failure says why not, and the row says whether that ended it. */
export async function handOver(deps: SponsorDeps, row: SponsorshipRow): Promise<Result<null>> {
  const network = findBoundNetwork(deps.settings, row);
  if (!network.ok) return network;
  const signers = await loadSigners(deps, row);
  const counted = await countForWallet(deps, row, signers.wallet);
  if (!counted.ok) return counted;
  const bound = await bindHold(deps, row);
  if (!bound.ok) return bound;
  const user = await userWitness(deps, row, signers.wallet);
  if (!user.ok) return user;
  const sponsor = await sponsorWitness(deps, row, signers.sponsor);
  if (!sponsor.ok) return sponsor;
  return adopt(deps, network.value, { row, witnesses: [sponsor.value, user.value] });
}

interface Signers {
  /** Of the account, where it signs for the user. */
  readonly wallet: ChainWalletRow | undefined;
  readonly sponsor: PlatformWalletRow | undefined;
}

/** As they are now, whatever they were when the row was written. */
async function loadSigners({ db }: SponsorDeps, row: SponsorshipRow): Promise<Signers> {
  const { accountId, walletId, networkMagic, sponsorWalletId } = row;
  const [[wallet], platform] = await db.batch([
    chainWalletQuery(db, accountId, walletId ?? ''),
    platformWalletsQuery(db, networkMagic),
  ]);
  return { wallet, sponsor: platform.find((one) => one.walletId === sponsorWalletId) };
}

/** What a wallet of the account moves counts against its day, before its hold is bound (M16). */
async function countForWallet(
  deps: SponsorDeps,
  row: SponsorshipRow,
  wallet: ChainWalletRow | undefined,
): Promise<Result<null>> {
  const { walletId, networkMagic: magic, sponsorshipId: id } = row;
  if (walletId === null) return ok(null);
  if (wallet?.status !== 'active') return withdraw(deps, row, 'wallet_retired');
  const counted = await senderOf(deps, { magic, account: row.signer }).spendBeside({
    id,
    wallet: row.signer,
    transaction: row.unsigned,
    leave: { policy: policyOf(wallet), isApproved: false },
  });
  return counted.ok ? counted : withdraw(deps, row, 'policy_refused', counted.failure.detail);
}

/** Only of one that is not bound: its hold may be given back. A bound one stays. */
async function withdraw(
  deps: SponsorDeps,
  row: SponsorshipRow,
  reason: string,
  detail: string | null = null,
): Promise<Result<null>> {
  const released = await release(deps, row);
  if (!released.ok && released.failure.code === 'gasbank.hold_bound') return released;
  await endUnsent(deps, row, { status: 'rejected', reason, detail });
  return err('sponsorships.not_prepared', { detail: reason });
}

async function bindHold(deps: SponsorDeps, row: SponsorshipRow): Promise<Result<null>> {
  const bound = await bind(deps, row);
  if (bound.ok) return ok(null);
  switch (bound.failure.code) {
    case 'gasbank.hold_ended':
    case 'gasbank.hold_not_found':
      // Nothing was signed: whoever signs has bound it before.
      await endUnsent(deps, row, { status: 'expired', reason: 'not_signed_in_time', detail: null });
      return err('sponsorships.expired');
    default:
      return bound;
  }
}

async function userWitness(
  deps: SponsorDeps,
  { invocation, verification, unsigned }: SponsorshipRow,
  own: ChainWalletRow | undefined,
): Promise<Result<Witness>> {
  if (invocation !== null && verification !== null) return ok({ invocation, verification });
  const wallet = own && toSigningWallet(own);
  if (wallet === undefined) return err('wallets.retired');
  const signed = await signAsWallet(deps, wallet, unsigned);
  return signed.ok ? ok(witnessOf(signed.value.signature, verificationOf(wallet))) : signed;
}

async function sponsorWitness(
  deps: SponsorDeps,
  row: SponsorshipRow,
  wallet: PlatformWalletRow | undefined,
): Promise<Result<Witness>> {
  if (wallet === undefined) return err('wallets.retired');
  const signed = await signAsPlatformWallet(deps, wallet, row.unsigned);
  if (!signed.ok) return signed;
  return ok(witnessOf(signed.value.signature, encodeSignatureScript(wallet.publicKey)));
}

const witnessOf = (signature: Uint8Array, verification: Uint8Array): Witness => ({
  invocation: encodeInvocation([signature]),
  verification,
});

interface Signed {
  readonly row: SponsorshipRow;
  readonly witnesses: readonly Witness[];
}

async function adopt(
  deps: SponsorDeps,
  { settings, client }: Network,
  { row, witnesses }: Signed,
): Promise<Result<null>> {
  const sender = { magic: row.networkMagic, account: row.sponsor };
  const adopted = await senderOf(deps, sender).adopt({
    sender,
    network: { quorum: settings.quorum, msPerBlock: await readMsPerBlock(client) },
    command: {
      id: row.sponsorshipId,
      purpose: PURPOSE,
      signed: encodeTransaction({ ...unsignedOf(row), witnesses }),
      preparedHeight: row.preparedHeight,
    },
  });
  if (!adopted.ok) return adopted;
  await markHanded(deps, row);
  return ok(null);
}

export async function markHanded({ db, now }: SponsorDeps, row: SponsorshipRow): Promise<void> {
  const dueAt = now + LIMITS.sponsorshipSenderCheckMinutes.value * MINUTE_MS;
  await updateSponsorship(db, row, { handedAt: now, dueAt }, isSending);
}
