/**
 * What a run needs of the catalogue: the active version and the account's quotas, in one D1 query when the version is
 * known to this isolate. Versions never change, so remembering them needs no expiry, only a bound in bytes.
 */
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../db/connect.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../accounts/index.ts';
import { loadRunnable, loadVersion, type VersionRow } from './store.ts';

export interface Runnable {
  readonly version: VersionRow;
  readonly quotas: Quotas;
}

/** 64 of the largest sources, thousands of usual ones. */
const REMEMBERED_BYTES_MAX = 16 * 1_048_576;
const remembered = new Map<string, VersionRow>();
let rememberedBytes = 0;

export async function findRunnable(
  db: Database,
  accountId: string,
  functionId: string,
): Promise<Result<Runnable, 'request.not_found' | 'functions.not_deployed'>> {
  const row = await loadRunnable(db, accountId, functionId);
  if (!row) return err('request.not_found');
  if (row.active_version_id === null) return err('functions.not_deployed');
  const version = await findVersion(db, accountId, row.active_version_id);
  if (!version) return err('functions.not_deployed');
  const changed = JSON.parse(row.quotas) as Partial<Quotas>;
  return ok({ version, quotas: { ...DEFAULT_QUOTAS, ...changed } });
}

/** The version with its source, by id; only ever one of this account. */
export async function findVersion(
  db: Database,
  accountId: string,
  versionId: string,
): Promise<VersionRow | undefined> {
  const earlier = remembered.get(versionId);
  if (earlier) return earlier.accountId === accountId ? earlier : undefined;
  const version = await loadVersion(db, accountId, versionId);
  if (version) remember(version);
  return version;
}

function remember(version: VersionRow): void {
  remembered.set(version.versionId, version);
  rememberedBytes += version.sourceBytes;
  for (const [oldest, { sourceBytes }] of remembered) {
    if (rememberedBytes <= REMEMBERED_BYTES_MAX) return;
    remembered.delete(oldest);
    rememberedBytes -= sourceBytes;
  }
}
