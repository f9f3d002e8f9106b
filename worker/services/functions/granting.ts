/**
 * Who may give a function which modules. The attack: a key that may deploy code, and may not decide
 * about the money of the account, deploys code that does. So what submits transactions is given by
 * whoever may create them, with every version: new code is as good as a new grant. The gas bank was
 * in the modules of functions before it moved anything, so what its actions may do is kept beside
 * them: as much as whoever made the version or deployed it, and of versions of before nothing.
 */
import type { Principal, Scope } from '../../core/access.ts';
import {
  DEVPACK_MODULES,
  type DevpackModule,
  MODULES_BEFORE_CHAIN,
} from '../../core/functions-runtime/permissions.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Permissions } from './tables.ts';

const SPENDING: DevpackModule = 'chain';

const GAS_SCOPES: readonly Scope[] = ['gasbank:read', 'gasbank:write', 'withdrawals:write'];

const maySpend = (principal: Principal): boolean =>
  !('scopes' in principal) || principal.scopes.includes('transactions:write');

/** With the modules written out, so that a module to come is given to nothing that is there. */
export const grant = ({ modules, httpHosts }: Permissions, principal: Principal): Permissions => ({
  modules: modules ?? (maySpend(principal) ? DEVPACK_MODULES : MODULES_BEFORE_CHAIN),
  ...(httpHosts === undefined ? {} : { httpHosts }),
});

/** Asked of every version that is made, whoever gave the one before it its modules. */
export function checkGranter(
  principal: Principal,
  { modules = [] }: Permissions,
): Result<null, 'request.forbidden'> {
  return maySpend(principal) || !modules.includes(SPENDING)
    ? ok(null)
    : err('request.forbidden', {
        detail: 'A function with the module `chain` needs the scope transactions:write.',
      });
}

/** Deploying adds what its author may do, and takes nothing away. */
export const gasScopesWith = (
  principal: Principal,
  before: readonly Scope[] = [],
): readonly Scope[] =>
  GAS_SCOPES.filter(
    (scope) =>
      before.includes(scope) || !('scopes' in principal) || principal.scopes.includes(scope),
  );
