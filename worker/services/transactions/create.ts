/** The body of `createTransaction`, parsed: a script, the calls it is made of, or a whole transaction. */
import { LIMITS as SENDER_LIMITS } from '../../core/neo-sender/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { TransactionRequest } from './draft.ts';
import { proposeTransaction } from './proposal.ts';
import { parseRaw, refuseBesideRaw, SCRIPT_FIELDS } from './raw-request.ts';
import {
  parseScopedScript,
  type ScopesRequest,
  type ScriptRequest,
  toFee,
} from './script-request.ts';

export interface CreateRequest extends ScriptRequest, ScopesRequest {
  readonly walletId: string;
  /** Base64, without witnesses. */
  readonly raw?: string | undefined;
  readonly systemFeeMax?: string | undefined;
  readonly networkFeeMax?: string | undefined;
  readonly windowBlocks?: number | undefined;
  readonly expiresInMinutes?: number | undefined;
  readonly note?: string | undefined;
  readonly requestId?: string | undefined;
}

export async function createTransaction(
  context: RequestContext,
  accountId: string,
  request: CreateRequest,
) {
  const contents =
    request.raw === undefined ? parseOwn(request) : parseRawContents(request, request.raw);
  if (!contents.ok) return contents;
  const { walletId, windowBlocks, expiresInMinutes, note, requestId } = request;
  const plain = { walletId, windowBlocks, expiresInMinutes, note, requestId };
  return proposeTransaction(context, accountId, { ...plain, ...contents.value });
}

type Contents = Pick<
  TransactionRequest,
  'script' | 'scopes' | 'signer' | 'attributes' | 'systemFeeMax' | 'networkFeeMax'
>;
type Refusal = 'request.malformed' | 'transactions.script_refused' | 'transactions.raw_refused';

function parseOwn(request: CreateRequest): Result<Contents, Refusal> {
  const scoped = parseScopedScript(request);
  if (!scoped.ok) return scoped;
  return ok({
    ...scoped.value,
    systemFeeMax: toFee(request.systemFeeMax),
    networkFeeMax: toFee(request.networkFeeMax),
  });
}

/** What a raw transaction says itself. */
const SAID_IN_RAW = [...SCRIPT_FIELDS, 'systemFeeMax', 'networkFeeMax'] as const;

function parseRawContents(request: CreateRequest, raw: string): Result<Contents, Refusal> {
  const decoded = refuseBesideRaw(request, SAID_IN_RAW) ?? parseRaw(raw);
  if (!decoded.ok) return decoded;
  const { signers, attributes, script, systemFee, networkFee } = decoded.value;
  const [signer, another] = signers;
  if (signer === undefined || another !== undefined) return refuse('it has more than one signer');
  if (attributes.some(({ type }) => type === 'Conflicts')) return refuse('a Conflicts attribute');
  const feeMax = BigInt(SENDER_LIMITS.senderFeeMax.value);
  if (systemFee > feeMax || networkFee > feeMax) return refuse('a fee above 10,000 GAS');
  return ok({
    script,
    scopes: signer.scopes,
    signer: signer.account,
    attributes,
    systemFeeMax: systemFee,
    networkFeeMax: networkFee,
  });
}

const refuse = (detail: string) => err('transactions.raw_refused', { detail });
