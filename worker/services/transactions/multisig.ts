/** The body of `createMultisigTransaction`, parsed, and the batch that proposes it. */
import type { PublicKey } from '../../core/neo/public-key.ts';
import { parsePublicKey } from '../../core/neo/public-key.ts';
import { err, type FieldProblem, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { accountOpen } from '../accounts/index.ts';
import { LIMITS } from './limits.ts';
import { draftMultisig, hashOf, type MultisigRequest } from './multisig-draft.ts';
import { parseRaw, refuseBesideRaw, SCRIPT_FIELDS } from './raw-request.ts';
import {
  parseScopedScript,
  type ScopesRequest,
  type ScriptRequest,
  toFee,
} from './script-request.ts';
import { insertTransaction, transactionsBelow } from './store.ts';
import { toTransaction } from './views.ts';

export interface CreateMultisigRequest extends ScriptRequest, ScopesRequest {
  readonly network: string;
  readonly threshold: number;
  readonly publicKeys: readonly string[];
  /** Base64, without witnesses. */
  readonly raw?: string | undefined;
  readonly systemFee?: string | undefined;
  readonly networkFee?: string | undefined;
  readonly validForBlocks?: number | undefined;
  readonly note?: string | undefined;
}

export async function createMultisigTransaction(
  context: RequestContext,
  accountId: string,
  request: CreateMultisigRequest,
) {
  const publicKeys = parseKeys(request.publicKeys);
  if (!publicKeys.ok) return publicKeys;
  const contents = parseContents(request);
  if (!contents.ok) return contents;
  const { network, threshold, note } = request;
  const drafted = await draftMultisig(context, accountId, {
    network,
    threshold,
    publicKeys: publicKeys.value,
    contents: contents.value,
    note,
  });
  if (!drafted.ok) return drafted;
  const row = drafted.value;
  const limit = LIMITS.transactionsOpenMax.value;
  return commit(context, {
    statements: [
      guard('state', accountOpen(accountId)),
      guard('quota', transactionsBelow(accountId, limit)),
      insertTransaction(context.db, row),
    ],
    accountId,
    target: { kind: 'transaction', id: row.transactionId },
    details: { network: row.network, sender: row.sender, threshold, hash: hashOf(row) },
    guards: {
      state: { code: 'request.not_found' },
      quota: { code: 'transactions.too_many_open', limit },
    },
    answer: { status: 201, body: toTransaction({ row, approvals: [] }) },
  });
}

function parseKeys(texts: readonly string[]): Result<readonly PublicKey[], 'request.malformed'> {
  const fields: FieldProblem[] = [];
  const keys = texts.flatMap((text, index) => {
    const key = parsePublicKey(text);
    if (key !== null) return key;
    fields.push({ pointer: `/publicKeys/${String(index)}`, detail: 'is no public key' });
    return [];
  });
  return fields.length === 0 ? ok(keys) : err('request.malformed', { fields });
}

/** What a raw transaction says itself. */
const SAID_IN_RAW = [...SCRIPT_FIELDS, 'systemFee', 'networkFee', 'validForBlocks'] as const;

function parseContents(
  request: CreateMultisigRequest,
): Result<MultisigRequest['contents'], 'request.malformed' | 'transactions.script_refused'> {
  if (request.raw !== undefined) {
    const raw = refuseBesideRaw(request, SAID_IN_RAW) ?? parseRaw(request.raw);
    return raw.ok ? ok({ kind: 'raw', unsigned: raw.value }) : raw;
  }
  const scoped = parseScopedScript(request);
  if (!scoped.ok) return scoped;
  return ok({
    kind: 'own',
    ...scoped.value,
    systemFee: toFee(request.systemFee),
    networkFee: toFee(request.networkFee),
    validForBlocks: request.validForBlocks,
  });
}
