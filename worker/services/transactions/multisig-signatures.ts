/**
 * Signatures of the members of a multisig account over one transaction (money rule M19). Each is
 * checked when it comes, over the bytes that were proposed and on their network; the one that
 * completes them moves the row on in its own batch, and the sender takes the finished transaction.
 * Of two members who sign at the same moment, one is decided again and counts the other.
 */
import { base64 } from '@scure/base';
import { toTimestamp } from '../../core/clock.ts';
import { parseSignature } from '../../core/neo/message/signed-message.ts';
import { type PublicKey, parsePublicKey } from '../../core/neo/public-key.ts';
import {
  formatSignatureContext,
  parseSignatureContext,
} from '../../core/neo/transaction/signature-context.ts';
import {
  addSignature,
  completeTransaction,
  type SignatureCollection,
} from '../../core/neo/transaction/signatures.ts';
import { hashTransaction } from '../../core/neo/transaction/transaction.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { becomesSending, handOverSoon } from './hand-over.ts';
import { collectionOf } from './multisig-collection.ts';
import { insertSignatures, loadSigned, type SignatureRow, type Signed } from './multisig-store.ts';
import { decideAgain } from './overtaken.ts';
import {
  type TransactionPlace,
  type TransactionRow,
  transactionUnchanged,
  updateTransaction,
} from './store.ts';

export interface SignRequest {
  readonly publicKey?: string | undefined;
  /** 64 bytes, r then s; hexadecimal digits or base64. */
  readonly signature?: string | undefined;
  /** ContractParametersContext, as wallets pass it around. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

interface Signing extends Signed {
  readonly collection: SignatureCollection;
}

export async function getSignatures(context: RequestContext, place: TransactionPlace) {
  const opened = await open(context, place);
  return opened.ok ? ok({ status: 200, body: toSigning(opened.value) } as const) : opened;
}

async function open(
  { db }: RequestContext,
  place: TransactionPlace,
): Promise<Result<Signing, 'request.not_found' | 'transactions.not_multisig'>> {
  const known = await loadSigned(db, place);
  if (!known) return err('request.not_found');
  if (known.row.kind !== 'multisig') return err('transactions.not_multisig');
  return ok({ ...known, collection: collectionOf(known.row, known.signatures) });
}

export const addSignatures = (
  context: RequestContext,
  place: TransactionPlace,
  request: SignRequest,
) =>
  decideAgain(async () => {
    const opened = await open(context, place);
    if (!opened.ok) return opened;
    const { status } = opened.value.row;
    if (status !== 'proposed') return err('transactions.not_proposed', { detail: status });
    const signed = sign(opened.value, request);
    return signed.ok ? write(context, opened.value, signed.value) : signed;
  });

type Refusal = 'request.malformed' | 'transactions.signature_refused';

/** What was collected, with what the request adds to it. */
function sign(signing: Signing, request: SignRequest): Result<SignatureCollection, Refusal> {
  const { publicKey, signature, context } = request;
  if (context !== undefined && publicKey === undefined && signature === undefined)
    return signByContext(signing, context);
  if (context !== undefined)
    return malformed('/context', 'has no place beside publicKey and signature');
  if (publicKey === undefined) return malformed('/publicKey', 'is needed, or a context');
  if (signature === undefined) return malformed('/signature', 'is needed');
  return signByKey(signing, publicKey, signature);
}

function signByKey(
  { row, collection }: Signing,
  keyText: string,
  signatureText: string,
): Result<SignatureCollection, Refusal> {
  const publicKey = parsePublicKey(keyText);
  if (publicKey === null) return malformed('/publicKey', 'is no public key');
  const signature = parseSignature(signatureText);
  if (signature === null) return malformed('/signature', 'is not 64 bytes');
  const added = addSignature(collection, { account: row.sender, publicKey, signature });
  if (added.ok) return ok(added.collection);
  // A member who signs again changes nothing.
  if (added.refusal === 'key_repeated') return ok(collection);
  return err('transactions.signature_refused', { detail: added.refusal });
}

function signByContext(
  { row, collection }: Signing,
  json: NonNullable<SignRequest['context']>,
): Result<SignatureCollection, Refusal> {
  const parsed = parseSignatureContext(json, row.networkMagic);
  if (!parsed.ok) {
    const { pointer, reason } = parsed.misshapen;
    return malformed(`/context${pointer}`, reason);
  }
  const given = parsed.value;
  if (hashTransaction(given.transaction) !== hashTransaction(collection.transaction))
    return err('transactions.signature_refused', { detail: 'another transaction' });
  const account = given.accounts.get(row.sender);
  if (account?.kind !== 'keys' || account.signatures.size === 0)
    return err('transactions.signature_refused', { detail: 'it holds no signature' });
  // Each was verified as the context was read; those that are known, or not needed any more, are
  // passed over.
  let all = collection;
  for (const [publicKey, signature] of account.signatures) {
    const added = addSignature(all, { account: row.sender, publicKey, signature });
    if (added.ok) all = added.collection;
  }
  return ok(all);
}

const malformed = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });

