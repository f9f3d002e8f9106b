/**
 * `POST /accounts/{accountId}/transactions` with a whole transaction: what it says is taken, and what
 * a wallet must not be made to sign is refused (money rule M20).
 */
import { describe, expect, it } from 'vitest';
import { CALL_FLAGS } from '../../../worker/core/neo/call-flags.ts';
import { decodeHash256 } from '../../../worker/core/neo/hash256.ts';
import { parseScriptHash, type ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractCall } from '../../../worker/core/neo/stack-argument.ts';
import type { UnsignedTransaction } from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import { SMALL_CHAIN } from '../../support/small-chain.ts';
import { unsigned } from '../wallets/wallets-under-test.ts';
import { create, type Funded, openFunded, POLICY, senderOf } from './transactions-under-test.ts';

const hashOf = (text: string): ScriptHash => {
  const hash = parseScriptHash(text);
  if (!hash) throw new Error('not a script hash');
  return hash;
};
const OTHER = hashOf(`0x${'22'.repeat(20)}`);
const FEES = { systemFee: 20_000_000n, networkFee: 10_000_000n };

const transferOf = (from: ScriptHash): ContractCall => ({
  contract: SMALL_CHAIN.gas,
  method: 'transfer',
  args: [
    { type: 'Hash160', value: from },
    { type: 'Hash160', value: OTHER },
    { type: 'Integer', value: 5n },
    { type: 'Any', value: null },
  ],
  flags: CALL_FLAGS.All,
  result: 'asserted',
});

const rawOf = ({ scriptHash }: Funded, changes: Partial<UnsignedTransaction> = {}) => {
  const from = hashOf(scriptHash);
  return unsigned(from, [transferOf(from)], { ...FEES, ...changes });
};
const send = (funded: Funded, changes: Partial<UnsignedTransaction> = {}) =>
  create(funded, { calls: undefined, raw: rawOf(funded, changes) });

describe('201', () => {
  it('takes its script, scopes and attributes, and its fees as the maxima', async () => {
    const funded = await openFunded();
    const sent = await send(funded, { attributes: [{ type: 'NotValidBefore', height: 3 }] });
    expect(sent).toMatchObject({
      status: 201,
      body: {
        status: 'sending',
        systemFeeMax: '20000000',
        networkFeeMax: '10000000',
        signers: [{ account: funded.scriptHash, scopes: 'CalledByEntry' }],
        attributes: [{ type: 'NotValidBefore', height: 3 }],
      },
    });
  });

  it('writes nonce and validUntilBlock anew, so that the same bytes twice are two', async () => {
    const funded = await openFunded();
    const answers = [await send(funded), await send(funded)];
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(2);
    const listed = await senderOf(funded).list({ limit: 10 });
    expect(listed.ok && listed.value.items).toHaveLength(2);
  });
});

describe('422', () => {
  const signer = ({ scriptHash }: Funded) => ({
    account: hashOf(scriptHash),
    scopes: CALLED_BY_ENTRY,
  });
  const second = { account: OTHER, scopes: CALLED_BY_ENTRY };

  it.each([
    ['a second signer', (funded: Funded) => ({ signers: [signer(funded), second] })],
    [
      'another payer, with the wallet behind',
      (funded: Funded) => ({ signers: [second, signer(funded)] }),
    ],
    ['another signer', () => ({ signers: [second] })],
    [
      'a Conflicts attribute, which could void a payment of the wallet',
      () => ({
        attributes: [{ type: 'Conflicts' as const, hash: decodeHash256(new Uint8Array(32)) }],
      }),
    ],
    ['a fee above all bounds', () => ({ systemFee: 1_000_000_000_001n })],
  ])('M20: refuses %s', async (_what, changes) => {
    const funded = await openFunded();
    const refused = await send(funded, changes(funded));
    expect(refused).toMatchObject({ status: 422, body: { code: 'transactions.raw_refused' } });
    const listed = await senderOf(funded).list({ limit: 10 });
    expect(listed.ok && listed.value.items).toEqual([]);
  });

  it('M20: refuses attributes that the policy has no place for', async () => {
    const funded = await openFunded();
    const refused = await send(funded, { attributes: [{ type: 'HighPriority' }] });
    expect(refused.body.code).toBe('wallets.policy_refused');
    expect(refused.body.detail).toContain('HighPriority');
  });

  it('M20: is bound by the policy in its own fees', async () => {
    const funded = await openFunded();
    const above = BigInt(POLICY.systemFeeMax) + 1n;
    expect((await send(funded, { systemFee: above })).body.code).toBe('wallets.policy_refused');
    expect((await send(funded, { networkFee: 1n })).body.code).toBe(
      'transactions.fee_above_maximum',
    );
  });
});
