/** What a wallet holds, by the word of one node. */
import { NATIVE_CONTRACTS } from '../../core/neo/native-contracts.ts';
import { err, ok } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork, listBalances as listBalancesOf } from '../chain/index.ts';
import type { WalletPlace } from './service.ts';
import { loadWallet } from './store.ts';

const nothingOf = (contract: string, symbol: string, decimals: number) => ({
  contract,
  symbol,
  decimals,
  amount: '0',
  lastUpdatedBlock: null,
});

/** Nodes leave out what an address never had; these two every wallet is asked for. */
const NATIVE_TOKENS = [
  nothingOf(NATIVE_CONTRACTS.GasToken.hash, 'GAS', 8),
  nothingOf(NATIVE_CONTRACTS.NeoToken.hash, 'NEO', 0),
];

export async function listBalances(context: RequestContext, { accountId, walletId }: WalletPlace) {
  const row = await loadWallet(context.db, accountId, walletId);
  if (!row) return err('request.not_found');
  const { network, address } = row;
  const found = findBoundNetwork(context.settings, row);
  if (!found.ok) return found;
  const answer = await listBalancesOf(context, { network, address });
  if (!answer.ok) return answer;
  const { items } = answer.value.body;
  const missing = NATIVE_TOKENS.filter(
    ({ contract }) => !items.some((item) => item.contract === contract),
  );
  const body = { network, address, items: [...items, ...missing] };
  return ok({ status: 200 as const, body });
}
