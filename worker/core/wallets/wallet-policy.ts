/**
 * What a wallet may sign by itself. A policy names what is free: contracts without an amount limit,
 * and tokens up to an amount a UTC day. Whatever else a transaction does needs approvals, or is
 * refused where the policy asks for none. Amounts are read only where they cannot be other than
 * they look: in `transfer` calls of a canonical script whose witness counts nowhere deeper (money
 * rule M20). What a simulation shows is not asked: state, time and hash can fool it.
 */
import { decodeCalls, type LiteralCall } from '../neo/contract-calls.ts';
import type { Hash256 } from '../neo/hash256.ts';
import { NATIVE_CONTRACTS } from '../neo/native-contracts.ts';
import { decodeScriptHash, SCRIPT_HASH_BYTES, type ScriptHash } from '../neo/script-hash.ts';
import type { Attribute } from '../neo/transaction/attribute.ts';
import { faultOfUnsigned, type UnsignedTransaction } from '../neo/transaction/transaction.ts';
import type { WitnessScopes } from '../neo/transaction/witness-scope.ts';

/** Scope `None` needs no leave, and `CustomContracts` has its leave by contract. */
export const SCOPE_NAMES = ['CalledByEntry', 'CustomGroups', 'WitnessRules', 'Global'] as const;
export type ScopeName = (typeof SCOPE_NAMES)[number];

/** Free without an amount limit. */
export interface ContractRule {
  readonly contract: ScriptHash;
  /** Null for all of them, those of a later update too. */
  readonly methods: readonly string[] | null;
}

/** Free up to an amount, in the smallest unit. */
export interface TokenRule {
  readonly token: ScriptHash;
  readonly perDay: bigint;
}

export interface WalletPolicy {
  readonly contracts: readonly ContractRule[];
  readonly tokens: readonly TokenRule[];
  /** What the wallet's witness may be given at all; anything wider than entry is never free. */
  readonly scopes: readonly ScopeName[];
  /** Contracts that the scope `CustomContracts` may name. */
  readonly customContracts: readonly ScriptHash[];
  /** Datoshi; a transaction that costs the wallet more is refused. */
  readonly systemFeeMax: bigint;
  readonly networkFeeMax: bigint;
  /** k, for what is not free; null refuses it. */
  readonly approvals: number | null;
}

/** What a wallet spent on a day, approved or not, as verdicts before said. */
export interface Spent {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly amounts: Amounts;
}
export type Amounts = ReadonlyMap<ScriptHash, bigint>;

export interface PolicyQuestion {
  readonly policy: WalletPolicy;
  readonly wallet: ScriptHash;
  readonly transaction: UnsignedTransaction;
  /** Attempts of the same intent, the only ones that it may displace. */
  readonly replaces: readonly Hash256[];
  readonly spent: Spent;
  readonly now: number;
}

