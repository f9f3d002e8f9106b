/**
 * Transactions that were signed elsewhere, by the members of a multisig account (money rule M19).
 * The sender broadcasts and follows them like its own, and can replace none of them: their bytes
 * are the signers'. What it takes is signed by its account for its network, so that no room of
 * its store is held by what no chain can take.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { sha256Canonical } from '../canonical-json.ts';
import { type Hash256, hash256Of } from '../neo/hash256.ts';
import { encodeHex } from '../neo/hex.ts';
import type { SignatureCheck } from '../neo/signature.ts';
import {
  checkWitness,
  decodeInvocation,
  type Verify,
} from '../neo/transaction/signature-witness.ts';
import {
  decodeTransaction,
  encodeSigningMessage,
  encodeUnsigned,
  hashTransaction,
  type Transaction,
} from '../neo/transaction/transaction.ts';
import { decodeSignatureScript } from '../neo/verification-script.ts';
import { err, ok, type Result } from '../result.ts';
import { faultOfName } from './commands.ts';
import {
  type Attempt,
  makeIntent,
  type PreparedTransaction,
  planAttempt,
  type SenderIdentity,
} from './intent.ts';
import { type Dossier, type Moment, toLive, toPrepared } from './lifecycle.ts';
import { LIMITS } from './limits.ts';

export interface AdoptCommand {
  /** Made by the caller; what makes the effect happen once. */
  readonly id: string;
  readonly purpose: string;
  /** The transaction with all its witnesses. */
  readonly signed: Uint8Array;
  /** Of the chain before the transaction was made: no block up to it can hold it. */
  readonly preparedHeight: number;
}

/** A command that may be stored. */
export interface CheckedAdopt {
  readonly transaction: Transaction;
  readonly unsigned: Uint8Array;
  readonly hash: Hash256;
}

export function checkAdopt(
  command: AdoptCommand,
  sender: SenderIdentity,
  verify?: Verify,
): Result<CheckedAdopt, 'sender.intent_invalid'> {
  const fault = faultOfName(command);
  if (fault !== null) return invalid(fault);
  const decoded = decodeTransaction(command.signed);
  if (!decoded.ok) return invalid(decoded.malformed.reason);
  const transaction = decoded.value;
  const unsigned = encodeUnsigned(transaction);
  const hash = hash256Of(unsigned);
  const broken =
    faultOfNumbers(command, transaction) ?? faultOfWitnesses(transaction, { sender, hash, verify });
  if (broken !== null) return invalid(broken);
  return ok({ transaction, unsigned, hash });
}

const invalid = (detail: string) => err('sender.intent_invalid', { detail });

/**
 * Asked before the signatures are checked, which takes long. A later call with another height is the
 * same command: the bytes are what happens.
 */
export const fingerprintOfAdopt = ({ purpose, signed }: AdoptCommand): string =>
  sha256Canonical({ purpose, signed: encodeHex(sha256(signed)) });

function faultOfNumbers(
  { preparedHeight }: AdoptCommand,
  { systemFee, networkFee, validUntilBlock }: Transaction,
): string | null {
  const feeMax = BigInt(LIMITS.senderFeeMax.value);
  if (systemFee > feeMax) return 'the system fee is out of its bounds';
  if (networkFee > feeMax) return 'the network fee is out of its bounds';
  if (!Number.isInteger(preparedHeight) || preparedHeight < 0) return 'no height it was made at';
  const windowBlocks = validUntilBlock - preparedHeight;
  const isWindow = windowBlocks >= 1 && windowBlocks <= LIMITS.senderAdoptedBlocksMax.value;
  return isWindow ? null : 'the window is out of its bounds';
}

interface SignedBy {
  readonly sender: SenderIdentity;
  readonly hash: Hash256;
  readonly verify: Verify | undefined;
}

/** What only a node can judge is let pass for any signer but the sender. */
function faultOfWitnesses(
  { signers, witnesses }: Transaction,
  { sender, hash, verify }: SignedBy,
): string | null {
  if (signers[0]?.account !== sender.account) return 'the first signer is not this wallet';
  const message = encodeSigningMessage(sender.magic, hash);
  for (const [index, { account }] of signers.entries()) {
    const witness = witnesses[index];
    const verdict = witness ? checkWitness({ witness, account, message }, verify) : 'invalid';
    if (verdict === 'invalid') return `the witness of signer ${String(index + 1)} is not valid`;
    if (index === 0 && verdict !== 'valid') return 'the sender is no account of one or more keys';
  }
  return null;
}

/**
 * The signatures of its accounts of one key, for who can verify them faster before the command is
 * judged. Of bytes that are no transaction there are none.
 */
export function singleSignaturesOf(
  { signed }: Pick<AdoptCommand, 'signed'>,
  { magic }: SenderIdentity,
): readonly SignatureCheck[] {
  const decoded = decodeTransaction(signed);
  if (!decoded.ok) return [];
  const message = encodeSigningMessage(magic, hashTransaction(decoded.value));
  return decoded.value.witnesses.flatMap(({ invocation, verification }) => {
    const publicKey = decodeSignatureScript(verification);
    const [signature, ...more] = decodeInvocation(invocation) ?? [];
    if (publicKey === null || signature === undefined || more.length > 0) return [];
    return { message, signature, publicKey };
  });
}

export interface Adopted {
  /** As it is stored first, for the bytes to be stored with. */
  readonly planned: Dossier;
  readonly attempt: Attempt;
  readonly prepared: PreparedTransaction;
  readonly live: Dossier;
}

/**
 * Live at once. What its script moves is not read: the sender builds nothing for an account whose
 * transactions are signed elsewhere, so nobody asks what that leaves (money rule M8).
 */
export function adopted(
  { id, purpose, preparedHeight }: AdoptCommand,
  { transaction, hash }: CheckedAdopt,
  moment: Moment,
): Adopted {
  const { now } = moment;
  const { systemFee, networkFee, validUntilBlock } = transaction;
  const windowBlocks = validUntilBlock - preparedHeight;
  const terms = { systemFeeMax: systemFee, networkFeeMax: networkFee, gasSent: 0n, windowBlocks };
  const attempt = planAttempt({
    intentId: id,
    number: 1,
    kind: 'original',
    networkFeeMax: networkFee,
    now,
  });
  const intent = makeIntent({ id, purpose, terms, authority: 'elsewhere', now });
  const planned = { intent, attempts: [attempt] };
  const prepared: PreparedTransaction = {
    hash,
    systemFee,
    networkFee,
    validUntilBlock,
    preparedHeight,
    preparedAt: now,
  };
  const signable = toPrepared(planned, attempt, prepared, moment);
  const [signed = attempt] = signable.attempts;
  return { planned, attempt, prepared, live: toLive(signable, signed, moment) };
}
