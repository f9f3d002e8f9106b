/** When a signature is needed, and from when until when it is accepted. */
import { describe, expect, it } from 'vitest';
import { ROLES, SCOPES, signatureOfAccess } from '../../../worker/core/access.ts';
import {
  decideNeed,
  decideTimes,
  type SignatureNeed,
  type SignatureRule,
} from '../../../worker/core/request-signature/decide.ts';
import { LIMITS } from '../../../worker/core/request-signature/limits.ts';

const NOW = 1_800_000_000;
const WINDOW = LIMITS.requestSignatureSeconds.value;
const SKEW = LIMITS.requestSignatureSkewSeconds.value;

describe('a signature is needed', () => {
  const ROWS: readonly [SignatureNeed, SignatureRule, 'member' | 'operator', string][] = [
    ['never', 'optional', 'member', 'no'],
    ['never', 'required', 'member', 'no'],
    ['where_required', 'optional', 'member', 'no'],
    ['where_required', 'required', 'member', 'yes'],
    ['always', 'optional', 'member', 'yes'],
    ['always', 'required', 'member', 'yes'],
    ['never', 'required', 'operator', 'no'],
    ['where_required', 'optional', 'operator', 'no'],
    ['where_required', 'required', 'operator', 'refused'],
    ['always', 'optional', 'operator', 'no'],
    ['always', 'required', 'operator', 'no'],
  ];

  it.each(ROWS)('of %s in an account that says %s, by a %s: %s', (need, rule, who, expected) => {
    const decided = decideNeed({ need, rule, isOperator: who === 'operator' });
    const said = decided.ok ? (decided.value.isNeeded ? 'yes' : 'no') : 'refused';
    expect(said).toBe(expected);
  });

  it('under every scope that changes something, unless the scope is known to lead nowhere', () => {
    const asking = SCOPES.filter(
      (scope) => signatureOfAccess({ kind: 'account', scope }) === 'where_required',
    );
    const silent = SCOPES.filter((scope) => !asking.includes(scope));
    const changing = silent.filter((scope) => !ROLES.viewer.includes(scope));
    expect(changing).toEqual(['secrets:write', 'functions:execute']);
  });

  it('by no caller without an account', () => {
    for (const kind of ['public', 'operator', 'authenticated'] as const)
      expect(signatureOfAccess({ kind })).toBe('never');
  });
});

describe('a signature is accepted', () => {
  const at = (created: number, expires: number | null = null) =>
    decideTimes({ created, expires }, NOW * 1000).ok;

  it('within its window, to the second', () => {
    expect([at(NOW), at(NOW - WINDOW), at(NOW - WINDOW - 1)]).toEqual([true, true, false]);
  });

  it('of a clock that is a little ahead, and no more', () => {
    expect([at(NOW + SKEW), at(NOW + SKEW + 1), at(NOW + 86_400)]).toEqual([true, false, false]);
  });

  it('until its own end, which shortens the window and never lengthens it', () => {
    expect([at(NOW - 10, NOW), at(NOW - 10, NOW - 1)]).toEqual([true, false]);
    expect(at(NOW - WINDOW - 1, NOW + 86_400)).toBe(false);
  });
});
