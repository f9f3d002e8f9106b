/**
 * Reads Wycheproof test groups from the workspace beside the repository; undefined where they are
 * absent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export type WycheproofGroup<Case, Facts> = Facts & { readonly tests: readonly Case[] };

export function readWycheproof<Case, Facts = object>(
  fileName: string,
): readonly WycheproofGroup<Case, Facts>[] | undefined {
  const path = resolve('../shared/vectors/wycheproof', fileName);
  if (!existsSync(path)) {
    console.warn(`skipped: the Wycheproof vectors ${fileName} are not beside the repository`);
    return undefined;
  }
  const file = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly testGroups: readonly WycheproofGroup<Case, Facts>[];
  };
  return file.testGroups;
}
