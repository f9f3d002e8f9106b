/**
 * What a wallet is asked to sign, and for what. The purpose stands in the text itself, with account,
 * wallet and request where it has them: a signature that was given for one purpose proves nothing
 * for another, even if a row of the store were mixed up. Texts have the form of EIP-4361, for Neo that
 * of neo/message/sign-in-text.ts.
 */
import { assert, assertNever } from '../assert.ts';
import { parseAddress } from '../neo/address.ts';
import { hostOf, isDomain } from '../neo/message/domain.ts';
import { NEP20_LAYOUTS } from '../neo/message/nep20-layout.ts';
import { formatLines, formatSignIn } from '../neo/message/sign-in-text.ts';
import { err, ok, type Result } from '../result.ts';
import type { GovernedOperation } from '../wallets/approval.ts';
import type { WalletKind } from '../wallets/wallet-address.ts';
import { LIMITS } from './limits.ts';

/**
 * `text` binds domain and purpose. `nep-20` binds the domain and cannot name another purpose than to
 * sign in. The other two bind neither (nep20-layout.ts).
 */
export const CHALLENGE_FORMS = ['text', ...NEP20_LAYOUTS] as const;
export type ChallengeForm = (typeof CHALLENGE_FORMS)[number];

export type ChallengePurpose =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'verify-wallet'; readonly accountId: string; readonly walletId: string }
  | {
      readonly kind: 'approve';
      readonly accountId: string;
      readonly walletId: string;
      readonly operation: GovernedOperation;
      /** Of everything the operation is asked to do (wallets/approval.ts). */
      readonly digest: string;
      readonly policyRevision: number;
      /** RFC 3339; the approval counts until then. */
      readonly validUntil: string;
    }
  | {
      readonly kind: 'approve-transaction';
      readonly accountId: string;
      readonly walletId: string;
      readonly transactionId: string;
      /** Of all that was proposed (transactions/intent-hash.ts). */
      readonly intentHash: string;
      readonly network: string;
      readonly networkMagic: number;
      /** The address that pays. */
      readonly sender: string;
      /** Datoshi, both fees at their highest. */
      readonly feeMax: string;
      /** What the script does, in words (transactions/approval-text.ts). */
      readonly does: string;
      /** RFC 3339; the transaction can be approved until then. */
      readonly validUntil: string;
    }
  | {
      readonly kind: 'approve-withdrawal';
      readonly accountId: string;
      readonly walletId: string;
      readonly withdrawalId: string;
      /** Of all that was asked for (withdrawals/wish.ts). */
      readonly intentHash: string;
      readonly network: string;
      readonly networkMagic: number;
      /** The contract that pays; null where a resolver does. */
      readonly vault: string | null;
      readonly to: string;
      /** Decimal GAS. */
      readonly amount: string;
      readonly feeMax: string;
      /** RFC 3339; null for as soon as it is approved. */
      readonly scheduledAt: string | null;
      /** RFC 3339; it can be approved until then. */
      readonly validUntil: string;
    }
  /** A user of an application, whose fees the account pays. */
  | { readonly kind: 'sponsored-user'; readonly accountId: string; readonly policyId: string };

const HARMLESS = 'This is no transaction and costs nothing.';

/** One line of printable ASCII, shown to the person who signs. */
export function statementOf(purpose: ChallengePurpose): string {
  switch (purpose.kind) {
    case 'sign-in':
      return `Sign in to the Neo Service Layer. ${HARMLESS}`;
    case 'verify-wallet':
      return (
        `Prove that you own this wallet, ${purpose.walletId}, and let it sign in to the account ` +
        `${purpose.accountId} of the Neo Service Layer. ${HARMLESS}`
      );
    case 'approve':
      return (
        `Approve ${purpose.operation} in the account ${purpose.accountId} of the Neo Service ` +
        `Layer as its member ${purpose.walletId}. Request: ${purpose.digest}, under revision ` +
        `${purpose.policyRevision} of the wallet policy, valid until ${purpose.validUntil}.`
      );
    case 'approve-transaction':
      return (
        `Approve the transaction ${purpose.transactionId} of the account ${purpose.accountId} of ` +
        `the Neo Service Layer as its wallet ${purpose.walletId}. On ${purpose.network} (magic ` +
        `${purpose.networkMagic}) ${purpose.sender} pays at most ${purpose.feeMax} datoshi in fees ` +
        `for: ${purpose.does}. Request: ${purpose.intentHash}, valid until ${purpose.validUntil}.`
      );
    case 'approve-withdrawal':
      return (
        `Approve the withdrawal ${purpose.withdrawalId} of the account ${purpose.accountId} of the ` +
        `Neo Service Layer as its wallet ${purpose.walletId}. On ${purpose.network} (magic ` +
        `${purpose.networkMagic}) ${payerOf(purpose.vault)} pays ${purpose.amount} GAS to ` +
        `${purpose.to}${whenOf(purpose.scheduledAt)}, for a fee of at most ${purpose.feeMax} GAS. ` +
        `Request: ${purpose.intentHash}, valid until ${purpose.validUntil}.`
      );
    case 'sponsored-user':
      return (
        `Show that this address is yours, so that the account ${purpose.accountId} of the Neo ` +
        `Service Layer may pay for its transactions under ${purpose.policyId}. ${HARMLESS}`
      );
    default:
      return assertNever(purpose);
  }
}

