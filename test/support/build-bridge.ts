/**
 * The worker tests talk to the real bridge Worker as a second workerd service; it needs built
 * JavaScript.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { BRIDGE_FOLDER } from './bindings.ts';

export default function buildBridge(): void {
  execFileSync(
    process.execPath,
    [
      'node_modules/wrangler/bin/wrangler.js',
      'deploy',
      '--dry-run',
      '-c',
      'enclave-bridge/wrangler.toml',
      '--outdir',
      resolve(BRIDGE_FOLDER),
    ],
    { stdio: 'pipe', env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' } },
  );
}