function write(context: RequestContext, signing: Signing, collection: SignatureCollection) {
  const { row } = signing;
  const { now } = context;
  const added = addedRows(signing, collection, now);
  if (added.length === 0) return ok({ status: 200, body: toSigning(signing) } as const);
  const isComplete = completeTransaction(collection) !== null;
  const changes = isComplete ? becomesSending(now) : { updatedAt: now };
  const after = { ...row, ...changes, revision: row.revision + 1 };
  const signatures = [...signing.signatures, ...added];
  return sendWhenComplete(
    context,
    after,
    commit(context, {
      statements: [
        guard('revision', transactionUnchanged(row)),
        insertSignatures(context.db, added),
        updateTransaction(context.db, row, changes),
      ],
      accountId: row.accountId,
      target: { kind: 'transaction', id: row.transactionId },
      details: {
        publicKeys: added.map(({ publicKey }) => publicKey),
        hash: hashTransaction(collection.transaction),
        status: after.status,
      },
      guards: { revision: { code: 'request.precondition_failed' } },
      answer: { status: 200, body: toSigning({ row: after, signatures, collection }) },
    }),
  );
}

async function sendWhenComplete<Written extends Result<unknown>>(
  context: RequestContext,
  row: TransactionRow,
  written: Promise<Written>,
): Promise<Written> {
  const result = await written;
  if (result.ok && row.status === 'sending') await handOverSoon(context, row);
  return result;
}

function addedRows(
  { row, signatures }: Signing,
  { accounts }: SignatureCollection,
  now: number,
): readonly SignatureRow[] {
  const known = new Set<PublicKey>(signatures.map(({ publicKey }) => publicKey));
  const account = accounts.get(row.sender);
  const all = account?.kind === 'keys' ? [...account.signatures] : [];
  return all
    .filter(([publicKey]) => !known.has(publicKey))
    .map(([publicKey, signature]) => ({
      transactionId: row.transactionId,
      publicKey,
      signature,
      createdAt: now,
    }));
}

function toSigning({ row, signatures, collection }: Signing) {
  const { data: unsigned, ...context } = formatSignatureContext(collection);
  return {
    transactionId: row.transactionId,
    status: row.status,
    network: row.network,
    networkMagic: row.networkMagic,
    hash: context.hash,
    unsigned,
    validUntilBlock: row.validUntilBlock ?? 0,
    threshold: row.threshold ?? 0,
    publicKeys: [...row.approvers],
    signatures: signatures.map(({ publicKey, signature, createdAt }) => ({
      publicKey,
      signature: base64.encode(signature),
      createdAt: toTimestamp(createdAt),
    })),
    context: { ...context, data: unsigned },
  };
}
