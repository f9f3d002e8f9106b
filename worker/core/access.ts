/**
 * Who may do what: scopes, the named roles as sets of scopes, and the one function that decides
 * every access. The order of refusals is part of the contract: another tenant's path answers 404
 * before any 403, so that nobody learns which accounts or objects exist from the kind of refusal.
 */
import { assertNever } from './assert.ts';
import type { SignatureNeed, SignatureRule } from './request-signature/decide.ts';
import { err, ok, type Result } from './result.ts';

export const SCOPES = [
  'account:read',
  'account:write',
  'keys:read',
  'keys:write',
  'wallets:read',
  'wallets:write',
  'chain-wallets:read',
  'chain-wallets:write',
  'secrets:read',
  'secrets:write',
  'secrets:grant',
  'functions:read',
  'functions:write',
  'functions:execute',
  'executions:read',
  'audit:read',
  'events:read',
  'transactions:read',
  'transactions:write',
  'contracts:read',
  'contracts:write',
  'gasbank:read',
  'gasbank:write',
  'withdrawals:write',
  'sponsorships:create',
  'sponsorships:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Scopes that change neither money nor wallets nor what leads to them: to run what is deployed, and
 * to write a value that only granted code reads.
 */
const UNSIGNED_SCOPES: readonly Scope[] = ['functions:execute', 'secrets:write'];

/**
 * What an unsafe operation asks. Where the account requires signatures, every scope that changes
 * something needs one unless it stands above: besides wallets and transactions these are
 * credentials, the settings of the account, the code of functions that may act for it, and what
 * that code is given. A scope that is added needs one until it is decided otherwise.
 */
export function signatureOfAccess(access: Access): SignatureNeed {
  if (access.kind !== 'account') return 'never';
  if (access.signature !== undefined) return access.signature;
  const { scope } = access;
  return scope.endsWith(':read') || UNSIGNED_SCOPES.includes(scope) ? 'never' : 'where_required';
}

/** Who deploys code does not thereby decide about the account, its credentials or its money. */
const ADMIN_SCOPES: readonly Scope[] = [
  'account:write',
  'keys:write',
  'wallets:write',
  'chain-wallets:write',
  'transactions:write',
  'gasbank:write',
  'withdrawals:write',
  'sponsorships:write',
];

export const ROLES = {
  viewer: SCOPES.filter((scope) => scope.endsWith(':read')),
  developer: SCOPES.filter((scope) => !ADMIN_SCOPES.includes(scope)),
  admin: SCOPES,
} as const satisfies Record<string, readonly Scope[]>;
export type Role = keyof typeof ROLES;

/** What an operation asks of its caller; part of the contract and printed in the reference. */
export type Access =
  /** Anyone; the closed list is tested. */
  | { readonly kind: 'public' }
  /** An operator token. */
  | { readonly kind: 'operator' }
  /** Any valid credential. */
  | { readonly kind: 'authenticated' }
  /** A key or session of the account in the path with this scope, or an operator. */
  | {
      readonly kind: 'account';
      readonly scope: Scope;
      /** Set where it is not what the scope asks. */
      readonly signature?: SignatureNeed;
    };

export type Principal =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'operator'; readonly name: string }
  | ({
      readonly kind: 'apiKey';
      readonly keyId: string;
      readonly accountId: string;
      readonly scopes: readonly Scope[];
      readonly accountStatus: AccountStatus;
      readonly expiresAt: number | null;
      /** Set for a key that anybody may read, in the page it stands in. */
      readonly publishable?: PublishableBinding;
    } & Signing)
  | ({
      readonly kind: 'session';
      readonly sessionId: string;
      readonly accountId: string;
      readonly scopes: readonly Scope[];
      readonly accountStatus: AccountStatus;
      /** The wallet that signed in, and the network it named. */
      readonly address: string;
      readonly network: string;
      /** When it signed: what asks for a fresh sign-in compares this. */
      readonly signedInAt: number;
      /** Of the access token. */
      readonly expiresAt: number;
    } & Signing);

/**
 * What binds a publishable key (money rule M22). It is no secret: the origins keep other sites from
 * using it in a browser, and nothing else; what it can cost, its policy bounds.
 */
export interface PublishableBinding {
  readonly policyId: string;
  /** As browsers write them in `Origin`. */
  readonly origins: readonly string[];
}

/** The only scope of a publishable key, and the operations that any site may call. */
export const PUBLISHABLE_SCOPE: Scope = 'sponsorships:create';

/** Travels with the credential, so that an unsigned request costs no look-up more. */
interface Signing {
  /** The public key that its requests are signed with, if it has one. */
  readonly signingKey: string | null;
  /** Whether its account requires signatures. */
  readonly requestSignatures: SignatureRule;
}

/** A caller that belongs to an account. */
export type Member = Extract<Principal, { readonly accountId: string }>;

export type AccountStatus = 'active' | 'suspended' | 'deleted';

type AccessRefusal =
  | 'request.unauthenticated'
  | 'request.forbidden'
  | 'request.not_found'
  | 'account.suspended'
  | 'keys.origin_refused';

export function decideAccess(request: {
  readonly principal: Principal;
  readonly access: Access;
  /** The `{accountId}` of the path, where there is one. */
  readonly accountId: string | undefined;
  /** The header of that name, which browsers set and pages cannot. */
  readonly origin?: string | undefined;
}): Result<null, AccessRefusal> {
  const { principal, access, accountId, origin } = request;
  if (access.kind === 'public') return ok(null);
  switch (principal.kind) {
    case 'anonymous':
      return err('request.unauthenticated');
    case 'operator':
      return ok(null);
    case 'apiKey':
    case 'session':
      if (accountId !== undefined && accountId !== principal.accountId)
        return err('request.not_found');
      if (access.kind === 'operator')
        return err('request.forbidden', { detail: 'This operation needs an operator token.' });
      if (principal.accountStatus !== 'active') return err('account.suspended');
      if (access.kind === 'account' && !principal.scopes.includes(access.scope))
        return err('request.forbidden', {
          detail: `This operation needs the scope ${access.scope}.`,
        });
      return isOfOrigin(principal, origin) ? ok(null) : err('keys.origin_refused');
    default:
      return assertNever(principal);
  }
}

/** A publishable key without an origin is used outside of the pages it is for. */
const isOfOrigin = (principal: Member, origin: string | undefined): boolean =>
  principal.kind !== 'apiKey' ||
  principal.publishable === undefined ||
  (origin !== undefined && principal.publishable.origins.includes(origin));
