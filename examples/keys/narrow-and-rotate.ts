/**
 * Makes a key that can only run functions, finds that it can do nothing else, rotates it without an
 * outage and revokes it. A key is shown once: the platform keeps its hash.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=<an operator's token> \
 *     node examples/keys/narrow-and-rotate.ts
 */
import { isServiceLayerError } from '../../sdk/src/index.ts';
import { connect, print, runExample, withAccount } from '../connect.ts';

await runExample(() =>
  withAccount('keys example', async ({ client, accountId }) => {
    const first = await client.keys.createKey({
      accountId,
      name: 'backend',
      scopes: ['functions:execute', 'executions:read'],
      expiresInSeconds: 30 * 86_400,
    });
    print(`made ${first.id} with ${first.scopes.join(' and ')}`);

    const narrow = connect(first.key);
    try {
      await narrow.secrets.listSecrets({ accountId });
      throw new Error('a key without the scope read the list of secrets');
    } catch (error) {
      if (!isServiceLayerError(error, 'request.forbidden')) throw error;
      print('refused: it may not read secrets');
    }

    // For an hour both work, so that a program can change over without an outage.
    const second = await client.keys.rotateKey({
      accountId,
      keyId: first.id,
      overlapSeconds: 3_600,
    });
    const older = await client.keys.getKey({ accountId, keyId: first.id });
    print(`rotated to ${second.id}; the older one is ${older.status}`);
    await connect(second.key).executions.listExecutions({ accountId });

    await client.keys.revokeKey({ accountId, keyId: second.id });
    const { status } = await client.keys.getKey({ accountId, keyId: second.id });
    print(`the new one is ${status}`);
  }),
);
