/**
 * * Makes an exported account on another platform, or completes one that exists. Every change
 * carries an Idempotency-Key from the export's id, and what is already there is recognised (wallets
 * by address, functions by name, versions by content), so an import that broke off is simply run
 * again. A function of the same name gets the versions it lacks; nothing is removed.
 */
import { createHash } from 'node:crypto';
import { type FlatInput, findCommand } from '../call.ts';
import type { Session } from '../context.ts';
import { cellText, isRow, type Row, readPath } from '../output/cell.ts';
import { unexpected } from '../pages.ts';
import type { AccountFile, ExportedFunction } from './bundle-format.ts';

export interface ImportResult {
  readonly accountId: string;
  readonly walletsMade: number;
  readonly functionsMade: number;
  readonly versionsMade: number;
  /** What no export can hold, and a person must give. */
  readonly toDo: readonly string[];
}

/** The account being filled, and what names one act of this import for ever. */
interface Target {
  readonly session: Session;
  readonly file: AccountFile;
  readonly accountId: string;
}

export async function importAccount(
  session: Session,
  file: AccountFile,
  existing: string | undefined,
): Promise<ImportResult> {
  const accountId = existing ?? (await createAccount(session, file));
  const target: Target = { session, file, accountId };
  const walletsMade = await importWallets(target);
  let functionsMade = 0;
  let versionsMade = 0;
  const known = await listRows(target, 'functions.listFunctions');
  for (const one of file.functions) {
    const found = known.find(({ name }) => name === one.function.name);
    versionsMade += await importFunction(target, one, found);
    if (found === undefined) functionsMade += 1;
  }
  return { accountId, walletsMade, functionsMade, versionsMade, toDo: listToDo(file) };
}

/** Left in the metadata of the account, which outlives the 24 hours of an Idempotency-Key. */
const MARK = 'importedFrom';

async function createAccount(session: Session, file: AccountFile): Promise<string> {
  const { name, metadata } = file.account;
  const marked = { ...(isRow(metadata) ? metadata : {}), [MARK]: file.exportId };
  const known = await session.list('accounts.listAccounts', { name, status: 'active' });
  const earlier = known
    .filter(isRow)
    .find((row) => readPath(row, `metadata.${MARK}`) === file.exportId);
  if (typeof earlier?.id === 'string') return earlier.id;
  const made = await change(
    { session, file, accountId: '' },
    { id: 'accounts.createAccount', act: 'account', from: { name, metadata: marked } },
  );
  if (typeof made.id === 'string') return made.id;
  throw unexpected('the answer is not an account');
}

async function importWallets(target: Target): Promise<number> {
  const known = await listRows(target, 'workspaceWallets.listWallets');
  const missing = target.file.wallets.filter(
    ({ kind, address }) => !known.some((one) => one.kind === kind && one.address === address),
  );
  for (const wallet of missing)
    await change(target, {
      id: 'workspaceWallets.createWallet',
      act: `wallet ${String(wallet.kind)} ${String(wallet.address)}`,
      from: wallet,
    });
  return missing.length;
}

/**
 * Versions in their order, so that their numbers come out the same; then the one that was deployed.
 */
async function importFunction(
  target: Target,
  { function: one, versions }: ExportedFunction,
  found: Row | undefined,
): Promise<number> {
  const name = String(one.name);
  let current = found;
  const known = found === undefined ? [] : await listVersionKeys(target, String(found.id));
  let made = 0;
  for (const [index, version] of versions.entries()) {
    if (known.includes(versionKey(version))) continue;
    const act = `function ${name} ${index}`;
    const from = { ...one, ...version, name };
    const deploy = readPath(one, 'activeVersion.id') === version.id;
    current = await change(
      target,
      current === undefined
        ? { id: 'functions.createFunction', act, from }
        : { id: 'functions.updateFunction', act, from, input: { functionId: current.id, deploy } },
    );
    made += 1;
  }
  return made;
}

async function listVersionKeys(target: Target, functionId: string): Promise<readonly string[]> {
  const versions = await listRows(target, 'functions.listVersions', { functionId });
  return versions.map(versionKey);
}

/** Versions are content-addressed by the platform: the hash is the same on every instance. */
const versionKey = (version: Row): string => String(version.codeHash);

async function listRows(target: Target, id: string, input: FlatInput = {}): Promise<Row[]> {
  const { session, accountId } = target;
  return (await session.list(id, { accountId, ...input })).filter(isRow);
}

interface Change {
  readonly id: string;
  /** Names the act within this import. */
  readonly act: string;
  /** An exported object; of its fields those are sent that the operation takes. */
  readonly from: Row;
  readonly input?: FlatInput;
}

async function change(target: Target, { id, act, from, input = {} }: Change): Promise<Row> {
  const { session, accountId } = target;
  const command = findCommand(session.table, id);
  const flags = command.body?.flags ?? [];
  const given = { ...from, ...input };
  const body = Object.fromEntries(
    flags
      .map(({ field, nullable }) => [field, given[field], nullable] as const)
      // What was not set is shown as null, which only some fields may be told.
      .filter(([, value, nullable]) => value !== undefined && (value !== null || nullable)),
  );
  const params = Object.fromEntries(
    command.params.map(({ field }) => [
      field,
      field === 'accountId' ? accountId : cellText(input[field]),
    ]),
  );
  const answer = await session.api.send({
    command,
    params,
    query: {},
    ...(command.body === undefined ? {} : { body }),
    ...(command.idempotent ? { idempotencyKey: idempotencyKey(target, act) } : {}),
  });
  return isRow(answer.body) ? answer.body : {};
}

/** The account is part of it: the same file may be imported into two. */
function idempotencyKey({ file, accountId }: Target, act: string): string {
  const hash = createHash('sha256').update(JSON.stringify([file.exportId, accountId, act]));
  return `import-${hash.digest('hex').slice(0, 48)}`;
}

function listToDo(file: AccountFile): readonly string[] {
  const secrets = file.secrets.map(
    ({ name }) =>
      `secret ${String(name)}: slctl secrets create-secret --name ${String(name)} --value -`,
  );
  const grants = file.secrets.length === 0 ? [] : ['grant the secrets to their functions again'];
  const wallets = file.wallets.length === 0 ? [] : ['wallets must prove their keys again'];
  const policy =
    file.policy?.active !== true ? [] : ['set the threshold policy once wallets are verified'];
  const quotas =
    file.quotas === null ? [] : ['quotas are the operator\u2019s: compare them by hand'];
  return [...secrets, ...grants, ...wallets, ...policy, ...quotas, 'make API keys'];
}
