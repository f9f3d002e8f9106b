/** M3: ids of two tenants, networks or vaults are never the same. */
import { expect, it } from 'vitest';
import { encodeHex } from '../../../worker/core/neo/hex.ts';
import { parseScriptHash } from '../../../worker/core/neo/script-hash.ts';
import { onChainIdOf, type PayoutName } from '../../../worker/core/withdrawals/on-chain-id.ts';

const VAULT = parseScriptHash(`0x${'a1'.repeat(20)}`);
const NAME: PayoutName = {
  magic: 56_753,
  vault: VAULT,
  accountId: 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs',
  payoutId: 'payout-1',
};
const idOf = (changes: Partial<PayoutName> = {}) => encodeHex(onChainIdOf({ ...NAME, ...changes }));

it('is 32 bytes, the same for the same payout', () => {
  expect(idOf()).toMatch(/^[0-9a-f]{64}$/);
  expect(idOf()).toBe(idOf());
});

it.each<[string, Partial<PayoutName>]>([
  ['another network', { magic: 56_754 }],
  ['another vault', { vault: parseScriptHash(`0x${'a2'.repeat(20)}`) }],
  ['no vault', { vault: null }],
  ['another account with the same id', { accountId: 'acc_01k4j8x1e0e4r9v2m3n5p6q7rt' }],
  ['another payout', { payoutId: 'payout-2' }],
])('differs for %s', (_name, changes) => {
  expect(idOf(changes)).not.toBe(idOf());
});

it('does not run account and payout together', () => {
  expect(idOf({ accountId: 'platform', payoutId: 'x1' })).not.toBe(
    idOf({ accountId: 'platformx', payoutId: '1' }),
  );
});
