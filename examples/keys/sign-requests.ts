/**
 * Requests that are signed (RFC 9421), and an account that takes no others where money and wallets
 * are concerned: whoever steals an API key alone can read, and change nothing of that kind. The
 * private key is made here, cannot be exported, and is never sent.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/keys/sign-requests.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { connect, print, runExample, withAccount } from '../connect.ts';

async function createSigningKey() {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('Ed25519 keys come in pairs');
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { pair, signingPublicKey: ('x' in jwk && jwk.x) || '' };
}

await runExample(() =>
  withAccount('signatures example', async ({ client, accountId }) => {
    const { pair, signingPublicKey } = await createSigningKey();
    const made = await client.keys.createKey({
      accountId,
      name: 'treasury',
      role: 'admin',
      signingPublicKey,
    });
    print(`${made.id} signs with ${signingPublicKey}`);
    const plain = await client.keys.createKey({ accountId, name: 'backend', role: 'admin' });

    const signing = connect(made.key, pair);
    await signing.accounts.setRequestSignatures({ accountId, requestSignatures: 'required' });
    print('the account requires signatures');

    const wallet = {
      accountId,
      kind: 'evm',
      address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    } as const;
    try {
      // A key that was used within the last 30 seconds might still pass.
      await connect(plain.key).workspaceWallets.createWallet(wallet);
      throw new Error('a request without a signature passed');
    } catch (error) {
      if (!isServiceLayerError(error)) throw error;
      print(`refused without a signature: ${error.code}`);
    }

    const { address } = await signing.workspaceWallets.createWallet(wallet);
    print(`signed: the wallet ${address} is added`);

    await signing.accounts.setRequestSignatures({ accountId, requestSignatures: 'optional' });
    print('signatures are optional again');
  }),
);
