/**
 * Verifies a Neo wallet, signs in with it, continues the session, and shows what becomes of a stolen
 * refresh token. The wallet is one of the program's own, which signs a text as Neo wallets do. The
 * platform must serve a network: see `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/sign-in/open-a-session.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { connect, print, runExample, withAccount } from '../connect.ts';
import { createWallet } from '../neo-wallet.ts';

await runExample(() =>
  withAccount('sign-in example', async ({ client, accountId }) => {
    const { workspaceWallets } = client;
    const wallet = createWallet();
    const { publicKey } = wallet;
    const added = await workspaceWallets.createWallet({
      accountId,
      kind: 'neo',
      address: wallet.scriptHash,
    });
    const place = { accountId, walletId: added.id };
    const asked = await workspaceWallets.createChallenge(place);
    const signature = wallet.signText(asked.text);
    const answer = { challengeId: asked.id, publicKey, signature };
    const verified = await workspaceWallets.verifyWallet({ ...place, ...answer });
    print(`wallet ${verified.address} is ${verified.status}`);

    // From here on nobody needs the key of the account: the wallet is enough.
    const { network, address } = asked;
    const challenge = await client.signIn.createChallenge({ network, address });
    print((challenge.text ?? '').split('\n').slice(0, 1).join());
    const signedIn = await client.signIn.createSession({
      challengeId: challenge.id,
      publicKey,
      signature: wallet.signText(challenge.text),
    });
    const own = connect(signedIn.accessToken);
    const { caller } = await own.system.getStatus();
    print(`signed in as a ${caller.kind} with ${caller.scopes.length} scopes`);

    const stolen = signedIn.refreshToken;
    await client.sessions.refreshSession({ refreshToken: stolen });
    print('continued: the refresh token has been used');
    try {
      await client.sessions.refreshSession({ refreshToken: stolen });
      throw new Error('a refresh token was used twice');
    } catch (error) {
      if (!isServiceLayerError(error, 'sessions.refresh_refused')) throw error;
    }
    const { items } = await client.sessions.listSessions({ accountId });
    print(`used twice: the session is ${items[0]?.status}, ${items[0]?.endReason}`);
  }),
);
