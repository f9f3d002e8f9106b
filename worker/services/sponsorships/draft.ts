/**
 * From the wish to a transaction that is ready to be signed, and to what has to be held for it.
 * Everything that can refuse it does so here, in this order: the policy, the script, the scopes,
 * the signer, the gas account, the sponsor, the simulation, the fee. Nothing is written or held.
 */
import { readMsPerBlock } from '../../chain/block-time.ts';
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
import { decideByPolicy, type Spent } from '../../core/wallets/wallet-policy.ts';
import { type RequestContext, randomBytes } from '../../http/request-context.ts';
import { findBoundNetwork, type Network } from '../chain/index.ts';
import { type GasAccountRow, gasAccountQuery } from '../gasbank/index.ts';
import { type PlatformWalletRow, platformWalletsQuery } from '../vaults/index.ts';
import { type ChainWalletRow, policyOf } from '../wallets/index.ts';
import { type PolicyRow, termsOfPolicy } from './policy-store.ts';
import { type Fees, quoteSponsored } from './quote.ts';
import { malformed, type Wish } from './request.ts';
import { type Chosen, chooseSponsor, NO_FUNDS, type Sponsor, senderOf } from './sponsors.ts';
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

/** What the wish names, as it is stored in the account that asks. */
export interface NamedRows {
  readonly policy: PolicyRow | undefined;
  readonly wallet: ChainWalletRow | undefined;
}

export async function draftSponsorship(
  context: RequestContext,
  rows: NamedRows,
  wish: Wish,
): Promise<Result<Drafted>> {
  const asked = checkPolicy(context, rows, wish);
  if (!asked.ok) return asked;
  const { policy, terms, network } = asked.value;
  const calls = checkSponsoredScript(wish.script, terms.contracts);
  if (!calls.ok) return calls;
  const scopes = checkUserScopes(wish.scopes, terms.contracts);
  if (!scopes.ok) return scopes;
  const user = findUser(policy, wish, rows);
  if (!user.ok) return user;
  const { signer, wallet } = user.value;
  const session = await checkUserSession(context, { policy, terms, signer, wish });
  if (!session.ok) return session;
  const { gasAccount, platformWallets } = await loadPayers(context, policy);
  if (gasAccount?.status !== 'open' || gasAccount.networkMagic !== policy.networkMagic)
    return err('sponsorships.gas_account_unusable');
  const place = await findPlace(context, { network, terms, platformWallets });
  if (!place.ok) return place;
  // The attack: the sponsor as its own user, with a scope.
  if (signer === place.value.sponsor.wallet.scriptHash)
    return err('sponsorships.signer_unusable', { detail: 'this wallet pays' });
  const unsigned = writeUnsigned(place.value, { signer, wish });
  const [priced, spent] = await Promise.all([
    priceOf(network, { place: place.value, unsigned, calls: calls.value, terms }),
    wallet && readSpent(context, wallet),
  ]);
  if (!priced.ok) return priced;
  const final = { ...unsigned, ...priced.value };
  const free =
    wallet && spent ? askWallet(context, { wallet, spent, transaction: final }) : ok(null);
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

function checkPolicy(
  { settings }: RequestContext,
  { policy }: NamedRows,
  { endUser }: Wish,
): Result<Asked> {
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

function findUser(
  policy: PolicyRow,
  { user }: Wish,
  { wallet }: NamedRows,
): Result<
  { readonly signer: ScriptHash; readonly wallet: ChainWalletRow | null },
  'sponsorships.signer_unusable'
> {
  if (user.kind === 'signer') return ok({ signer: user.account, wallet: null });
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

/** Whose GAS is held, and whose is burned. */
async function loadPayers({ db }: RequestContext, policy: PolicyRow) {
  const { accountId, gasAccountId, networkMagic } = policy;
  const [[gasAccount], platformWallets] = await db.batch([
    gasAccountQuery(db, accountId, gasAccountId),
    platformWalletsQuery(db, networkMagic),
  ]);
  return { gasAccount, platformWallets };
}

interface Place extends Chosen {
  readonly windowBlocks: number;
  readonly forMs: number;
}

interface Search {
  readonly network: Network;
  readonly terms: SponsorshipTerms;
  readonly platformWallets: readonly PlatformWalletRow[];
}

async function findPlace(
  context: RequestContext,
  { network, terms, platformWallets }: Search,
): Promise<Result<Place, 'chain.unavailable' | 'sponsorships.no_sponsor_funds'>> {
  const chosen = await chooseSponsor(context, network, platformWallets);
  if (!chosen.ok) return chosen;
  // The nodes that just answered have shown their pace before.
  const msPerBlock = await readMsPerBlock(network.client);
  const windowBlocks = windowBlocksOf(msPerBlock, terms.windowBlocksMax);
  return ok({ ...chosen.value, windowBlocks, forMs: windowBlocks * msPerBlock });
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
  const { sponsor, readings } = place;
  const sponsorKey = sponsor.wallet.publicKey;
  const fees = await quoteSponsored(network, { unsigned, calls, sponsorKey, readings });
  if (!fees.ok) return fees;
  const cost = fees.value.systemFee + fees.value.networkFee;
  const affordable = checkCost(cost, terms.feeMax);
  if (!affordable.ok) return affordable;
  return cost > sponsor.free ? NO_FUNDS : fees;
}

async function readSpent(
  context: RequestContext,
  { networkMagic: magic, scriptHash: account }: ChainWalletRow,
): Promise<Spent> {
  const spent = await senderOf(context, { magic, account }).spent();
  return spent.value;
}

interface WalletQuestion {
  readonly wallet: ChainWalletRow;
  readonly spent: Spent;
  readonly transaction: UnsignedTransaction;
}

/** A forecast; the sender of the wallet decides in the turn that counts it (M16, M20). */
function askWallet(
  { now }: RequestContext,
  { wallet, spent, transaction }: WalletQuestion,
): Result<null, 'wallets.policy_refused' | 'sender.approvals_required'> {
  const verdict = decideByPolicy({
    policy: policyOf(wallet),
    wallet: wallet.scriptHash,
    transaction,
    replaces: [],
    spent,
    now,
  });
  if (verdict.kind === 'allowed') return ok(null);
  const detail = verdict.reasons.join('; ');
  return verdict.kind === 'refused'
    ? err('wallets.policy_refused', { detail })
    : err('sender.approvals_required', { limit: verdict.approvals, detail });
}
