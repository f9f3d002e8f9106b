/**
 * The receipt of an execution: which code ran on which input, what it saw, what it gave, what it
 * cost. It is signed over its canonical JSON (RFC 8785). Hashes of what the tenant owns are salted
 * with 32 fresh bytes per execution, which are kept sealed and never stand in the receipt: a
 * receipt can be published without its small inputs being guessed from it, and whoever is given the
 * salt can check each hash alone. `codeHash` is the content address of the code and has no salt, so
 * that runs of the same code can be told.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as z from 'zod';
import { assert } from '../assert.ts';
import { encodeCanonicalJson, parseCanonicalJson } from '../canonical-json.ts';
import { DOMAINS, domainSeparated } from '../crypto/domains.ts';
import {
  type SignatureRefusal,
  type SigningPublicKey,
  signatureSchema,
  signingInput,
  verifySignature,
} from '../crypto/signature.ts';
import { isId } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';

export const RECEIPT_SALT_BYTES = 32;

/** A salt as it stands in a stored journal, and back. */
export const encodeSalt = (salt: Uint8Array): string => bytesToHex(salt);
export const decodeSalt = (text: string): Uint8Array => hexToBytes(text);

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const receiptSchema = z.strictObject({
  executionId: z.string().refine((text) => isId('execution', text), 'not an execution id'),
  codeHash: hashSchema,
  inputHash: hashSchema,
  journalHash: hashSchema,
  outputHash: hashSchema,
  /** Decimal: fuel passes 2^53 in no run, but a reader in any language must get it exactly. */
  fuel: z.string().regex(/^(0|[1-9][0-9]{0,18})$/),
  runtimeVersion: hashSchema,
});
export type Receipt = Readonly<z.infer<typeof receiptSchema>>;

const DOMAIN_OF_PART = {
  input: DOMAINS.receiptInput,
  journal: DOMAINS.receiptJournal,
  output: DOMAINS.receiptOutput,
} as const;
export type ReceiptPart = keyof typeof DOMAIN_OF_PART;

export interface SaltedValue {
  readonly part: ReceiptPart;
  readonly salt: Uint8Array;
  readonly value: unknown;
}

/**
 * SHA-256 over label || 0x00 || salt || RFC 8785 bytes, as hex. The label keeps equal input and
 * output apart.
 */
export function saltedHash({
  part,
  salt,
  value,
}: SaltedValue): Result<string, 'request.malformed'> {
  assert(salt.length === RECEIPT_SALT_BYTES, 'a receipt salt has 32 bytes');
  const canonical = parseCanonicalJson(value);
  if (!canonical.ok) return canonical;
  return ok(bytesToHex(sha256(domainSeparated(DOMAIN_OF_PART[part], salt, canonical.value))));
}

export interface ReceiptSubject {
  readonly executionId: string;
  readonly codeHash: string;
  readonly salt: Uint8Array;
  readonly input: unknown;
  readonly journal: unknown;
  readonly output: unknown;
  readonly fuel: bigint;
  readonly runtimeVersion: string;
}

export function buildReceipt(subject: ReceiptSubject): Result<Receipt, 'request.malformed'> {
  const { salt, executionId, codeHash, runtimeVersion } = subject;
  const inputHash = saltedHash({ part: 'input', salt, value: subject.input });
  if (!inputHash.ok) return inputHash;
  const journalHash = saltedHash({ part: 'journal', salt, value: subject.journal });
  if (!journalHash.ok) return journalHash;
  const outputHash = saltedHash({ part: 'output', salt, value: subject.output });
  if (!outputHash.ok) return outputHash;
  const receipt = receiptSchema.safeParse({
    executionId,
    codeHash,
    inputHash: inputHash.value,
    journalHash: journalHash.value,
    outputHash: outputHash.value,
    fuel: subject.fuel.toString(),
    runtimeVersion,
  });
  assert(receipt.success, 'a receipt we build satisfies its own schema');
  return ok(receipt.data);
}

/** The payload of the signature with purpose `receipt`. */
export const encodeReceipt = (receipt: Receipt): Uint8Array => encodeCanonicalJson(receipt);

/** What the audit chain holds: the digest that the signature is over. */
export const receiptHash = (receipt: Receipt): string =>
  bytesToHex(sha256(signingInput('receipt', encodeReceipt(receipt))));

export interface ReceiptCheck {
  /**
   * As read from a file or an answer; both are parsed here, so an unsigned extra field is refused.
   */
  readonly receipt: unknown;
  readonly signature: unknown;
  readonly publicKeys: readonly SigningPublicKey[];
}

export interface VerifiedReceipt {
  readonly receipt: Receipt;
  readonly keyId: string;
}

export function verifyReceipt(
  check: ReceiptCheck,
): Result<VerifiedReceipt, 'request.malformed' | SignatureRefusal> {
  const receipt = receiptSchema.safeParse(check.receipt);
  if (!receipt.success) return err('request.malformed', { detail: 'This is not a receipt' });
  const signature = signatureSchema.safeParse(check.signature);
  if (!signature.success) return err('request.malformed', { detail: 'This is not a signature' });
  const verified = verifySignature({
    purpose: 'receipt',
    payload: encodeReceipt(receipt.data),
    signature: signature.data,
    publicKeys: check.publicKeys,
  });
  if (!verified.ok) return verified;
  return ok({ receipt: receipt.data, keyId: verified.value.keyId });
}
