/**
 * When a request must be signed, and whether a signature is of now. An account decides whether the
 * operations that move money, wallets or what leads to them need a signature. An operator's token
 * has no signing key: it does nothing of that kind in an account that requires signatures, but may
 * set the account back, on record.
 */
import { err, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';

/** What an account asks of its callers. */
export const SIGNATURE_RULES = ['optional', 'required'] as const;
export type SignatureRule = (typeof SIGNATURE_RULES)[number];

/** What an operation asks: a signature where the account requires them, always, or never. */
export type SignatureNeed = 'where_required' | 'always' | 'never';

export function decideNeed(request: {
  readonly need: SignatureNeed;
  readonly rule: SignatureRule;
  readonly isOperator: boolean;
}): Result<{ readonly isNeeded: boolean }, 'signature.required'> {
  const { need, rule, isOperator } = request;
  const isRequired = need === 'where_required' && rule === 'required';
  if (isOperator && isRequired)
    return err('signature.required', {
      detail:
        "The account requires signatures, and an operator's token gives none. Its " +
        '`requestSignatures` must be `optional` first.',
    });
  return ok({ isNeeded: !isOperator && (isRequired || need === 'always') });
}

/** Whole seconds since the epoch. */
export interface SignatureTimes {
  readonly created: number;
  readonly expires: number | null;
}

export function decideTimes(
  { created, expires }: SignatureTimes,
  now: number,
): Result<null, 'signature.stale'> {
  const seconds = Math.floor(now / 1000);
  const { requestSignatureSeconds: window, requestSignatureSkewSeconds: skew } = LIMITS;
  const stale = (detail: string) => err('signature.stale', { detail });
  if (created > seconds + skew.value)
    return stale(
      `\`created\` is ${created - seconds} seconds in the future; here it is ${seconds}.`,
    );
  if (created + window.value < seconds)
    return stale(
      `\`created\` is ${seconds - created} seconds ago, of ${window.value}; here it is ${seconds}.`,
    );
  if (expires !== null && expires < seconds)
    return stale(`It was to be used until ${expires}; here it is ${seconds}.`);
  return ok(null);
}
