/**
 * The variables each Worker is given: those of its wrangler.toml, over them its `.dev.vars`, over
 * them the environment. Only declared settings are taken from the environment, each by the Worker
 * that declares it, so that a key of the bridge that stands there never reaches the API Worker.
 */
import { settingsSchema as bridgeSettings } from '../../enclave-bridge/env.ts';
import { settingsSchema as apiSettings } from '../../worker/env.ts';
import type { Variables } from './credentials.ts';

export const SETTING_NAMES = {
  api: Object.keys(apiSettings.shape),
  bridge: Object.keys(bridgeSettings.shape),
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An empty value counts as absent: that is what compose files and CI systems write for "not set".
 */
export function pickSettings(names: readonly string[], env: Environment): Variables {
  const picked = names.map((name) => [name, env[name]] as const);
  return Object.fromEntries(picked.filter((entry): entry is [string, string] => Boolean(entry[1])));
}
