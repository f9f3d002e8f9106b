/**
 * Reads Neo test vectors from the workspace beside the repository; undefined where they are absent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export function readNeoVectors<Vectors>(fileName: string): Vectors | undefined {
  const path = resolve('../shared/vectors/neo', fileName);
  if (!existsSync(path)) {
    console.warn(`skipped: the Neo vectors ${fileName} are not beside the repository`);
    return undefined;
  }
  // The file's own form; a wrong one fails the tests that read it.
  return JSON.parse(readFileSync(path, 'utf8')) as Vectors;
}
