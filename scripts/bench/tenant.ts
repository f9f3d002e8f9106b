/** Opens the account that the requests of the bench belong to, through the API like anybody. */
import type { Tenant } from './comparisons.ts';
import { openApi } from './json-api.ts';
import type { ServedProduct } from './served-product.ts';

export async function openTenant({ origin, token }: ServedProduct): Promise<Tenant> {
  const ask = openApi({ origin, token });
  const accountId = String((await ask('POST', '/accounts', { name: 'Bench' })).id);
  const keys = `/accounts/${accountId}/keys`;
  const { key } = await ask('POST', keys, { name: 'bench', role: 'admin' });
  const { id: functionId } = await ask('POST', `/accounts/${accountId}/functions`, {
    name: 'empty',
    runtime: 'javascript',
    source: '() => null',
  });
  return {
    origin,
    operatorToken: token,
    accountId,
    apiKey: String(key),
    functionId: String(functionId),
  };
}
