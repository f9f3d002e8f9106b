/** Opens the account that the requests of the bench belong to, through the API like anybody. */
import type { Tenant } from './comparisons.ts';
import type { ServedProduct } from './served-product.ts';

export async function openTenant({ origin, token }: ServedProduct): Promise<Tenant> {
  const post = async (path: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${text}`);
    // Every 2xx answer of the contract with a body is a JSON object.
    return JSON.parse(text) as Record<string, unknown>;
  };
  const accountId = String((await post('/accounts', { name: 'Bench' })).id);
  const { key } = await post(`/accounts/${accountId}/keys`, { name: 'bench', role: 'admin' });
  const { id: functionId } = await post(`/accounts/${accountId}/functions`, {
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
