/**
 * * `slctl functions deploy`: one file becomes the running version of one function, made when there
 * is none of that name. Running it again with the same file changes nothing that the platform would
 * not call the same version.
 */

import { callOf, type FlatInput, findCommand } from '../call.ts';
import { requireAccount, type Session } from '../context.ts';
import { CliFailure, EXIT, usage } from '../failure.ts';
import { isRow, type Row } from '../output/cell.ts';
import { eachPage } from '../pages.ts';
import { bundleFunction } from './bundle.ts';

export interface Deployment {
  readonly file: string;
  readonly name: string;
  readonly accountId: string | undefined;
  /** Fields of the function beside its source, by the names of the contract. */
  readonly fields: FlatInput;
  /** False: a version of a function that exists is made and left to be deployed later. */
  readonly activate: boolean;
}

export async function deployFunction(session: Session, deployment: Deployment): Promise<unknown> {
  const { name, fields } = deployment;
  const accountId = requireAccount(session, deployment.accountId);
  const { source, bundled } = await bundleFunction(deployment.file);
  await assertSize(session, source, bundled);
  const known = await findFunction(session, { accountId, name });
  const input = { accountId, ...fields, source };
  const { body } =
    known === undefined
      ? await session.call('functions.createFunction', { ...input, name })
      : await session.call('functions.updateFunction', {
          ...input,
          functionId: known.id,
          deploy: deployment.activate,
        });
  return body;
}

/** Refused before the upload, against the bound of the platform that is deployed to. */
async function assertSize(session: Session, source: string, bundled: boolean): Promise<void> {
  const observed = Buffer.byteLength(source, 'utf8');
  const limit = await readSourceBound(session);
  if (limit === undefined || observed <= limit) return;
  throw new CliFailure({
    exitCode: EXIT.usage,
    code: 'functions.source_too_large',
    detail: `the source${bundled ? ', bundled with its imports,' : ''} is too large`,
    limit,
    observed,
  });
}

async function readSourceBound(session: Session): Promise<number | undefined> {
  const { body } = await session.call('system.listLimits', {});
  const items = isRow(body) && Array.isArray(body.items) ? body.items.filter(isRow) : [];
  const bound = items.find(
    (item) => item.service === 'functions' && item.name === 'functionSourceBytesMax',
  );
  return typeof bound?.value === 'number' ? bound.value : undefined;
}

interface Named {
  readonly accountId: string;
  readonly name: string;
}

export async function findFunction(session: Session, named: Named): Promise<Row | undefined> {
  const command = findCommand(session.table, 'functions.listFunctions');
  const call = callOf(command, { ...named, limit: 100 });
  for await (const page of eachPage(session.api, call)) {
    const found = page.filter(isRow).find((row) => row.name === named.name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const parseName = (name: string | undefined): string => {
  if (name !== undefined && name !== '') return name;
  throw usage('--name is needed: it says which function the file becomes');
};
