/**
 * The accounts of the private network. Every key follows from its name, so that addresses stay the
 * same from run to run and may stand in notes and tests; whoever reads this file has them all.
 */
import { createHash } from 'node:crypto';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import {
  decodePrivateKey,
  type PrivateKey,
  publicKeyOf,
} from '../../worker/core/neo/private-key.ts';
import { comparePublicKeys, type PublicKey } from '../../worker/core/neo/public-key.ts';
import { type ScriptHash, scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import {
  encodeMultisigScript,
  encodeSignatureScript,
} from '../../worker/core/neo/verification-script.ts';
import { encodeWif, parseWif } from '../../worker/core/neo/wif.ts';
import { VALIDATOR } from './config.ts';

/** What is needed to make the witness of an account. */
export interface SigningAccount {
  readonly address: string;
  readonly scriptHash: ScriptHash;
  readonly verification: Uint8Array;
  /** As many as have to sign, in the order of the script. */
  readonly privateKeys: readonly PrivateKey[];
}

export interface NamedAccount extends SigningAccount {
  readonly name: string;
  readonly publicKey: PublicKey;
  readonly wif: string;
}

/** Funded when the network starts. */
export const FUNDED_NAMES = [
  'operator',
  'deployer',
  'payer',
  'sponsor',
  'approver-1',
  'approver-2',
  'approver-3',
  'stranger',
] as const;

const APPROVERS = ['approver-1', 'approver-2', 'approver-3'];
const APPROVALS_NEEDED = 2;

/** Any name has an account; one that is not among the funded ones is empty. */
export function accountNamed(name: string): NamedAccount {
  const seed = createHash('sha256').update(`neo-service-layer devnet ${name}`).digest();
  return namedAccount(name, required(decodePrivateKey(seed)));
}

/** Two of the three approvers. */
export function councilAccount(): SigningAccount {
  const members = APPROVERS.map(accountNamed);
  return multisigAccount(members, APPROVALS_NEEDED);
}

/** Holds all NEO and GAS that genesis made: the 1-of-1 multi-signature account of the validator. */
export function genesisAccount(): SigningAccount {
  return multisigAccount([namedAccount('validator', required(parseWif(VALIDATOR.wif)))], 1);
}

function namedAccount(name: string, privateKey: PrivateKey): NamedAccount {
  const publicKey = publicKeyOf(privateKey);
  const verification = encodeSignatureScript(publicKey);
  const account = accountOf(verification, [privateKey]);
  return { ...account, name, publicKey, wif: encodeWif(privateKey) };
}

function multisigAccount(members: readonly NamedAccount[], threshold: number): SigningAccount {
  const script = encodeMultisigScript({
    threshold,
    publicKeys: members.map(({ publicKey }) => publicKey),
  });
  if (!script.ok) throw new Error('the members of an account are fixed above');
  const inOrder = members.toSorted((one, other) =>
    comparePublicKeys(one.publicKey, other.publicKey),
  );
  const signing = inOrder.slice(0, threshold).flatMap(({ privateKeys }) => privateKeys);
  return accountOf(script.value, signing);
}

function accountOf(verification: Uint8Array, privateKeys: readonly PrivateKey[]): SigningAccount {
  const scriptHash = scriptHashOf(verification);
  return { address: encodeAddress(scriptHash), scriptHash, verification, privateKeys };
}

function required(key: PrivateKey | null): PrivateKey {
  if (key === null) throw new Error('a key that is fixed in this folder is no key');
  return key;
}
