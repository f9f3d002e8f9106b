/**
 * The refresh token of a session: `nsr_<session>.<family>.<secret>`. The secret is new with each
 * use, and family and session stay. Only hashes are stored. A token with the right family and
 * another secret than the last is an earlier one of this session, used by two: whoever it was, the
 * session ends (RFC 9700 section 4.14.2). The family is 16 random bytes, so that a session id alone,
 * which stands in lists and logs, ends nobody's session.
 */
import { base64urlnopad } from '@scure/base';
import { assert } from '../assert.ts';
import { hashCredential } from '../crypto/api-key.ts';
import { ID_PREFIXES, isId } from '../ids.ts';

export const FAMILY_BYTES = 16;
export const SECRET_BYTES = 32;
const FORM = /^nsr_([0-9a-z]{26})\.([\w-]{22})\.[\w-]{43}$/;

export interface RefreshTokenParts {
  readonly sessionId: string;
  /** The text of the family, kept through all rotations. */
  readonly family: string;
}

export const createFamily = (random: Uint8Array): string => {
  assert(random.length === FAMILY_BYTES, 'a family is 16 random bytes');
  return base64urlnopad.encode(random);
};

export function encodeRefreshToken(
  { sessionId, family }: RefreshTokenParts,
  secret: Uint8Array,
): string {
  assert(secret.length === SECRET_BYTES, 'a refresh token needs exactly 32 random bytes');
  const suffix = sessionId.slice(ID_PREFIXES.session.length + 1);
  return `nsr_${suffix}.${family}.${base64urlnopad.encode(secret)}`;
}

/** Null for whatever has another form. */
export function parseRefreshToken(text: string): RefreshTokenParts | null {
  const [, suffix = '', family = ''] = FORM.exec(text) ?? [];
  const sessionId = `${ID_PREFIXES.session}_${suffix}`;
  return isId('session', sessionId) ? { sessionId, family } : null;
}

/** What is stored of a family; bound to its session. */
export const hashFamily = ({ sessionId, family }: RefreshTokenParts): string =>
  hashCredential(`${sessionId}.${family}`);
