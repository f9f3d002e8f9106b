// A gas account and a first price request for a wallet that joins.
import {
  createOracleRequest,
  currentContext,
  ensureGasAccount,
  failure,
  success,
} from '@service-layer/devpack';

interface Params {
  readonly wallet?: string;
  readonly oracleSourceId?: string;
  readonly pair?: string;
}

export default function (params: Params) {
  const { wallet, oracleSourceId, pair = 'GAS/USD' } = params;
  if (!wallet || !oracleSourceId) return failure('wallet and oracleSourceId are required');
  const account = ensureGasAccount({ wallet });
  const request = createOracleRequest({ dataSourceId: oracleSourceId, payload: { pair } });
  const { functionId } = currentContext();
  return success(
    { account: account.asResult(), request: request.asResult({ pair }) },
    { functionId },
  );
}
