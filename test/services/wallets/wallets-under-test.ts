/** What the tests of wallets need beside the API: wallets, policies, and an account that is governed. */
import { base64 } from '@scure/base';
import { expect } from 'vitest';
import { encodeCalls } from '../../../worker/core/neo/contract-calls.ts';
import type { ScriptHash } from '../../../worker/core/neo/script-hash.ts';
import type { ContractCall } from '../../../worker/core/neo/stack-argument.ts';
import {
  encodeUnsigned,
  type UnsignedTransaction,
} from '../../../worker/core/neo/transaction/transaction.ts';
import { CALLED_BY_ENTRY } from '../../../worker/core/neo/transaction/witness-scope.ts';
import {
  makeWallet as makeMember,
  verifyWallet,
} from '../../contract/fixtures/workspace-wallets.ts';
import type { Called, Tenant } from '../../support/harness.ts';
import { NETWORKS, SMALL_CHAIN } from '../../support/small-chain.ts';

export const ABSENT = 'nwl_01k4j8x1e0e4r9v2m3n5p6q7rs';

/** 1000 datoshi a day, fees among them, and whatever else with two approvals. */
export const POLICY = {
  contracts: [],
  tokens: [{ token: SMALL_CHAIN.gas, perDay: '1000' }],
  scopes: ['CalledByEntry'],
  customContracts: [],
  systemFeeMax: '100',
  networkFeeMax: '100',
  approvals: 2,
} as const;

export async function makeWallet(tenant: Tenant, fields: object = {}): Promise<Called> {
  const body = { network: NETWORKS.up.id, ...fields };
  const made = await tenant.call('POST /wallets', { body });
  expect(made.status, made.text).toBe(201);
  return made;
}

export const pathOf = ({ body }: Called): string => `/wallets/${body.id}`;

/** From now on one member must approve what the wallet policy governs. */
export async function govern(tenant: Tenant): Promise<void> {
  const member = await makeMember(tenant);
  await verifyWallet(member);
  const body = { threshold: 1, members: [member] };
  expect((await tenant.call('PUT /wallet-policy', { body })).status).toBe(200);
}

export const unsigned = (
  account: ScriptHash,
  calls: readonly ContractCall[],
  changes: Partial<UnsignedTransaction> = {},
): string =>
  base64.encode(
    encodeUnsigned({
      nonce: 7,
      systemFee: 20n,
      networkFee: 10n,
      validUntilBlock: 100,
      signers: [{ account, scopes: CALLED_BY_ENTRY }],
      attributes: [],
      script: encodeCalls(calls),
      ...changes,
    }),
  );
