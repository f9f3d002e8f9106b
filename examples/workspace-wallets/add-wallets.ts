/**
 * Adds a Neo and an EVM wallet to an account, finds them again under any spelling, and shows that no
 * approval policy rests on wallets whose owners have not signed yet.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/workspace-wallets/add-wallets.ts
 */
import { isServiceLayerError, paginate } from '../../sdk/src/index.ts';
import { print, runExample, withAccount } from '../connect.ts';

const NEO = 'NNLi44dJNXtDNSBkofB48aTVYtb1zZrNEs';
const EVM = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

await runExample(() =>
  withAccount('wallets example', async ({ client, accountId }) => {
    const { workspaceWallets } = client;
    const treasury = await workspaceWallets.createWallet({
      accountId,
      kind: 'neo',
      address: NEO,
      label: 'Treasury',
    });
    print(`Neo wallet ${treasury.address}, script hash ${treasury.scriptHash}`);

    // Small letters are one spelling of the same address; the answer has its EIP-55 checksum.
    const address = EVM.toLowerCase();
    const bridge = await workspaceWallets.createWallet({ accountId, kind: 'evm', address });
    print(`EVM wallet ${bridge.address}`);

    try {
      await workspaceWallets.createWallet({ accountId, kind: 'evm', address: EVM });
      throw new Error('one wallet was added twice');
    } catch (error) {
      if (!isServiceLayerError(error, 'wallets.address_taken')) throw error;
      print('refused: the wallet is there already');
    }

    try {
      await workspaceWallets.setPolicy({ accountId, threshold: 1, members: [treasury.id] });
      throw new Error('a policy rests on a wallet that nobody has verified');
    } catch (error) {
      if (!isServiceLayerError(error, 'wallets.policy_unverified')) throw error;
      print('refused: a policy needs verified wallets');
    }

    const listed: string[] = [];
    for await (const { kind, label, status } of paginate(workspaceWallets.listWallets, {
      accountId,
    }))
      listed.push(`${label ?? kind} (${status})`);
    print(`wallets: ${listed.join(', ')}`);
  }),
);
