/**
 * Reads Neo test vectors from the workspace beside the repository; undefined where they are absent.
 * A test casts them to the file's own form; a wrong one fails it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export function readNeoVectors(fileName: string): unknown {
  const path = resolve('../shared/vectors/neo', fileName);
  if (!existsSync(path)) {
    console.warn(`skipped: the Neo vectors ${fileName} are not beside the repository`);
    return undefined;
  }
  return JSON.parse(readFileSync(path, 'utf8'));
}
