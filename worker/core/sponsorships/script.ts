/**
 * Which scripts are paid for (money rule M21): a sequence of canonical calls whose contracts and
 * methods are literals and stand in the policy. "Pushes, calls and asserts" would not do, because
 * the target of a call can be what the call before it answered. A transfer that answers `false`
 * halts, does nothing and is charged, so for a simulation every transfer is made to assert.
 */
import { decodeCalls, encodeCalls, type LiteralCall } from '../neo/contract-calls.ts';
import type { Signer } from '../neo/transaction/signer.ts';
import { err, ok, type Result } from '../result.ts';
import { LIMITS } from './limits.ts';
import { names, permits, type SponsoredContract } from './policy.ts';

type ScriptRefusal =
  | 'sponsorships.script_not_canonical'
  | 'sponsorships.too_many_calls'
  | 'sponsorships.call_not_allowed';

/** Precedence: the form of the script, how many calls it has, each call in its order. */
export function checkSponsoredScript(
  script: Uint8Array,
  contracts: readonly SponsoredContract[],
): Result<readonly LiteralCall[], ScriptRefusal> {
  const decoded = decodeCalls(script);
  if (!decoded.ok) {
    const { at, reason } = decoded.malformed;
    return err('sponsorships.script_not_canonical', { detail: `${reason}, at byte ${String(at)}` });
  }
  const calls = decoded.value;
  const limit = LIMITS.sponsoredCallsMax.value;
  if (calls.length > limit)
    return err('sponsorships.too_many_calls', { limit, observed: calls.length });
  const foreign = calls.find(({ contract, method }) => !permits(contracts, contract, method));
  if (foreign === undefined) return ok(calls);
  const detail = `${JSON.stringify(foreign.method)} of ${foreign.contract}`;
  return err('sponsorships.call_not_allowed', { detail });
}

/** NEP-17 has four arguments; NEP-11 three, or five where a token is divisible. */
const TRANSFER_ARGUMENTS: ReadonlySet<number> = new Set([3, 4, 5]);

const isUnasserted = ({ method, args, result }: LiteralCall): boolean =>
  method === 'transfer' && TRANSFER_ARGUMENTS.has(args.length) && result !== 'asserted';

/**
 * The same script with every transfer asserted: it faults where one of them answers anything but
 * true. Null when there is nothing to assert.
 */
export const withTransfersAsserted = (
  calls: readonly LiteralCall[],
): Uint8Array<ArrayBuffer> | null =>
  calls.some(isUnasserted)
    ? encodeCalls(
        calls.map((call) => (isUnasserted(call) ? { ...call, result: 'asserted' } : call)),
      )
    : null;

type ScopeRefusal = 'sponsorships.user_scope_global' | 'sponsorships.user_scope_not_allowed';

/**
 * How far the witness of the user counts: in the entry script, and in contracts that the policy
 * names. With `Global` any contract that is called could act for her.
 */
export function checkUserScopes(
  scopes: Signer['scopes'],
  contracts: readonly SponsoredContract[],
): Result<null, ScopeRefusal> {
  if (scopes === 'Global') return err('sponsorships.user_scope_global');
  const { groups, rules, contracts: named = [] } = scopes;
  const refuse = (detail: string) => err('sponsorships.user_scope_not_allowed', { detail });
  if (groups !== undefined) return refuse('CustomGroups');
  if (rules !== undefined) return refuse('WitnessRules');
  const foreign = named.find((contract) => !names(contracts, contract));
  return foreign === undefined ? ok(null) : refuse(`CustomContracts with ${foreign}`);
}
