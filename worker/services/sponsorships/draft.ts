/**
 * From the wish to a transaction that is ready to be signed, and to what has to be held for it.
 * Everything that can refuse it does so here, in this order: the policy, the script, the scopes,
 * the signer, the gas account, the sponsor, the simulation, the fee. Nothing is written or held.
 */
import { readMsPerBlock } from '../../chain/block-time.ts';
import { readProvenHeight } from '../../chain/proven-height.ts';
import { hashCredential } from '../../core/crypto/api-key.ts';
import type { LiteralCall } from '../../core/neo/contract-calls.ts';
import type { ScriptHash } from '../../core/neo/script-hash.ts';
import type { UnsignedTransaction } from '../../core/neo/transaction/transaction.ts';
import { NO_SCOPES } from '../../core/neo/transaction/witness-scope.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { SponsorshipTerms } from '../../core/sponsorships/policy.ts';
import { checkSponsoredScript, checkUserScopes } from '../../core/sponsorships/script.ts';
import { checkCost } from '../../core/sponsorships/standing-terms.ts';
import { windowBlocksOf } from '../../core/sponsorships/window.ts';
import { decideByPolicy } from '../../core/wallets/wallet-policy.ts';
import { type RequestContext, randomBytes } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { type GasAccountRow, loadGasAccount } from '../gasbank/index.ts';
import { type ChainWalletRow, loadChainWallet, policyOf } from '../wallets/index.ts';
import { loadPolicy, type PolicyRow, termsOfPolicy } from './policy-store.ts';
import { type Fees, quoteSponsored } from './quote.ts';
import { malformed, type Wish } from './request.ts';
import { chooseSponsor, NO_FUNDS, type Sponsor, senderOf } from './sponsors.ts';
import { hasUserSession } from './store.ts';

export interface Drafted {
  readonly policy: PolicyRow;
  readonly terms: SponsorshipTerms;
  readonly gasAccount: GasAccountRow;
  readonly sponsor: Sponsor;
  readonly signer: ScriptHash;
  /** Of the account, where it signs at once. */
  readonly wallet: ChainWalletRow | null;
  readonly calls: readonly LiteralCall[];
  readonly unsigned: UnsignedTransaction;
  readonly preparedHeight: number;
  /** How long it can be signed. */
  readonly forMs: number;
}

export async function draftSponsorship(
  context: RequestContext,
  accountId: string,
  wish: Wish,
): Promise<Result<Drafted>> {
  const asked = await loadAsked(context, accountId, wish);
  if (!asked.ok) return asked;
  const { policy, terms, network } = asked.value;
  const calls = checkSponsoredScript(wish.script, terms.contracts);
  if (!calls.ok) return calls;
  const scopes = checkUserScopes(wish.scopes, terms.contracts);
  if (!scopes.ok) return scopes;
  const user = await findUser(context, policy, wish);
  if (!user.ok) return user;
  const { signer, wallet } = user.value;
  const session = await checkUserSession(context, { policy, terms, signer, wish });
  if (!session.ok) return session;
  const gasAccount = await loadGasAccount(context.db, accountId, policy.gasAccountId);
  if (gasAccount?.status !== 'open' || gasAccount.networkMagic !== policy.networkMagic)
    return err('sponsorships.gas_account_unusable');
  const place = await findPlace(context, network, terms);
  if (!place.ok) return place;
  // The attack: the sponsor as its own user, with a scope.
  if (signer === place.value.sponsor.wallet.scriptHash)
    return err('sponsorships.signer_unusable', { detail: 'this wallet pays' });
  const unsigned = writeUnsigned(place.value, { signer, wish });
  const priced = await priceOf(network, {
    place: place.value,
    unsigned,
    calls: calls.value,
    terms,
  });
  if (!priced.ok) return priced;
  const final = { ...unsigned, ...priced.value };
  const free = wallet === null ? ok(null) : await askWallet(context, wallet, final);
  if (!free.ok) return free;
  const { sponsor, height: preparedHeight, forMs } = place.value;
  const parts = { policy, terms, gasAccount, sponsor, signer, wallet, calls: calls.value };
  return ok({ ...parts, unsigned: final, preparedHeight, forMs });
}

interface Asked {
  readonly policy: PolicyRow;
  readonly terms: SponsorshipTerms;
  readonly network: Network;
}

async function loadAsked(
  { db, settings }: RequestContext,
  accountId: string,
  { policyId, endUser }: Wish,
): Promise<Result<Asked>> {
  const policy = await loadPolicy(db, { accountId, policyId });
  if (!policy) return err('sponsorships.policy_unknown', { fields: [POLICY_UNKNOWN] });
  if (policy.status !== 'active') return err('sponsorships.policy_suspended');
  const terms = termsOfPolicy(policy);
  // A cap for each of them is none while nobody says who it is.
  if (terms.perEndUserPerDay !== null && endUser === null)
    return malformed('/endUser', 'is needed, since the policy has a cap for each end user');
  const network = findBoundNetwork(settings, policy);
  return network.ok ? ok({ policy, terms, network: network.value }) : network;
}

