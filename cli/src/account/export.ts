/** Reads a whole account through the API into one file. Reads only: an export changes nothing. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { requireAccount, type Session } from '../context.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { isRow, type Row } from '../output/cell.ts';
import { unexpected } from '../pages.ts';
import { isMissing, writePrivate } from '../profile.ts';
import type { AccountFile, ExportedFunction } from './bundle-format.ts';

export interface ExportResult {
  readonly path: string;
  readonly exportId: string;
  readonly wallets: number;
  readonly secrets: number;
  readonly functions: number;
  readonly versions: number;
}

export async function exportAccount(
  session: Session,
  target: string,
  given: string | undefined,
): Promise<ExportResult> {
  const accountId = requireAccount(session, given);
  const file = await readAccount(session, accountId);
  const path = (await isFolder(target)) ? join(target, `${accountId}.json`) : target;
  // Sources are the tenant's own property: readable by nobody else on this machine.
  await writePrivate(path, `${JSON.stringify(file, null, 2)}\n`);
  return {
    path,
    exportId: file.exportId,
    wallets: file.wallets.length,
    secrets: file.secrets.length,
    functions: file.functions.length,
    versions: file.functions.reduce((sum, { versions }) => sum + versions.length, 0),
  };
}

async function readAccount(session: Session, accountId: string): Promise<AccountFile> {
  const rows = async (id: string): Promise<Row[]> =>
    (await session.list(id, { accountId })).filter(isRow);
  const functions: ExportedFunction[] = [];
  for (const one of await rows('functions.listFunctions'))
    functions.push(await readFunction(session, accountId, one));
  return {
    formatVersion: 1,
    exportId: randomUUID(),
    exportedAt: new Date(session.io.now()).toISOString(),
    from: session.connection.addr,
    account: await readRow(session, 'accounts.getAccount', { accountId }),
    quotas: await readOptional(session, 'accounts.getQuotas', { accountId }),
    wallets: await rows('workspaceWallets.listWallets'),
    policy: await readOptional(session, 'workspaceWallets.getPolicy', { accountId }),
    secrets: await rows('secrets.listSecrets'),
    functions,
  };
}

async function readFunction(
  session: Session,
  accountId: string,
  one: Row,
): Promise<ExportedFunction> {
  const functionId = one.id;
  const listed = await session.list('functions.listVersions', { accountId, functionId });
  const versions: Row[] = [];
  for (const { id: versionId } of listed.filter(isRow))
    versions.push(
      await readRow(session, 'functions.getVersion', { accountId, functionId, versionId }),
    );
  versions.sort((a, b) => Number(a.number) - Number(b.number));
  return { function: one, versions };
}

async function readRow(session: Session, id: string, input: Row): Promise<Row> {
  const { body } = await session.call(id, input);
  if (isRow(body)) return body;
  throw unexpected(`the answer of ${id} is not an object`);
}

/**
 * Not every account has one, and not every key may read it; the rest of the export is worth having
 * all the same.
 */
async function readOptional(session: Session, id: string, input: Row): Promise<Row | null> {
  try {
    return await readRow(session, id, input);
  } catch (error) {
    const code = error instanceof CliFailure ? error.facts.exitCode : undefined;
    if (code === EXIT.notFound || code === EXIT.denied) return null;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
