/**
 * Rotates every secret that reaches its maximum age within a week. Each gets 32 random bytes as its new value; in life
 * the new value is first given to whoever checks it. The older version stays open to replays for a day.
 *
 *   SERVICE_LAYER_ADDR=http://127.0.0.1:8787 SERVICE_LAYER_TOKEN=nsl_... ACCOUNT_ID=acc_... \
 *     node examples/secrets/rotate-due-secrets.ts
 *
 * The key needs the scopes secrets:read and secrets:write, and never sees a value: nothing gives one back.
 */
import { type Client, createClient, paginate } from '../../sdk/src/index.ts';

const WEEK_MS = 7 * 86_400_000;
const GRACE_SECONDS = 86_400;

export async function rotateDueSecrets(
  client: Client,
  accountId: string,
): Promise<readonly string[]> {
  const dueBefore = new Date(Date.now() + WEEK_MS).toISOString();
  const rotated: string[] = [];
  for await (const { name } of paginate(client.secrets.listSecrets, { accountId, dueBefore })) {
    // Read with its ETag, so that a colleague who rotates it at the same moment is not overwritten.
    const { etag } = await client.call('secrets.getSecret', { accountId, name });
    await client.secrets.updateSecret(
      { accountId, name, value: makeValue(), graceSeconds: GRACE_SECONDS },
      { ifMatch: etag },
    );
    rotated.push(name);
  }
  return rotated;
}

const makeValue = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

if (import.meta.main) {
  const { SERVICE_LAYER_ADDR: baseUrl = '', SERVICE_LAYER_TOKEN: token, ACCOUNT_ID } = process.env;
  const rotated = await rotateDueSecrets(createClient({ baseUrl, token }), ACCOUNT_ID ?? '');
  process.stdout.write(`rotated ${rotated.length}: ${rotated.join(', ')}\n`);
}
