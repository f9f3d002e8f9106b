/**
 * The signature of the user, which completes a prepared sponsorship. What came back is decoded again
 * and held against what was prepared, rule by rule; only then the row says that it is to be sent,
 * the hold is bound, and the sponsor signs last (money rules M20, M22). The same signature again
 * changes nothing.
 */
import { base64 } from '@scure/base';
import { readProvenHeight } from '../../chain/proven-height.ts';
import { parseSignature } from '../../core/neo/message/signed-message.ts';
import { parsePublicKey } from '../../core/neo/public-key.ts';
import { parseSignatureContext } from '../../core/neo/transaction/signature-context.ts';
import {
  checkWitness,
  decodeAccountKeys,
  encodeInvocation,
} from '../../core/neo/transaction/signature-witness.ts';
import type { CollectedAccount } from '../../core/neo/transaction/signatures.ts';
import { encodeSigningMessage, encodeUnsigned } from '../../core/neo/transaction/transaction.ts';
import type { Witness } from '../../core/neo/transaction/witness.ts';
import { encodeSignatureScript } from '../../core/neo/verification-script.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { checkSignedBytes } from '../../core/sponsorships/signed-bytes.ts';
import { checkStandingTerms } from '../../core/sponsorships/standing-terms.ts';
import { guard } from '../../db/guards.ts';
import { commit } from '../../http/commit.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { findBoundNetwork } from '../chain/index.ts';
import { isOwn } from './create.ts';
import { becomesSending, handOverSoon } from './hand-over.ts';
import { loadPolicy, policyActive, termsOfPolicy } from './policy-store.ts';
import { malformed } from './request.ts';
import {
  loadSponsorship,
  type SponsorshipPlace,
  type SponsorshipRow,
  sponsorshipUnchanged,
  updateSponsorship,
} from './store.ts';
import { toSponsorship } from './views.ts';