const payerOf = (vault: string | null): string =>
  vault === null ? 'the resolver of the platform' : `the vault ${vault}`;

const whenOf = (scheduledAt: string | null): string =>
  scheduledAt === null ? '' : ` from ${scheduledAt} on`;

export interface ChallengeText {
  readonly purpose: ChallengePurpose;
  readonly kind: WalletKind;
  readonly address: string;
  /** One that `isOrigin` accepts. */
  readonly origin: string;
  /** CAIP-2 id; EVM: the number of a chain, EIP-155. */
  readonly network: string;
  readonly nonce: string;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
}

/** A site as browsers name it: nothing but scheme, host and port. */
export const isOrigin = (text: string): boolean => {
  const host = hostOf(text);
  return host !== null && isDomain(host) && new URL(text).origin === text;
};

/** The setting's list; the refusal names an entry by its place. */
export function parseOrigins(
  entries: readonly string[],
): Result<readonly string[], 'service.misconfigured'> {
  const bad = entries.findIndex((entry) => !isOrigin(entry));
  const most = LIMITS.signInOriginsMax.value;
  const detail = bad < 0 ? `more than ${most} origins` : `entry ${bad + 1} is malformed`;
  return bad < 0 && entries.length <= most
    ? ok(entries)
    : err('service.misconfigured', { fields: [{ pointer: 'SIGN_IN_ORIGINS', detail }] });
}

/** The host that an origin shows to its users. */
export function domainOf(origin: string): string {
  const host = hostOf(origin);
  assert(host !== null, 'an origin');
  return host;
}

export function formatChallenge(challenge: ChallengeText): string {
  const { purpose, kind, address, origin, ...rest } = challenge;
  const lines = { ...rest, domain: domainOf(origin), statement: statementOf(purpose), uri: origin };
  if (kind === 'evm') return formatLines({ ...lines, wallet: 'Ethereum', address });
  const account = parseAddress(address);
  assert(account !== null, 'an address of Neo');
  return formatSignIn({ ...lines, account });
}

export const NONCE_PATTERN = /^\d{16}$/;

/**
 * Decimal text of 16 digits below 2^53: wallets in use pass a nonce through a JavaScript number. The
 * top bit is set, so 52 bits are random; a nonce only has to be unlike every other of five minutes.
 */
export function createNonce(random: Uint8Array): string {
  assert(random.length === 7, 'a nonce needs exactly 7 random bytes');
  const bits = random.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return String((bits & ((1n << 52n) - 1n)) | (1n << 52n));
}

/** A verified wallet of an account that its owner may sign in to. */
export interface SignInPlace {
  readonly accountId: string;
  readonly walletId: string;
  readonly accountStatus: 'active' | 'suspended' | 'deleted';
  /** What the account accepts. */
  readonly forms: readonly ChallengeForm[];
}

export const DEFAULT_FORMS: readonly ChallengeForm[] = ['text'];

type SignInRefusal =
  | 'sign_in.wallet_unknown'
  | 'sign_in.account_required'
  | 'sign_in.form_refused'
  | 'account.suspended';

/**
 * Where a wallet whose signature was verified signs in to: null stands for an account to be opened.
 * That a named account does not know the wallet, and that there is no such account, read the same.
 */
export function decideSignIn(request: {
  readonly places: readonly SignInPlace[];
  readonly accountId: string | undefined;
  readonly form: ChallengeForm;
  readonly opensAccounts: boolean;
}): Result<SignInPlace | null, SignInRefusal> {
  const { accountId, form } = request;
  const places = request.places.filter(
    (place) =>
      place.accountStatus !== 'deleted' && place.accountId === (accountId ?? place.accountId),
  );
  const [place, another] = places;
  if (another !== undefined)
    return err('sign_in.account_required', {
      fields: [
        {
          pointer: '/accountId',
          detail: `name one of ${places.map((each) => each.accountId).join(', ')}`,
        },
      ],
    });
  if (place === undefined) {
    if (accountId !== undefined || !request.opensAccounts) return err('sign_in.wallet_unknown');
    return DEFAULT_FORMS.includes(form) ? ok(null) : err('sign_in.form_refused');
  }
  if (place.accountStatus === 'suspended') return err('account.suspended');
  return place.forms.includes(form) ? ok(place) : err('sign_in.form_refused');
}
