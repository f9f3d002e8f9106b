/**
 * Secrets on their way into a function: one query and one call of the bridge. A function receives a
 * secret only if it names it (the caller's list) and the secret is granted to it (checked here);
 * one that may not be had refuses the whole run. Values exist in the answer alone. Every use and
 * every refusal comes with notes for the audit log, which the caller writes in the same transaction
 * as the execution they belong to.
 */
import type { AuditDraft } from '../../core/audit/entry.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { VaultAccess } from './data-keys.ts';
import { listFacts } from './grants.ts';
import { sealContext } from './sealing.ts';
import { loadSealed, loadSealedVersions, type VersionReference } from './store.ts';

export interface OpenedSecret {
  readonly name: string;
  readonly value: string;
  /** What an I/O journal keeps in place of the value. */
  readonly versionId: VersionReference;
}

/** An audit line but for its time, actor and request, which the caller knows. */
export type SecretUseNote = Pick<AuditDraft, 'operation' | 'outcome' | 'target' | 'details'>;

type VaultFailure = 'secrets.encryption_unconfigured' | 'secrets.undecryptable';
export type SecretUseFailure =
  | 'functions.secret_not_granted'
  | 'functions.secret_missing'
  | 'functions.secret_version_purged'
  | 'bridge.batch_too_large'
  | VaultFailure;

export interface SecretUse {
  readonly opened: Result<readonly OpenedSecret[], SecretUseFailure>;
  readonly notes: readonly SecretUseNote[];
}

export interface SecretUseRequest {
  readonly accountId: string;
  readonly functionId: string;
  readonly names: readonly string[];
}

const NOTHING: SecretUse = { opened: ok([]), notes: [] };

export async function openSecretsForFunction(
  access: VaultAccess,
  request: SecretUseRequest,
): Promise<SecretUse> {
  if (request.names.length === 0) return NOTHING;
  const rows = await loadSealed(access.db, request);
  const found = new Map(rows.map((row) => [row.name, row]));
  const missing = request.names.filter((name) => !found.has(name));
  const ungranted = request.names.filter((name) => found.get(name)?.granted === 0);
  const use = { operation: 'secrets.useSecret', functionId: request.functionId };
  if (missing.length > 0 || ungranted.length > 0)
    return {
      opened: refuse(missing, ungranted),
      notes: [
        ...noteOf({ ...use, outcome: 'functions.secret_not_granted' }, ungranted),
        ...noteOf({ ...use, outcome: 'functions.secret_missing' }, missing),
      ],
    };
  const opened = await openRows(access, request.accountId, rows);
  return { opened, notes: noteOf({ ...use, outcome: outcomeOf(opened) }, rows.map(toText)) };
}

/**
 * A grant that lacks is told first: the owner has to decide about it, a missing secret is only to
 * be made.
 */
function refuse(missing: readonly string[], ungranted: readonly string[]) {
  if (ungranted.length > 0)
    return err('functions.secret_not_granted', {
      detail: `Not granted to this function: ${ungranted.join(', ')}.`,
    });
  return err('functions.secret_missing', { detail: `There is no secret ${missing.join(', ')}.` });
}

/**
 * The same values again, for a replay. A version that ended opens for nobody, although its name may
 * live on.
 */
export async function openSecretVersions(
  access: VaultAccess,
  request: {
    readonly accountId: string;
    readonly functionId: string;
    readonly versions: readonly VersionReference[];
  },
): Promise<SecretUse> {
  const { accountId, functionId, versions } = request;
  if (versions.length === 0) return NOTHING;
  const rows = await loadSealedVersions(access.db, accountId, { versions, now: access.now });
  const found = new Set(rows.map(toText));
  const ended = versions.map(toText).filter((version) => !found.has(version));
  const use = { operation: 'secrets.replaySecret', functionId };
  if (ended.length > 0)
    return {
      opened: err('functions.secret_version_purged', { detail: `Ended: ${ended.join(', ')}.` }),
      notes: noteOf({ ...use, outcome: 'functions.secret_version_purged' }, ended),
    };
  const opened = await openRows(access, accountId, rows);
  return { opened, notes: noteOf({ ...use, outcome: outcomeOf(opened) }, rows.map(toText)) };
}

const toText = ({ name, version }: VersionReference): string => `${name}@${version}`;

const outcomeOf = (opened: SecretUse['opened']): string => (opened.ok ? 'ok' : opened.failure.code);

function noteOf(
  use: { readonly operation: string; readonly outcome: string; readonly functionId: string },
  names: readonly string[],
): readonly SecretUseNote[] {
  if (names.length === 0) return [];
  const { operation, outcome, functionId } = use;
  const target = { kind: 'function', id: functionId };
  return [{ operation, outcome, target, details: listFacts('secrets', names) }];
}

interface SealedRow extends VersionReference {
  readonly sealed: Uint8Array | null;
  readonly wrappedKey: string;
}

async function openRows(
  { env }: VaultAccess,
  accountId: string,
  rows: readonly SealedRow[],
): Promise<SecretUse['opened']> {
  const [first] = rows;
  if (!first) return ok([]);
  const plaintexts = await env.BRIDGE.open({
    accountId,
    wrappedKey: first.wrappedKey,
    items: rows.map((row) => ({
      context: sealContext(row),
      sealed: row.sealed ?? new Uint8Array(),
    })),
  });
  if (!plaintexts.ok) return plaintexts;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const opened = rows.map(({ name, version }, index) => ({
    name,
    value: decoder.decode(plaintexts.value[index]),
    versionId: { name, version },
  }));
  return ok(opened);
}
