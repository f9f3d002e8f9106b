/**
 * Keys, audit logs and receipts as the platform would sign them, made here with keys of the test.
 */
import { p256 } from '@noble/curves/nist.js';
import { base64urlnopad } from '@scure/base';
import { encodeCheckpoint, type SignedCheckpoint } from '../../../worker/core/audit/checkpoint.ts';
import { type AuditEntry, chainEntry, genesisHead } from '../../../worker/core/audit/entry.ts';
import type { AuditExport } from '../../../worker/core/audit/verify.ts';
import { signingKeyId } from '../../../worker/core/crypto/derived-keys.ts';
import { encodePublicJwk, publicPointOf } from '../../../worker/core/crypto/es256.ts';
import {
  type Signature,
  type SigningPurpose,
  signingInput,
} from '../../../worker/core/crypto/signature.ts';
import { encodeStatement, type Statement } from '../../../worker/core/proofs/statement.ts';
import { buildReceipt, encodeReceipt } from '../../../worker/core/receipt/receipt.ts';

const SECRET_KEY = new Uint8Array(32).fill(7);
export const SALT = new Uint8Array(32).fill(9);
const AT = '2026-11-01T10:00:00.000Z';

export function listedKey(secretKey = SECRET_KEY, more: object = {}) {
  const point = publicPointOf(secretKey);
  return {
    keyId: signingKeyId(point),
    algorithm: 'ES256',
    publicKey: encodePublicJwk(point),
    firstSeenAt: '2026-10-01T00:00:00.000Z',
    retiredAt: null,
    ...more,
  };
}

function sign(purpose: SigningPurpose, payload: Uint8Array, secretKey = SECRET_KEY): Signature {
  const value = base64urlnopad.encode(p256.sign(signingInput(purpose, payload), secretKey));
  const keyId = signingKeyId(publicPointOf(secretKey));
  return { algorithm: 'ES256', keyId, value, attested: false };
}

/** Entries 1 to `count` with a checkpoint over every ten. */
export function auditExport(count: number, accountId = 'acc_1'): AuditExport {
  const entries: AuditEntry[] = [];
  for (let n = 1; n <= count; n += 1)
    entries.push(
      chainEntry(entries.at(-1) ?? genesisHead(accountId), `aud_${n}`, {
        at: AT,
        actor: { kind: 'operator', id: 'ops' },
        operation: 'secrets.createSecret',
        outcome: 'ok',
        details: { version: n },
      }),
    );
  const covered = entries.filter(({ sequence }) => sequence % 10 === 0);
  return {
    accountId,
    entries,
    checkpoints: covered.map((entry) => checkpointOf(accountId, entry)),
  };
}

function checkpointOf(accountId: string, { sequence, hash }: AuditEntry): SignedCheckpoint {
  const checkpoint = { accountId, sequence, hash, entries: 10, at: AT, cutBefore: 1 };
  return { checkpoint, signature: sign('audit-checkpoint', encodeCheckpoint(checkpoint)) };
}

/** A statement as the API gives it. */
export const signedStatement = (statement: Statement, secretKey?: Uint8Array<ArrayBuffer>) => ({
  network: statement.network,
  height: statement.height,
  status: 'proven',
  reason: null,
  cutAt: statement.cutAt,
  statement,
  signature: sign('trial-balance', encodeStatement(statement), secretKey),
});

interface SignedRun {
  readonly input: unknown;
  readonly journal: unknown;
  readonly output: unknown;
  readonly fuel: bigint;
  readonly runtimeVersion: string;
}

export function signedRun(run: SignedRun) {
  const built = buildReceipt({
    executionId: 'exe_01k4j8x1e0e4r9v2m3n5p6q7rs',
    codeHash: 'a'.repeat(64),
    salt: SALT,
    ...run,
  });
  if (!built.ok) throw new Error('the values of a test receipt are JSON');
  return { receipt: built.value, signature: sign('receipt', encodeReceipt(built.value)) };
}

export const signedReceipt = (input: unknown, output: unknown) =>
  signedRun({ input, output, journal: [], fuel: 181_233n, runtimeVersion: 'b'.repeat(64) });