export interface SignRequest {
  readonly publicKey?: string | undefined;
  /** 64 bytes, r then s; hexadecimal digits or base64. */
  readonly signature?: string | undefined;
  /** Base64 scripts, as a wallet that signs whole transactions has them. */
  readonly witness?: { readonly invocation: string; readonly verification: string } | undefined;
  /** ContractParametersContext, as wallets pass it around. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

export async function signSponsorship(
  context: RequestContext,
  place: SponsorshipPlace,
  request: SignRequest,
) {
  const row = await loadSponsorship(context.db, place);
  if (row === undefined || !isOwn(context, row)) return err('request.not_found');
  const early = standingOf(context, row);
  if (early !== null) return early;
  const signed = readSigned(row, request);
  if (!signed.ok) return signed;
  const checked = await check(context, row, signed.value);
  if (!checked.ok) return checked;
  return write(context, row, signed.value.witness);
}

/** Null for one that can be signed. */
function standingOf({ now }: RequestContext, row: SponsorshipRow) {
  const { status, walletId, expiresAt } = row;
  if (status === 'expired' || (status === 'prepared' && expiresAt <= now))
    return err('sponsorships.expired');
  if (status === 'prepared') return null;
  return walletId === null && status !== 'rejected'
    ? ok({ status: 200, body: toSponsorship(row) } as const)
    : err('sponsorships.not_prepared', { detail: status });
}

interface Signed {
  /** What was signed, as it came back. */
  readonly unsigned: Uint8Array;
  readonly witness: Witness;
}

type ReadRefusal = 'request.malformed' | 'sponsorships.signature_refused';

function readSigned(row: SponsorshipRow, request: SignRequest): Result<Signed, ReadRefusal> {
  const { publicKey, signature, witness, context } = request;
  const given = [publicKey ?? signature, witness, context].filter((one) => one !== undefined);
  if (given.length !== 1)
    return malformed('/signature', 'give publicKey and signature, or a witness, or a context');
  if (context !== undefined) return readContext(row, context);
  const read = witness === undefined ? readKey(publicKey, signature) : readWitness(witness);
  return read.ok ? ok({ unsigned: row.unsigned, witness: read.value }) : read;
}

function readKey(
  keyText: string | undefined,
  signatureText: string | undefined,
): Result<Witness, 'request.malformed'> {
  const publicKey = parsePublicKey(keyText ?? '');
  if (publicKey === null) return malformed('/publicKey', 'is no public key');
  const signature = parseSignature(signatureText ?? '');
  if (signature === null) return malformed('/signature', 'is not 64 bytes');
  return ok(oneKeyWitness(encodeSignatureScript(publicKey), signature));
}

const oneKeyWitness = (verification: Uint8Array, signature: Uint8Array): Witness => ({
  invocation: encodeInvocation([signature]),
  verification,
});

function readWitness({
  invocation,
  verification,
}: NonNullable<SignRequest['witness']>): Result<Witness, 'request.malformed'> {
  try {
    return ok({
      invocation: base64.decode(invocation),
      verification: base64.decode(verification),
    });
  } catch {
    // The library throws for what is no base64: the caller's mistake.
    return malformed('/witness', 'is not base64');
  }
}

/** Its `data` is what the wallet says it signed: nothing of it is believed here. */
function readContext(
  row: SponsorshipRow,
  json: NonNullable<SignRequest['context']>,
): Result<Signed, ReadRefusal> {
  const parsed = parseSignatureContext(json, row.networkMagic);
  if (!parsed.ok) {
    const { pointer, reason } = parsed.misshapen;
    return malformed(`/context${pointer}`, reason);
  }
  const { transaction, accounts } = parsed.value;
  const witness = witnessIn(accounts.get(row.signer));
  return ok({ unsigned: encodeUnsigned(transaction), witness });
}

/** Without a signature of the signer it is a witness that signs nothing. */
function witnessIn(account: CollectedAccount | undefined): Witness {
  if (account?.kind !== 'keys')
    return { invocation: new Uint8Array(), verification: new Uint8Array() };
  const { verification, signatures } = account;
  return { invocation: encodeInvocation([...signatures.values()]), verification };
}

/** Precedence: the policy, the final bytes, its terms, the signature, the height of the chain. */
async function check(
  context: RequestContext,
  row: SponsorshipRow,
  { unsigned, witness }: Signed,
): Promise<Result<null>> {
  const policy = await loadPolicy(context.db, row);
  if (policy?.status !== 'active') return err('sponsorships.policy_suspended');
  const terms = termsOfPolicy(policy);
  const { windowBlocksMax } = terms;
  const { preparedHeight, sponsor, validUntilBlock } = row;
  const window = validUntilBlock - preparedHeight;
  const final = checkSignedBytes(
    {
      unsigned: row.unsigned,
      sponsor,
      preparedHeight,
      windowBlocks: Math.min(window, windowBlocksMax ?? window),
    },
    unsigned,
  );
  if (!final.ok) return final;
  const allowed = checkStandingTerms(final.value, terms);
  if (!allowed.ok) return allowed;
  const fault = faultOfWitness(row, witness);
  if (fault !== null) return err('sponsorships.signature_refused', { detail: fault });
  const network = findBoundNetwork(context.settings, row);
  if (!network.ok) return network;
  const { client, settings } = network.value;
  const height = await readProvenHeight(client, settings.quorum);
  if (height === null) return err('chain.unavailable', { retryAfterSeconds: 1 });
  return height >= validUntilBlock ? err('sponsorships.expired') : ok(null);
}

/** The network fee pays for one key: a witness that costs more would be refused by every node. */
function faultOfWitness(row: SponsorshipRow, witness: Witness): string | null {
  const message = encodeSigningMessage(row.networkMagic, row.hash);
  if (decodeAccountKeys(witness.verification)?.isMultisig !== false) return 'no account of one key';
  const verdict = checkWitness({ witness, account: row.signer, message });
  return verdict === 'valid' ? null : 'not the signature of the signer over this transaction';
}

async function write(context: RequestContext, row: SponsorshipRow, witness: Witness) {
  const changes = { ...witness, ...becomesSending(context.now) };
  const after: SponsorshipRow = { ...row, ...changes, revision: row.revision + 1 };
  const written = await commit(context, {
    statements: [
      guard('revision', sponsorshipUnchanged(row)),
      guard('state', policyActive(row.policyId)),
      updateSponsorship(context.db, row, changes),
    ],
    accountId: row.accountId,
    target: { kind: 'sponsorship', id: row.sponsorshipId },
    details: { hash: row.hash, status: after.status },
    guards: {
      revision: { code: 'request.precondition_failed' },
      state: { code: 'sponsorships.policy_suspended' },
    },
    answer: { status: 200, body: toSponsorship(after) },
  });
  if (written.ok) await handOverSoon(context, after);
  return written;
}
