/** How to deposit to a gas account: what a wallet calls, and a page for people (money rule M18). */
import { and, eq, type SQL } from 'drizzle-orm';
import { formatGas, fromStored, parseGas } from '../../core/money.ts';
import { encodeAddress, parseAddress } from '../../core/neo/address.ts';
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import { parseScriptHash, type ScriptHash } from '../../core/neo/script-hash.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { gasAccounts } from '../gasbank/index.ts';
import { renderDepositPage } from './deposit-page.ts';
import { DEPOSIT_SCRIPT } from './deposit-script.ts';
import { vaults } from './tables.ts';

const GAS = NATIVE_CONTRACTS.GasToken.hash;

export interface DepositPlace {
  readonly gasAccountId: string;
  readonly network: string;
  readonly networkMagic: number;
  readonly vault: ScriptHash;
  readonly address: string;
  /** Decimal GAS. */
  readonly minimumDeposit: string;
  readonly data: string;
  readonly uri: string;
  readonly page: string;
}

export async function getDepositInstructions(
  context: RequestContext,
  { accountId, gasAccountId }: { readonly accountId: string; readonly gasAccountId: string },
  query: { readonly from?: string | undefined; readonly amount?: string | undefined },
) {
  const own = eq(gasAccounts.accountId, accountId);
  const place = await loadPlace(context, gasAccountId, own);
  if (!place.ok) return place;
  const payment = parsePayment(query);
  if (!payment.ok) return payment;
  const invocation = payment.value && invocationOf(place.value, payment.value);
  return ok({ status: 200 as const, body: { ...place.value, invocation } });
}

interface Payment {
  readonly from: ScriptHash;
  readonly amount: bigint;
}

/** Null unless both are given. */
function parsePayment(query: {
  readonly from?: string | undefined;
  readonly amount?: string | undefined;
}): Result<Payment | null, 'request.malformed'> {
  if (query.from === undefined || query.amount === undefined) return ok(null);
  const from = query.from.startsWith('0x') ? parseScriptHash(query.from) : parseAddress(query.from);
  if (from === null)
    return err('request.malformed', {
      fields: [{ pointer: 'query/from', detail: 'is neither an address nor a script hash' }],
    });
  const amount = parseGas(query.amount, 'query/amount');
  return amount.ok ? ok({ from, amount: amount.value }) : amount;
}

const invocationOf = ({ vault, data }: DepositPlace, { from, amount }: Payment) => ({
  hash: GAS,
  operation: 'transfer' as const,
  args: [
    { type: 'Hash160', value: from },
    { type: 'Hash160', value: vault },
    { type: 'Integer', value: String(amount) },
    { type: 'String', value: data },
  ],
});

/** The gas account and the vault of its network, by one question. */
async function loadPlace(
  { db }: RequestContext,
  gasAccountId: string,
  also: SQL,
): Promise<Result<DepositPlace, 'request.not_found' | 'vaults.vault_absent'>> {
  const [row] = await db
    .select({ network: gasAccounts.network, networkMagic: gasAccounts.networkMagic, vault: vaults })
    .from(gasAccounts)
    .leftJoin(vaults, eq(vaults.networkMagic, gasAccounts.networkMagic))
    .where(and(eq(gasAccounts.gasAccountId, gasAccountId), also));
  if (!row) return err('request.not_found');
  const { network, networkMagic, vault } = row;
  if (!vault) return err('vaults.vault_absent');
  const address = encodeAddress(vault.contract);
  return ok({
    gasAccountId,
    network,
    networkMagic,
    vault: vault.contract,
    address,
    minimumDeposit: formatGas(fromStored(vault.minimumDeposit)),
    data: gasAccountId,
    uri: `neo:${address}?asset=${GAS.slice(2)}`,
    page: `/deposit/${gasAccountId}`,
  });
}

/** Nothing here loads from elsewhere, and nothing but the script of this page runs. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

/** A closed account has no page: what is sent to it lies in suspense. */
export async function getDepositPage(context: RequestContext, gasAccountId: string) {
  const place = await loadPlace(context, gasAccountId, eq(gasAccounts.status, 'open'));
  if (!place.ok) return place;
  const headers = { 'content-security-policy': PAGE_POLICY };
  return ok({ status: 200 as const, body: renderDepositPage(place.value), headers });
}

export const getDepositScript = async () => ok({ status: 200 as const, body: DEPOSIT_SCRIPT });
