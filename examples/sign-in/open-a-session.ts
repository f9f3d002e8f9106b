/**
 * Verifies a Neo wallet, signs in with it, continues the session, and shows what becomes of a stolen
 * refresh token. The wallet is one of the program's own, which signs a text as Neo wallets do. The
 * platform must serve a network: see `NEO_NETWORKS`.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/sign-in/open-a-session.ts
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { connect, print, runExample, withAccount } from '../connect.ts';

interface Wallet {
  readonly publicKey: string;
  readonly scriptHash: string;
  readonly signText: (text: string | null) => string;
}

function createWallet(): Wallet {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const publicKey = compressed(pair.publicKey);
  const script = `0c21${publicKey}4156e7b327`;
  const hash = createHash('sha256').update(script, 'hex').digest();
  const account = createHash('ripemd160').update(hash).digest();
  return {
    publicKey,
    scriptHash: `0x${Buffer.from(account.toReversed()).toString('hex')}`,
    signText: (text) =>
      sign('sha256', frameOf(text ?? ''), {
        key: pair.privateKey,
        dsaEncoding: 'ieee-p1363',
      }).toString('hex'),
  };
}

function compressed(publicKey: KeyObject): string {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [left, right] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  const isOdd = (right.at(-1) ?? 0) % 2 === 1;
  return `${isOdd ? '03' : '02'}${left.toString('hex')}`;
}

/** What Neo wallets put around a text, so that it can never be a transaction; ours has over 252 bytes. */
function frameOf(text: string): Buffer {
  const length = Buffer.from([0xfd, 0, 0]);
  length.writeUInt16LE(Buffer.byteLength(text), 1);
  return Buffer.concat([
    Buffer.from('010001f0', 'hex'),
    length,
    Buffer.from(text),
    Buffer.from('0000', 'hex'),
  ]);
}

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
