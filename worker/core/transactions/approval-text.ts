/**
 * What a person reads before approving a transaction (money rule M19): each call that the script
 * makes, in words, with amounts in the smallest unit. Only what `decodeCalls` vouches for is said;
 * of any other script nothing can be promised but its length, and the person is told so. The
 * request's hash stands beside it and covers everything.
 */
import { encodeAddress } from '../neo/address.ts';
import { decodeCalls, type LiteralCall } from '../neo/contract-calls.ts';
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import { decodeScriptHash, type ScriptHash } from '../neo/script-hash.ts';
import type { UnsignedTransaction } from '../neo/transaction/transaction.ts';
import { namesOfScopes } from '../neo/transaction/witness-scope.ts';
import { amountOf } from '../wallets/wallet-policy.ts';
import { LIMITS } from './limits.ts';

type Described = Pick<UnsignedTransaction, 'script' | 'signers'>;

/** One line of printable ASCII. */
export const describeTransaction = ({ script, signers }: Described, wallet: ScriptHash): string =>
  `${describeScript(script, wallet)}${describeScopes(signers, wallet)}`;

/** With a wider scope, contracts that are called could do more than the calls say. */
function describeScopes(signers: Described['signers'], wallet: ScriptHash): string {
  const scopes = signers.find(({ account }) => account === wallet)?.scopes;
  if (scopes === undefined) return '';
  const names = scopes === 'Global' ? ['Global'] : namesOfScopes(scopes);
  const wider = names.filter((name) => name !== 'CalledByEntry');
  return wider.length === 0 ? '' : `, and whatever the scope ${wider.join(' and ')} lets pass`;
}

function describeScript(script: Uint8Array, wallet: ScriptHash): string {
  const decoded = decodeCalls(script);
  if (!decoded.ok)
    return `a script of ${String(script.length)} bytes whose effects cannot be read from it`;
  const calls = decoded.value;
  const shown = calls.slice(0, LIMITS.approvalCallsShown.value);
  const hidden = calls.length - shown.length;
  const words = shown.map((call) => describeCall(call, wallet));
  if (hidden > 0) words.push(`and ${String(hidden)} more calls that are not shown here`);
  return words.join('; ');
}

/** Names of methods are their authors': nothing of them may forge a line of the text. */
const NOT_PLAIN = /[^\x20-\x7e]/g;

function describeCall(call: LiteralCall, wallet: ScriptHash): string {
  const { contract, method, args } = call;
  const amount = amountOf(call, wallet);
  const to = args[1];
  if (amount === null || to?.type !== 'ByteString') {
    const name = method.slice(0, LIMITS.approvalMethodCharsShown.value).replace(NOT_PLAIN, '?');
    return `a call of ${JSON.stringify(name)} of ${contract}`;
  }
  const receiver = encodeAddress(decodeScriptHash(to.value));
  return `${String(amount)} ${unitOf(contract)} to ${receiver}`;
}

const unitOf = (token: ScriptHash): string =>
  token === NATIVE_CONTRACTS.GasToken.hash ? 'datoshi of GAS' : `of ${token}`;
