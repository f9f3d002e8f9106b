/**
 * A transaction of a multisig account, as its members will sign it (money rule M19): all its bytes
 * are fixed here, nonce, fees and validUntilBlock too, since a signature is over all of them. The
 * keys are members' own: nothing here can sign, replace or cancel it, and no policy of ours binds
 * it.
 */
import { readProvenHeight } from '../../chain/proven-height.ts';
import { hash256Of } from '../../core/neo/hash256.ts';
import type { PublicKey } from '../../core/neo/public-key.ts';
import { scriptHashOf } from '../../core/neo/script-hash.ts';
import {
  encodeUnsigned,
  faultOfUnsigned,
  type UnsignedTransaction,
} from '../../core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY, type WitnessScopes } from '../../core/neo/transaction/witness-scope.ts';
import { encodeMultisigScript } from '../../core/neo/verification-script.ts';
import { LIMITS as SENDER_LIMITS } from '../../core/neo-sender/limits.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { hashIntent } from '../../core/transactions/intent-hash.ts';
import { authorOf } from '../../http/commit.ts';
import {
  nameOfActor,
  newId,
  type RequestContext,
  randomBytes,
} from '../../http/request-context.ts';
import { findNetwork, type Network } from '../chain/index.ts';
import { UNKNOWN_YET } from './draft.ts';
import { LIMITS } from './limits.ts';
import { MINUTE_MS } from './settle.ts';
import { askWhatItNeeds, withFeeMargin } from './simulation.ts';
import type { TransactionRow } from './store.ts';

export interface MultisigRequest {
  readonly network: string;
  /** Signatures needed, m. */
  readonly threshold: number;
  /** In any order. */
  readonly publicKeys: readonly PublicKey[];
  /** What is done, for the platform to write the rest; or the whole transaction as it is. */
  readonly contents:
    | {
        readonly kind: 'own';
        readonly script: Uint8Array;
        readonly scopes: WitnessScopes | undefined;
        /** Datoshi; unless told otherwise a little more than the simulation took. */
        readonly systemFee: bigint | undefined;
        readonly networkFee: bigint | undefined;
        readonly validForBlocks: number | undefined;
      }
    | { readonly kind: 'raw'; readonly unsigned: UnsignedTransaction };
  readonly note: string | undefined;
}
type OwnContents = MultisigRequest['contents'] & { readonly kind: 'own' };

const WINDOW_MAX = SENDER_LIMITS.senderAdoptedBlocksMax.value;

