/** A whole transaction in the body of a request: what it says itself has no place beside it. */
import {
  parseBase64Unsigned,
  type UnsignedTransaction,
} from '../../core/neo/transaction/transaction.ts';
import { err, type Failure, ok, type Result } from '../../core/result.ts';

export function parseRaw(text: string): Result<UnsignedTransaction, 'request.malformed'> {
  const decoded = parseBase64Unsigned(text);
  if (decoded.ok) return ok(decoded.value);
  const fields = [{ pointer: '/raw', detail: decoded.malformed.reason }];
  return err('request.malformed', { fields });
}

/** What is sent and how far its witness counts: every whole transaction says that. */
export const SCRIPT_FIELDS = [
  'script',
  'calls',
  'scopes',
  'allowedContracts',
  'allowedGroups',
  'rules',
] as const;

/** Null where none of them is given. */
export function refuseBesideRaw<Name extends string>(
  request: { readonly [Field in Name]?: unknown },
  names: readonly Name[],
): { readonly ok: false; readonly failure: Failure<'request.malformed'> } | null {
  const fields = names
    .filter((name) => request[name] !== undefined)
    .map((name) => ({ pointer: `/${name}`, detail: 'has no place beside raw' }));
  return fields.length === 0 ? null : { ok: false, failure: { code: 'request.malformed', fields } };
}
