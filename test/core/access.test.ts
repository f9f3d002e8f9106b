/**
 * Who may do what, as a table over every kind of access and caller; the order of refusals hides
 * other tenants.
 */
import { describe, expect, it } from 'vitest';
import {
  type Access,
  type AccountStatus,
  decideAccess,
  type Principal,
  ROLES,
  SCOPES,
  type Scope,
} from '../../worker/core/access.ts';

const OWN = 'acc_own';
const UNSIGNED = { signingKey: null, requestSignatures: 'optional' } as const;
const key = (scopes: readonly Scope[], accountStatus: AccountStatus = 'active'): Principal => ({
  kind: 'apiKey',
  keyId: 'key_one',
  accountId: OWN,
  scopes,
  accountStatus,
  expiresAt: null,
  ...UNSIGNED,
});
const session = (scopes: readonly Scope[], accountStatus: AccountStatus = 'active'): Principal => ({
  kind: 'session',
  sessionId: 'ses_one',
  accountId: OWN,
  scopes,
  accountStatus,
  address: 'N',
  network: 'neo3:private',
  signedInAt: 0,
  expiresAt: 1,
  ...UNSIGNED,
});
const operator: Principal = { kind: 'operator', name: 'ops' };
const anonymous: Principal = { kind: 'anonymous' };

const toOpen: Access = { kind: 'public' };
const toAny: Access = { kind: 'authenticated' };
const toOperators: Access = { kind: 'operator' };
const toReaders: Access = { kind: 'account', scope: 'keys:read' };

const answer = (principal: Principal, access: Access, accountId?: string): string => {
  const decided = decideAccess({ principal, access, accountId });
  return decided.ok ? 'ok' : decided.failure.code;
};

describe('decideAccess', () => {
  it.each([
    ['anyone to what is public', anonymous, toOpen, undefined, 'ok'],
    [
      'no one without a credential to the rest',
      anonymous,
      toAny,
      undefined,
      'request.unauthenticated',
    ],
    [
      'no one without a credential to operators',
      anonymous,
      toOperators,
      undefined,
      'request.unauthenticated',
    ],
    [
      'no one without a credential to an account',
      anonymous,
      toReaders,
      OWN,
      'request.unauthenticated',
    ],
    ['operators to operators', operator, toOperators, undefined, 'ok'],
    ['operators to every account', operator, toReaders, 'acc_other', 'ok'],
    ['a key to what asks for any credential', key([]), toAny, undefined, 'ok'],
    ['no key to operators', key(SCOPES), toOperators, undefined, 'request.forbidden'],
    ['no key to operators on its own account', key(SCOPES), toOperators, OWN, 'request.forbidden'],
    ['a key with the scope to its own account', key(['keys:read']), toReaders, OWN, 'ok'],
    ['a session as a key: to any', session([]), toAny, undefined, 'ok'],
    ['a session as a key: to its account', session(['keys:read']), toReaders, OWN, 'ok'],
    ['no session to operators', session(SCOPES), toOperators, undefined, 'request.forbidden'],
  ] as const)('lets %s', (...row) => {
    const [, principal, access, accountId, expected] = row;
    expect(answer(principal, access, accountId)).toBe(expected);
  });

  it('refuses in an order that hides other tenants: each row mends one fault of the row above', () => {
    for (const caller of [key, session]) {
      const suspended = caller([], 'suspended');
      expect(answer(suspended, toReaders, 'acc_other')).toBe('request.not_found');
      expect(answer(suspended, toReaders, OWN)).toBe('account.suspended');
      expect(answer(caller([]), toReaders, OWN)).toBe('request.forbidden');
      expect(answer(caller(['keys:read']), toReaders, OWN)).toBe('ok');
    }
  });

  it('answers 404 for another account before the 403 of an operation of operators', () => {
    expect(answer(key(SCOPES), toOperators, 'acc_other')).toBe('request.not_found');
  });

  it('refuses a key of a deleted account even if it was found', () => {
    expect(answer(key(SCOPES, 'deleted'), toReaders, OWN)).toBe('account.suspended');
  });

  it('takes each scope for itself: no scope stands for another', () => {
    for (const needed of SCOPES)
      for (const held of SCOPES)
        expect(
          answer(key([held]), { kind: 'account', scope: needed }, OWN),
          `${held} for ${needed}`,
        ).toBe(held === needed ? 'ok' : 'request.forbidden');
  });
});

describe('roles', () => {
  it('grow from viewer to developer to admin', () => {
    expect(ROLES.viewer.every((scope) => ROLES.developer.includes(scope))).toBe(true);
    expect(ROLES.developer.every((scope) => ROLES.admin.includes(scope))).toBe(true);
    expect(ROLES.admin).toEqual(SCOPES);
  });

  it('let a viewer change nothing and a developer govern nothing', () => {
    expect(ROLES.viewer.filter((scope) => !scope.endsWith(':read'))).toEqual([]);
    for (const scope of [
      'account:write',
      'keys:write',
      'wallets:write',
      'chain-wallets:write',
      'transactions:write',
    ] as const)
      expect(ROLES.developer).not.toContain(scope);
  });
});
