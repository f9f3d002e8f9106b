/**
 * What the actions of `Devpack.gasBank` have alike: whose right they use, and which gas account of the
 * own account they are about. A function of the earlier platform names a gas account by a wallet: here
 * it is the one of that name (core/ledger/wallet-fund.ts), and `gasAccountId` names any of the account.
 * What is null counts as not given.
 */
import * as z from 'zod';
import type { Scope } from '../../core/access.ts';
import type { JsonValue } from '../../core/functions-runtime/json-text.ts';
import { fundOfWallet } from '../../core/ledger/wallet-fund.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Author } from '../../http/commit.ts';
import { loadGasScopes } from '../functions/index.ts';
import {
  balancesOf,
  type GasAccountRow,
  listGasAccountsOf,
  loadGasAccount,
  toBalances,
  toGasAccount,
} from '../gasbank/index.ts';
import { failed, malformed } from './action-failure.ts';
import { type ActionOrder, journalOf, type Performer, type RunDeps } from './deps.ts';

/** Free text of a user, and nothing that would flood a log. */
const TEXT_CHARS_MAX = 200;

export const given = z
  .string()
  .max(TEXT_CHARS_MAX)
  .nullish()
  .transform((text) => (text === null || text === '' ? undefined : text));

export const place = { gasAccountId: given, wallet: given, network: given };

export interface Call<Params> {
  readonly deps: RunDeps;
  readonly accountId: string;
  /** Of the action: the id of its effect. */
  readonly id: string;
  readonly params: Params;
}

interface Action<Schema extends z.ZodType> {
  readonly scope: Scope;
  readonly schema: Schema;
  readonly act: (call: Call<z.output<Schema>>) => Promise<Result<object>>;
}

export const performer =
  <Schema extends z.ZodType>({ scope, schema, act }: Action<Schema>): Performer =>
  async (deps, order) => {
    const allowed = await checkScope(deps, order, scope);
    if (!allowed.ok) return failed(allowed.failure);
    const parsed = schema.safeParse(order.params ?? {});
    if (!parsed.success) return failed(malformed(parsed.error).failure);
    const { accountId, id } = order;
    const done = await act({ deps, accountId, id, params: parsed.data });
    if (!done.ok) return failed(done.failure);
    // Bodies of answers, which are JSON; their types have no index signature.
    return { outcome: 'succeeded', result: done.value as JsonValue };
  };

/**
 * The attack: a key that may deploy code, and may not decide about the money of the account, deploys
 * code that does. So an action may do what whoever gave the account this version may do.
 */
async function checkScope(
  deps: RunDeps,
  { accountId, id }: ActionOrder,
  scope: Scope,
): Promise<Result<null>> {
  const execution = await journalOf(deps, accountId).getExecution(executionOf(id));
  if (!execution.ok) return execution;
  const scopes = await loadGasScopes(deps.db, accountId, execution.value.versionId);
  return scopes.includes(scope)
    ? ok(null)
    : err('request.forbidden', {
        detail: `The version was made and deployed without the scope ${scope}; deploy it with a key that has it.`,
      });
}

const executionOf = (actionId: string): string => actionId.split(':')[0] ?? actionId;

/** The execution itself: who ordered it, the execution tells. */
export const authorOf = ({ deps, id }: Call<unknown>, operationId: string): Author => ({
  env: deps.env,
  db: deps.db,
  now: Date.now(),
  operationId,
  actor: { kind: 'system', id: executionOf(id) },
});

interface ByFund {
  readonly fund: string;
  readonly network: string | undefined;
}

/** Undefined where there is none that is open; more than one network has to be told apart. */
export async function findByFund(
  { deps, accountId }: Call<unknown>,
  { fund, network }: ByFund,
): Promise<Result<GasAccountRow | undefined, 'functions.call_invalid'>> {
  const rows = await listGasAccountsOf(deps.db, accountId);
  const found = rows.filter(
    (row) =>
      row.fund === fund &&
      row.status === 'open' &&
      (network === undefined || row.network === network),
  );
  return found.length > 1 ? nameNetwork(found.map((row) => row.network)) : ok(found[0]);
}

export const nameNetwork = (networks: readonly string[]) =>
  err('functions.call_invalid', { detail: `Name one of the networks ${networks.join(', ')}` });

export interface Place {
  readonly gasAccountId: string | undefined;
  readonly wallet: string | undefined;
  readonly network: string | undefined;
}

/** Params are not repeated: the reason is kept where the params of a run may not be. */
const NO_SUCH_ID = 'The account has no gas account of this id';
const NOT_ENSURED = 'The wallet has no gas account; ensureAccount opens it';

/** The one that an action is about. */
export async function findPlace(call: Call<Place>, action: string): Promise<Result<GasAccountRow>> {
  const { gasAccountId, wallet, network } = call.params;
  if (gasAccountId !== undefined) {
    const row = await loadGasAccount(call.deps.db, call.accountId, gasAccountId);
    return row ? ok(row) : err('gasbank.fund_not_found', { detail: NO_SUCH_ID });
  }
  if (wallet === undefined)
    return err('functions.call_invalid', { detail: `${action} requires gasAccountId or wallet` });
  const found = await findByFund(call, { fund: fundOfWallet(wallet), network });
  if (!found.ok) return found;
  return found.value ? ok(found.value) : err('gasbank.fund_not_found', { detail: NOT_ENSURED });
}

export async function show({ env }: RunDeps, row: GasAccountRow): Promise<Result<object>> {
  const balances = toBalances(await balancesOf(env, row));
  return ok({ account: { ...toGasAccount(row), ...balances } });
}
