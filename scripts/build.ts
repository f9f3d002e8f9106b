/**
 * Builds both Workers as `npm start` serves them and prints their folders. For looking at a bundle,
 * or to build ahead of a start that has to be quick.
 */
import { dirname } from 'node:path';
import { buildBundles } from './serve/bundles.ts';
import { endWith } from './serve/user-error.ts';

try {
  const { api, bridge } = await buildBundles(dirname(import.meta.dirname));
  process.stdout.write(`${api.folder}\n${bridge.folder}\n`);
} catch (error) {
  endWith(error);
}
