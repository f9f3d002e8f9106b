import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../../worker/core/crypto/signature.ts';
import {
  encodeStatement,
  findUnsound,
  statementSchema,
} from '../../../worker/core/proofs/statement.ts';
import { call } from '../../support/harness.ts';
import {
  deposit,
  GAS,
  NETWORK,
  openBank,
  openCustomer,
  proofAt,
  proveAt,
  spend,
} from './proofs-under-test.ts';

async function proven() {
  const bank = await openBank();
  const { accountId } = await openCustomer();
  await deposit(bank, accountId, { amount: 3n * GAS, height: 11 });
  await spend(accountId, GAS);
  await proveAt(bank, 20);
  return (await proofAt(20)).body;
}

describe('200', () => {
  it('is a statement that is sound in itself, signed for this purpose alone', async () => {
    const { statement: answered, signature } = await proven();
    const statement = statementSchema.parse(answered);
    expect(findUnsound(statement)).toBeNull();
    const { items: publicKeys } = (await call('GET /system/signing-keys', { token: null })).body;
    const keys = publicKeys.map(({ keyId, algorithm, publicKey }: Record<string, unknown>) => ({
      keyId,
      algorithm,
      publicKey,
    }));
    const check = { payload: encodeStatement(statement), signature, publicKeys: keys };
    expect(verifySignature({ ...check, purpose: 'trial-balance' }).ok).toBe(true);
    expect(verifySignature({ ...check, purpose: 'receipt' }).ok).toBe(false);
    const forged = encodeStatement({ ...statement, height: 21 });
    expect(verifySignature({ ...check, payload: forged, purpose: 'trial-balance' }).ok).toBe(false);
  });

  it('names no account', async () => {
    expect(JSON.stringify(await proven())).not.toContain('acc_');
  });
});

describe('400', () => {
  it('refuses what is no height', async () => {
    expect((await call(`GET /gasbank/proofs/${NETWORK}/latest`, { token: null })).status).toBe(400);
  });
});

describe('404', () => {
  it('answers it where nothing was stated', async () => {
    await openBank();
    expect((await proofAt(20)).body.code).toBe('request.not_found');
  });

  it('answers it for a network that is not served', async () => {
    const answer = await call('GET /gasbank/proofs/neo3:nowhere/20', { token: null });
    expect(answer.body.code).toBe('chain.network_unknown');
  });
});
