/**
 * The contracts that are part of the node, at the same hash on every network: RIPEMD-160 of
 * SHA-256 over a script that names them, with no sender and checksum 0 (contract-hash.ts; a test
 * computes them again). Notary exists from Echidna on and Treasury from Faun: before, their hashes
 * are of contracts that are not there.
 */
import type { ScriptHash } from './script-hash.ts';

export interface NativeContract {
  readonly id: number;
  readonly hash: ScriptHash;
}

const native = (id: number, hash: `0x${string}`): NativeContract => ({
  id,
  hash: hash as ScriptHash, // Of the table below, which a test computes again.
});

export const NATIVE_CONTRACTS = {
  ContractManagement: native(-1, '0xfffdc93764dbaddd97c48f252a53ea4643faa3fd'),
  StdLib: native(-2, '0xacce6fd80d44e1796aa0c2c625e9e4e0ce39efc0'),
  CryptoLib: native(-3, '0x726cb6e0cd8628a1350a611384688911ab75f51b'),
  LedgerContract: native(-4, '0xda65b600f7124ce6c79950c1772a36403104f2be'),
  NeoToken: native(-5, '0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5'),
  GasToken: native(-6, '0xd2a4cff31913016155e38e474a2c06d08be276cf'),
  PolicyContract: native(-7, '0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b'),
  RoleManagement: native(-8, '0x49cf4e5378ffcd4dec034fd98a174c5491e395e2'),
  OracleContract: native(-9, '0xfe924b7cfe89ddd271abaf7210a80a7e11178758'),
  Notary: native(-10, '0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b'),
  Treasury: native(-11, '0x156326f25b1b5d839a4d326aeaa75383c9563ac1'),
} as const satisfies Record<string, NativeContract>;

export type NativeContractName = keyof typeof NATIVE_CONTRACTS;
