/**
 * How the scripts call Wrangler: the pinned one, quiet, without telemetry or a look-up of the
 * network.
 */
import { join } from 'node:path';

export const QUIET_WRANGLER: Readonly<Record<string, string>> = {
  WRANGLER_SEND_METRICS: 'false',
  // Without it Wrangler asks workers.cloudflare.com for sample request properties and warns when
  // offline.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_WRITE_LOGS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
};

/** `CI` makes Wrangler ask nothing on the terminal. */
export function wranglerEnv(): NodeJS.ProcessEnv {
  return { ...process.env, ...QUIET_WRANGLER, CI: '1' };
}

export function wranglerCommand(root: string): {
  readonly command: string;
  readonly prefix: readonly string[];
} {
  const script = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  return { command: process.execPath, prefix: [script] };
}