const POLICY_UNKNOWN = { pointer: '/policyId', detail: 'is not a policy of this account' };

async function findUser(
  { db }: RequestContext,
  policy: PolicyRow,
  { user }: Wish,
): Promise<
  Result<
    { readonly signer: ScriptHash; readonly wallet: ChainWalletRow | null },
    'sponsorships.signer_unusable'
  >
> {
  if (user.kind === 'signer') return ok({ signer: user.account, wallet: null });
  const wallet = await loadChainWallet(db, policy.accountId, user.walletId);
  const isUsable = wallet?.status === 'active' && wallet.networkMagic === policy.networkMagic;
  return isUsable
    ? ok({ signer: wallet.scriptHash, wallet })
    : err('sponsorships.signer_unusable', { detail: 'no active wallet of the account here' });
}

interface SessionQuestion {
  readonly policy: PolicyRow;
  readonly terms: SponsorshipTerms;
  readonly signer: ScriptHash;
  readonly wish: Wish;
}

/** A wallet of the account needs none: whoever asks for it has shown that it may. */
async function checkUserSession(
  { db, now }: RequestContext,
  { policy, terms, signer, wish }: SessionQuestion,
): Promise<Result<null, 'sponsorships.user_session_required'>> {
  if (!terms.requiresUserSession || wish.user.kind === 'wallet') return ok(null);
  const { accountId, policyId } = policy;
  const tokenHash = hashCredential(wish.userSession ?? '');
  const isShown = await hasUserSession(db, { tokenHash, accountId, policyId, signer, now });
  return isShown ? ok(null) : err('sponsorships.user_session_required');
}

interface Place {
  readonly sponsor: Sponsor;
  /** The network has reached it. */
  readonly height: number;
  readonly windowBlocks: number;
  readonly forMs: number;
}

async function findPlace(
  context: RequestContext,
  network: Network,
  terms: SponsorshipTerms,
): Promise<Result<Place, 'chain.unavailable' | 'sponsorships.no_sponsor_funds'>> {
  const { client, settings } = network;
  const [sponsor, height, msPerBlock] = await Promise.all([
    chooseSponsor(context, network),
    readProvenHeight(client, settings.quorum),
    readMsPerBlock(client),
  ]);
  if (height === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  if (!sponsor.ok) return sponsor;
  const windowBlocks = windowBlocksOf(msPerBlock, terms.windowBlocksMax);
  return ok({ sponsor: sponsor.value, height, windowBlocks, forMs: windowBlocks * msPerBlock });
}

/** Its fees are still 0. */
function writeUnsigned(
  { sponsor, height, windowBlocks }: Place,
  { signer, wish }: { readonly signer: ScriptHash; readonly wish: Wish },
): UnsignedTransaction {
  return {
    nonce: new DataView(randomBytes(4).buffer).getUint32(0),
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: height + windowBlocks,
    signers: [
      { account: sponsor.wallet.scriptHash, scopes: NO_SCOPES },
      { account: signer, scopes: wish.scopes },
    ],
    attributes: [],
    script: wish.script,
  };
}

interface Pricing {
  readonly place: Place;
  readonly unsigned: UnsignedTransaction;
  readonly calls: readonly LiteralCall[];
  readonly terms: SponsorshipTerms;
}

async function priceOf(
  network: Network,
  { place, unsigned, calls, terms }: Pricing,
): Promise<Result<Fees>> {
  const sponsorKey = place.sponsor.wallet.publicKey;
  const fees = await quoteSponsored(network, { unsigned, calls, sponsorKey });
  if (!fees.ok) return fees;
  const cost = fees.value.systemFee + fees.value.networkFee;
  const affordable = checkCost(cost, terms.feeMax);
  if (!affordable.ok) return affordable;
  return cost > place.sponsor.free ? NO_FUNDS : fees;
}

/** A forecast; the sender of the wallet decides in the turn that counts it (M16, M20). */
async function askWallet(
  context: RequestContext,
  wallet: ChainWalletRow,
  transaction: UnsignedTransaction,
): Promise<Result<null, 'wallets.policy_refused' | 'sender.approvals_required'>> {
  const { networkMagic, scriptHash } = wallet;
  const spent = await senderOf(context, { magic: networkMagic, account: scriptHash }).spent();
  const verdict = decideByPolicy({
    policy: policyOf(wallet),
    wallet: scriptHash,
    transaction,
    replaces: [],
    spent: spent.value,
    now: context.now,
  });
  if (verdict.kind === 'allowed') return ok(null);
  const detail = verdict.reasons.join('; ');
  return verdict.kind === 'refused'
    ? err('wallets.policy_refused', { detail })
    : err('sender.approvals_required', { limit: verdict.approvals, detail });
}