export async function draftMultisig(
  context: RequestContext,
  accountId: string,
  request: MultisigRequest,
): Promise<Result<TransactionRow>> {
  const network = findNetwork(context.settings, request.network);
  if (!network.ok) return network;
  const verification = encodeMultisigScript(request);
  if (!verification.ok) return verification;
  const { contents } = request;
  const height = await readProvenHeight(network.value.client, network.value.settings.quorum);
  if (height === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  const place = { network: network.value, verification: verification.value, height };
  const unsigned =
    contents.kind === 'own' ? writeUnsigned(place, contents) : checkRaw(place, contents.unsigned);
  if (!unsigned.ok) return unsigned;
  const charged = await charge(context, place, { unsigned: unsigned.value, contents });
  if (!charged.ok) return charged;
  return ok(rowOf(context, { accountId, request, place, unsigned: charged.value }));
}

interface Place {
  readonly network: Network;
  /** The script of the account. */
  readonly verification: Uint8Array;
  /** The network has reached it. */
  readonly height: number;
}

/** Its fees are still 0. */
function writeUnsigned(
  { verification, height }: Place,
  { script, scopes = CALLED_BY_ENTRY, validForBlocks }: OwnContents,
): Result<UnsignedTransaction, 'transactions.script_refused'> {
  const account = scriptHashOf(verification);
  const window = validForBlocks ?? LIMITS.multisigWindowBlocksDefault.value;
  const unsigned: UnsignedTransaction = {
    nonce: new DataView(randomBytes(4).buffer).getUint32(0),
    systemFee: 0n,
    networkFee: 0n,
    validUntilBlock: height + window,
    signers: [{ account, scopes }],
    attributes: [],
    script,
  };
  const fault = faultOfUnsigned(unsigned);
  return fault === null ? ok(unsigned) : err('transactions.script_refused', { detail: fault });
}

/** Members may have made it, and have begun to sign: not a byte of it is changed. */
function checkRaw(
  { verification, height }: Place,
  unsigned: UnsignedTransaction,
): Result<UnsignedTransaction, 'transactions.raw_refused'> {
  const [signer, another] = unsigned.signers;
  const { validUntilBlock, systemFee, networkFee } = unsigned;
  const feeMax = BigInt(SENDER_LIMITS.senderFeeMax.value);
  if (signer?.account !== scriptHashOf(verification) || another !== undefined)
    return refuseRaw('its one signer is not the account of these keys');
  if (validUntilBlock <= height)
    return refuseRaw(`its last block is over: ${String(height)} is there`);
  if (validUntilBlock > height + WINDOW_MAX)
    return refuseRaw(`its last block is more than ${String(WINDOW_MAX)} away`);
  if (systemFee > feeMax || networkFee > feeMax) return refuseRaw('a fee above 10,000 GAS');
  return ok(unsigned);
}

const refuseRaw = (detail: string) => err('transactions.raw_refused', { detail });

interface Uncharged {
  readonly unsigned: UnsignedTransaction;
  readonly contents: MultisigRequest['contents'];
}

/** With fees that a node takes now; what is too little already would only expire. */
async function charge(
  context: RequestContext,
  { network, verification }: Place,
  { unsigned, contents }: Uncharged,
): Promise<Result<UnsignedTransaction>> {
  const { script, signers } = unsigned;
  const run = await askWhatItNeeds(context, network, { script, signers, verification });
  if (!run.ok) return run;
  const { needed } = run.value;
  const given = contents.kind === 'raw' ? contents.unsigned : contents;
  const fees = {
    systemFee: given.systemFee ?? withFeeMargin(needed.systemFee),
    networkFee: given.networkFee ?? withFeeMargin(needed.networkFee),
  };
  const missing = (['systemFee', 'networkFee'] as const)
    .filter((name) => fees[name] < needed[name])
    .map((name) => ({
      pointer: contents.kind === 'raw' ? '/raw' : `/${name}`,
      detail: `${name} needs ${String(needed[name])} datoshi`,
    }));
  return missing.length === 0
    ? ok({ ...unsigned, ...fees })
    : err('transactions.fee_above_maximum', { fields: missing });
}

interface RowParts {
  readonly accountId: string;
  readonly request: MultisigRequest;
  readonly place: Place;
  readonly unsigned: UnsignedTransaction;
}

function rowOf(
  context: RequestContext,
  { accountId, request, place, unsigned }: RowParts,
): TransactionRow {
  const { now } = context;
  const { settings } = place.network;
  const { validUntilBlock, systemFee, networkFee } = unsigned;
  // Made elsewhere it may be in any block that the protocol lets it be in.
  const preparedHeight =
    request.contents.kind === 'own' ? place.height : Math.max(0, validUntilBlock - WINDOW_MAX);
  const intended = {
    accountId,
    transactionId: newId('transaction', now),
    network: settings.id,
    networkMagic: settings.magic,
    sender: scriptHashOf(place.verification),
    unsigned: encodeUnsigned(unsigned),
    systemFeeMax: Number(systemFee),
    networkFeeMax: Number(networkFee),
    windowBlocks: validUntilBlock - preparedHeight,
    threshold: request.threshold,
    approvers: request.publicKeys,
    expiresAt: null,
  };
  return {
    ...UNKNOWN_YET,
    ...intended,
    intentHash: hashIntent(intended),
    requestId: null,
    requestDigest: null,
    kind: 'multisig',
    walletId: null,
    status: 'proposed',
    statusSince: now,
    gasSent: 0,
    reasons: [],
    verification: place.verification,
    validUntilBlock,
    preparedHeight,
    dueAt: now + LIMITS.multisigCheckMinutes.value * MINUTE_MS,
    note: request.note ?? null,
    createdBy: nameOfActor(authorOf(context)),
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** What members sign is the transaction itself. */
export const hashOf = ({ unsigned }: Pick<TransactionRow, 'unsigned'>) => hash256Of(unsigned);
