#!/usr/bin/env node
/**
 * * Starts `slctl`. The sources are TypeScript and run by type stripping, which older Nodes lack:
 * there the pinned Node of this project, installed beside it from the lock file, takes over with
 * the same arguments, streams and exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major >= OLDEST_MAJOR) {
  const { runAsProcess } = await import('./src/main.ts');
  await runAsProcess();
} else if (existsSync(pinned) && process.env.SLCTL_PINNED_NODE !== '1') {
  handOver();
} else {
  process.stderr.write(
    `error node.too_old: slctl needs Node ${OLDEST_MAJOR} or newer, this is ${process.version}. ` +
      'Run `npm ci` in the project: it brings the right one.\n',
  );
  process.exitCode = 2;
}

function handOver() {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    // Stops an endless chain should the pinned Node itself be an old one.
    env: { ...process.env, SLCTL_PINNED_NODE: '1' },
  });
  // A terminal sends Ctrl-C to both; the child decides how to end, and its code is ours.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`error node.unstartable: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}
