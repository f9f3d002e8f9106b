/**
 * Who may give a function which modules. The attack: a key that may deploy code, and may not decide
 * about the money of the account, deploys code that does. So what submits transactions is given by
 * whoever may create them, with every version: new code is as good as a new grant.
 */
import type { Principal } from '../../core/access.ts';
import {
  DEVPACK_MODULES,
  type DevpackModule,
  MODULES_BEFORE_CHAIN,
} from '../../core/functions-runtime/permissions.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Permissions } from './tables.ts';

const SPENDING: DevpackModule = 'chain';

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
