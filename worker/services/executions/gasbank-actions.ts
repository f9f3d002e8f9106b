/**
 * The actions of `Devpack.gasBank` that open gas accounts of the own account and look into them. An
 * order that is given again after its runner died finds the gas account by its name.
 */
import * as z from 'zod';
import { MAIN } from '../../core/ledger/book.ts';
import { fundOfWallet } from '../../core/ledger/wallet-fund.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { createGasAccount } from '../gasbank/index.ts';
import type { RunDeps } from './deps.ts';
import {
  authorOf,
  type Call,
  findByFund,
  findPlace,
  given,
  nameNetwork,
  type Place,
  performer,
  place,
  show,
} from './gasbank-calls.ts';

/** As long as the label of a gas account may be. */
const LABEL_CHARS_MAX = 128;

const ensureSchema = z.object({ wallet: given, network: given });

const ensureAccount = async (
  call: Call<z.output<typeof ensureSchema>>,
): Promise<Result<object>> => {
  const { wallet, network } = call.params;
  const fund = wallet === undefined ? MAIN : fundOfWallet(wallet);
  const known = await findByFund(call, { fund, network });
  if (!known.ok) return known;
  if (known.value) return show(call.deps, known.value);
  const chosen = chooseNetwork(call.deps, network);
  if (!chosen.ok) return chosen;
  const { settings } = call.deps;
  const context = { ...authorOf(call, 'gasbank.createGasAccount'), settings };
  const made = await createGasAccount(context, call.accountId, {
    network: chosen.value,
    name: fund,
    ...(wallet === undefined ? {} : { label: wallet.slice(0, LABEL_CHARS_MAX) }),
    minimumBalance: '0',
  });
  // Another order was faster, or this one came before: the name has one gas account.
  if (!made.ok && made.failure.code !== 'gasbank.fund_exists') return made;
  const opened = await findByFund(call, { fund, network: chosen.value });
  if (!opened.ok) return opened;
  return opened.value ? show(call.deps, opened.value) : err('gasbank.gas_account_closed');
};

function chooseNetwork(
  { settings }: RunDeps,
  named: string | undefined,
): Result<string, 'functions.call_invalid' | 'chain.network_unknown'> {
  if (named !== undefined) return ok(named);
  const ids = settings.NEO_NETWORKS.map(({ id }) => id);
  const [only, ...others] = ids;
  if (only === undefined)
    return err('chain.network_unknown', { detail: 'No Neo network is configured here' });
  return others.length === 0 ? ok(only) : nameNetwork(ids);
}

const balance = async (call: Call<Place>): Promise<Result<object>> => {
  const row = await findPlace(call, 'gasbank.balance');
  return row.ok ? show(call.deps, row.value) : row;
};

export const ensureGasAccount = performer({
  scope: 'gasbank:write',
  schema: ensureSchema,
  act: ensureAccount,
});

export const readGasBalance = performer({
  scope: 'gasbank:read',
  schema: z.object(place),
  act: balance,
});
