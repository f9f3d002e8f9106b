/** The signed receipt of an execution, checked as anybody outside would. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { receiptHash, saltedHash, verifyReceipt } from '../../../worker/core/receipt/receipt.ts';
import { call } from '../../support/harness.ts';
import { audit, execute, onDisk, openWith, queuedOnly, ran } from './runs-under-test.ts';

describe('200', () => {
  it('verifies with the published keys, and is the one that the audit log names', async () => {
    const { tenant, functionId } = await openWith('(n) => ({ n, r: Math.random() })');
    const { id, fuel } = await ran(tenant, functionId, 5);
    const { body } = await tenant.call(`GET /executions/${id}/receipt`);
    const keys = await call('GET /system/signing-keys', { token: null });
    const verified = verifyReceipt({
      receipt: body.receipt,
      signature: body.signature,
      publicKeys: keys.body.items,
    });
    expect(verified).toMatchObject({ ok: true, value: { keyId: body.signature.keyId } });
    expect(body.signature.attested).toBe(false);
    expect(body.receipt).toMatchObject({ executionId: id, fuel: String(fuel) });
    expect(body.hash).toBe(receiptHash(body.receipt));
    expect(await audit(tenant, 'execution.finished')).toMatchObject([
      { target: { id }, details: { receiptHash: body.hash } },
    ]);
  });

  it('holds hashes that can be checked with the salt of the journal', async () => {
    const { tenant, functionId } = await openWith('(n) => n');
    const { id } = await ran(tenant, functionId, { small: 'input' });
    const journal = (await tenant.call(`GET /executions/${id}/journal`)).body;
    const salt = hexToBytes(journal.salt);
    const input = saltedHash({ part: 'input', salt, value: journal.input });
    expect(input).toEqual({ ok: true, value: journal.receipt.inputHash });
  });

  it('does not tell that two runs had the same input', async () => {
    const { tenant, functionId } = await openWith('(n) => n');
    const receipts = await Promise.all(
      [1, 2].map(async () => {
        const { id } = await ran(tenant, functionId, 'same');
        return (await tenant.call(`GET /executions/${id}/receipt`)).body.receipt;
      }),
    );
    const [one, other] = receipts;
    expect(one.codeHash).toBe(other.codeHash);
    for (const part of ['inputHash', 'outputHash', 'journalHash'])
      expect(one[part]).not.toBe(other[part]);
  });
});

describe('409', () => {
  it('has none before the end, nor for what never ran', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const id = await queuedOnly(tenant, functionId);
    const early = await tenant.call(`GET /executions/${id}/receipt`);
    expect([early.status, early.body.code]).toEqual([409, 'functions.execution_not_ended']);
    await tenant.call(`POST /executions/${id}/cancel`);
    const never = await tenant.call(`GET /executions/${id}/receipt`);
    expect([never.status, never.body.code]).toEqual([409, 'functions.receipt_not_made']);
  });
});

describe('422', () => {
  it('does not show a receipt that was changed, or is that of another execution', async () => {
    const { tenant, functionId } = await openWith('() => 1');
    const { id } = await ran(tenant, functionId);
    const other = (await execute(tenant, functionId)).body.id;
    const columns = 'receipt, receipt_hash, receipt_signature';
    await onDisk(
      tenant,
      `UPDATE executions SET (${columns}) = (SELECT ${columns} FROM executions WHERE id = ?)
       WHERE id = ?`,
      other,
      id,
    );
    const swapped = await tenant.call(`GET /executions/${id}/receipt`);
    expect([swapped.status, swapped.body.code]).toEqual([422, 'signing.signature_invalid']);
  });
});