export type PolicyVerdict =
  | { readonly kind: 'allowed'; readonly spends: Spent }
  | {
      readonly kind: 'approvals';
      readonly approvals: number;
      readonly reasons: readonly string[];
      /** As far as it can be read. */
      readonly spends: Spent;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

const GAS = NATIVE_CONTRACTS.GasToken.hash;
const DAY_MS = 86_400_000;
/** `RET`, a script that does nothing: what displaces a transaction. */
const RET = 0x40;

/** UTC. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);

/** Pure, and asked again whenever the bridge is to sign: the day and the policy may have changed. */
export function decideByPolicy(question: PolicyQuestion): PolicyVerdict {
  const { policy, wallet, transaction, now } = question;
  const refusals = refusalsOf(question);
  if (refusals.length > 0) return { kind: 'refused', reasons: refusals };
  const calls = readScript(transaction.script);
  const spends = { day: dayOf(now), amounts: amountsOf(wallet, transaction, calls ?? []) };
  const reasons = [
    ...reasonsOfScopes(policy, scopesOf(wallet, transaction) ?? 'Global'),
    ...reasonsOfCalls(policy, wallet, calls),
    ...reasonsOfAmounts(policy, spends, question.spent),
  ];
  if (reasons.length === 0) return { kind: 'allowed', spends };
  const { approvals } = policy;
  return approvals === null
    ? { kind: 'refused', reasons }
    : { kind: 'approvals', approvals, reasons, spends };
}

/** Whether calls of the method are free without an amount limit. */
export const permits = ({ contracts }: WalletPolicy, contract: ScriptHash, method: string) =>
  contracts.some((rule) => rule.contract === contract && (rule.methods?.includes(method) ?? true));

export const permitsAll = ({ contracts }: WalletPolicy, contract: ScriptHash): boolean =>
  contracts.some((rule) => rule.contract === contract && rule.methods === null);

/** Null where the policy has no amount for the token: then not even a transfer of 0 is free. */
export function allowanceOf(policy: WalletPolicy, token: ScriptHash): bigint | 'unlimited' | null {
  if (permits(policy, token, 'transfer')) return 'unlimited';
  return policy.tokens.find((rule) => rule.token === token)?.perDay ?? null;
}

const scopesOf = (wallet: ScriptHash, { signers }: UnsignedTransaction) =>
  signers.find(({ account }) => account === wallet)?.scopes;

/** The sender pays both fees. */
const paysFees = (wallet: ScriptHash, { signers }: UnsignedTransaction): boolean =>
  signers[0]?.account === wallet;

/** What no approval mends. */
export function refusalsOf({
  policy,
  wallet,
  transaction,
  replaces,
}: PolicyQuestion): readonly string[] {
  // The attack: the wallet stands twice, and only the narrower of its scopes is looked at.
  const fault = faultOfUnsigned(transaction);
  if (fault !== null) return [fault];
  const scopes = scopesOf(wallet, transaction);
  if (scopes === undefined) return ['the wallet is not among its signers'];
  const reasons = [...refusedScopes(policy, scopes)];
  if (paysFees(wallet, transaction)) {
    const { systemFee, networkFee } = transaction;
    if (systemFee > policy.systemFeeMax) reasons.push('its system fee is above the maximum');
    if (networkFee > policy.networkFeeMax) reasons.push('its network fee is above the maximum');
  }
  for (const attribute of transaction.attributes)
    if (!isHarmless(attribute, replaces)) reasons.push(`it has the attribute ${attribute.type}`);
  return reasons;
}

/** Conflicts with anything but the same intent would void another payment of the wallet. */
const isHarmless = (attribute: Attribute, replaces: readonly Hash256[]): boolean =>
  attribute.type === 'NotValidBefore' ||
  (attribute.type === 'Conflicts' && replaces.includes(attribute.hash));

function* refusedScopes(policy: WalletPolicy, scopes: WitnessScopes): Generator<string> {
  for (const name of namesOf(scopes))
    if (!policy.scopes.includes(name)) yield `the policy has no scope ${name}`;
  for (const contract of contractsOf(scopes))
    if (!policy.customContracts.includes(contract))
      yield `the policy has no scope CustomContracts for ${contract}`;
}

/** A list that is given and empty allows nothing. */
function namesOf(scopes: WitnessScopes): readonly ScopeName[] {
  if (scopes === 'Global') return ['Global'];
  const { calledByEntry, groups = [], rules = [] } = scopes;
  return [
    ...(calledByEntry ? (['CalledByEntry'] as const) : []),
    ...(groups.length > 0 ? (['CustomGroups'] as const) : []),
    ...(rules.length > 0 ? (['WitnessRules'] as const) : []),
  ];
}

const contractsOf = (scopes: WitnessScopes): readonly ScriptHash[] =>
  scopes === 'Global' ? [] : (scopes.contracts ?? []);

/**
 * With a witness that counts deeper than the entry script, a contract that is called could move
 * tokens that no call of the script names. Within a contract that is free anyway it may count.
 */
function* reasonsOfScopes(policy: WalletPolicy, scopes: WitnessScopes): Generator<string> {
  for (const name of namesOf(scopes))
    if (name !== 'CalledByEntry') yield `the scope ${name} is wider than the entry script`;
  for (const contract of contractsOf(scopes))
    if (!permitsAll(policy, contract)) yield `the scope CustomContracts reaches into ${contract}`;
}

/** Null for what is no sequence of literal calls. */
function readScript(script: Uint8Array): readonly LiteralCall[] | null {
  if (script.length === 1 && script[0] === RET) return [];
  const decoded = decodeCalls(script);
  return decoded.ok ? decoded.value : null;
}

function* reasonsOfCalls(
  policy: WalletPolicy,
  wallet: ScriptHash,
  calls: readonly LiteralCall[] | null,
): Generator<string> {
  if (calls === null) yield 'its script is not a sequence of literal calls';
  for (const call of calls ?? []) {
    const { contract, method } = call;
    const isCounted = amountOf(call, wallet) !== null;
    if (!isCounted && !permits(policy, contract, method))
      yield `the policy does not have ${JSON.stringify(method)} of ${contract}`;
  }
}

/**
 * The amount a call takes from the wallet; null for any other call, and for a transfer that is not
 * NEP-17's in its literal form: the machine would read a number in bytes, too.
 */
export function amountOf({ method, args }: LiteralCall, wallet: ScriptHash): bigint | null {
  const [from, to, amount] = args;
  if (method !== 'transfer' || args.length !== 4) return null;
  if (from?.type !== 'ByteString' || from.value.length !== SCRIPT_HASH_BYTES) return null;
  if (decodeScriptHash(from.value) !== wallet) return null;
  if (to?.type !== 'ByteString' || to.value.length !== SCRIPT_HASH_BYTES) return null;
  // The attack: a negative amount beside a positive one, and the sum looks small.
  return amount?.type === 'Integer' && amount.value >= 0n ? amount.value : null;
}

function amountsOf(
  wallet: ScriptHash,
  transaction: UnsignedTransaction,
  calls: readonly LiteralCall[],
): Amounts {
  const amounts = new Map<ScriptHash, bigint>();
  const add = (token: ScriptHash, amount: bigint) =>
    amounts.set(token, (amounts.get(token) ?? 0n) + amount);
  const { systemFee, networkFee } = transaction;
  const fees = paysFees(wallet, transaction) ? systemFee + networkFee : 0n;
  if (fees > 0n) add(GAS, fees);
  for (const call of calls) {
    const amount = amountOf(call, wallet);
    if (amount !== null) add(call.contract, amount);
  }
  return amounts;
}

function* reasonsOfAmounts(policy: WalletPolicy, spends: Spent, spent: Spent): Generator<string> {
  for (const [token, amount] of spends.amounts) {
    const allowance = allowanceOf(policy, token);
    if (allowance === 'unlimited') continue;
    // A day that has begun elsewhere already counts: clocks differ, limits must not.
    const before = spent.day >= spends.day ? (spent.amounts.get(token) ?? 0n) : 0n;
    if (allowance === null) yield `the policy has no amount for ${token}`;
    else if (before + amount > allowance) yield `more than ${allowance} a day of ${token}`;
  }
}
