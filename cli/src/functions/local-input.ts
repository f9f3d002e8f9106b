/** What local runs and replays take from the command line: JSON values, and secrets by name. */
import type { SecretVersion } from '../../../worker/core/functions-runtime/execute.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { usage } from '../failure.ts';
import type { Io } from '../io.ts';
import { parseJsonText, readFlagText } from '../local-file.ts';

/** Null when the flag is absent, as a request without params is. */
export async function readJsonFlag(
  io: Io,
  name: string,
  text: string | undefined,
): Promise<JsonValue> {
  if (text === undefined) return null;
  // JSON.parse gives nothing but JSON values.
  return parseJsonText(await readFlagText(io, text), `--${name}`) as JsonValue;
}

export async function parseSecrets(
  io: Io,
  pairs: readonly string[],
): Promise<readonly SecretVersion[]> {
  const secrets: SecretVersion[] = [];
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    // The pair may hold a value already, so it is not repeated in the message.
    if (at < 1) throw usage('--secret takes NAME=value');
    const name = pair.slice(0, at);
    if (secrets.some((one) => one.name === name)) throw usage(`--secret ${name} is given twice`);
    const value = await readFlagText(io, pair.slice(at + 1));
    secrets.push({ name, value, versionId: `${name}@local` });
  }
  return secrets;
}
