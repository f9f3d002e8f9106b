/**
 * The folder an instance keeps its data in. One instance at a time: two runtimes on the same SQLite
 * files would each trust their own memory. Only the `storage` folder inside is ever deleted, so
 * that `--state ~ --fresh` costs nobody a home.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from './user-error.ts';

export interface StateFolder {
  readonly storage: string;
  release(): void;
}

const OWNER_ONLY_FOLDER = 0o700;

export function claimStateFolder(
  folder: string,
  { fresh }: { readonly fresh: boolean },
): StateFolder {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const lock = join(folder, 'lock');
  takeLock(lock, folder);
  const storage = join(folder, 'storage');
  if (fresh) rmSync(storage, { recursive: true, force: true });
  return { storage, release: () => rmSync(lock, { force: true }) };
}

function takeLock(lock: string, folder: string): void {
  if (tryLock(lock)) return;
  const holder = Number(readFileSync(lock, 'utf8'));
  if (isAlive(holder)) {
    throw new UserError(
      `Another instance (process ${holder}) keeps its data in ${folder}. ` +
        'Stop it, or choose another folder with --state.',
    );
  }
  // Its process is gone: it was killed before it could clean up.
  rmSync(lock, { force: true });
  if (!tryLock(lock)) throw new UserError(`Another instance is starting in ${folder}.`);
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
