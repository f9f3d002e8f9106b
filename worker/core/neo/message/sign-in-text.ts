/**
 * The text a wallet shows and signs to sign in: the form of EIP-4361 and CAIP-122 for Neo, with the
 * network as its CAIP-2 id. It says for which site, account, network and moment it holds, so a
 * signature got by another site is worth nothing here, whatever layout the wallet signs it in. There
 * is one text for one set of fields: what is read is written again and must be equal, so nothing can
 * stand in a text that its reader did not see.
 */
import { assert } from '../../assert.ts';
import { encodeAddress, parseAddress } from '../address.ts';
import { networkIdSchema } from '../network-settings.ts';
import type { ScriptHash } from '../script-hash.ts';
import { hostOf, isDomain } from './domain.ts';
import { LIMITS } from './limits.ts';

export interface SignIn {
  readonly domain: string;
  readonly account: ScriptHash;
  /** A sentence for the person who signs; printable ASCII on one line. */
  readonly statement?: string;
  /** What is signed in to, on the domain itself. */
  readonly uri: string;
  /** CAIP-2 id, such as `neo3:mainnet`. */
  readonly network: string;
  /** Single use; at least 8 letters and digits. */
  readonly nonce: string;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
}

const NONCE = /^[A-Za-z0-9]{8,64}$/;
const STATEMENT = /^[\x20-\x7e]+$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
/** The last second of the year 9999, after which the form of a time changes. */
const SECONDS_MAX = 253_402_300_799;

const TEXT = new RegExp(
  [
    '^(?<domain>[^\\s]+) wants you to sign in with your Neo account:',
    '(?<address>[^\\s]+)',
    '',
    '(?:(?<statement>[^\\n]+)\\n)?',
    'URI: (?<uri>[^\\s]+)',
    'Version: 1',
    'Chain ID: (?<network>[^\\s]+)',
    'Nonce: (?<nonce>[^\\s]+)',
    'Issued At: (?<issuedAt>[^\\s]+)',
    'Expiration Time: (?<expiresAt>[^\\s]+)$',
  ].join('\\n'),
);

export function formatSignIn(signIn: SignIn): string {
  assert(isSignIn(signIn), 'the fields of a sign-in');
  return format(signIn);
}

/** Null for every text but those that `formatSignIn` makes. */
export function parseSignIn(text: string): SignIn | null {
  if (text.length > LIMITS.signInTextCharsMax.value) return null;
  const fields = TEXT.exec(text)?.groups;
  const account = parseAddress(fields?.['address'] ?? '');
  if (!fields || account === null) return null;
  const { domain = '', statement, uri = '', network = '', nonce = '' } = fields;
  const signIn: SignIn = {
    domain,
    account,
    ...(statement === undefined ? {} : { statement }),
    uri,
    network,
    nonce,
    issuedAtSeconds: parseTime(fields['issuedAt'] ?? ''),
    expiresAtSeconds: parseTime(fields['expiresAt'] ?? ''),
  };
  return isSignIn(signIn) && format(signIn) === text ? signIn : null;
}

function isSignIn(signIn: SignIn): boolean {
  const { domain, statement, uri, network, nonce, issuedAtSeconds, expiresAtSeconds } = signIn;
  return (
    isDomain(domain) &&
    (statement === undefined || isStatement(statement)) &&
    uri.length <= LIMITS.uriCharsMax.value &&
    // Another host in the URI would show one site and sign in to another.
    hostOf(uri) === domain &&
    networkIdSchema.safeParse(network).success &&
    NONCE.test(nonce) &&
    isTime(issuedAtSeconds) &&
    isTime(expiresAtSeconds) &&
    issuedAtSeconds < expiresAtSeconds
  );
}

const isStatement = (text: string): boolean =>
  STATEMENT.test(text) && text.length <= LIMITS.statementCharsMax.value;

const isTime = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 0 && seconds <= SECONDS_MAX;

const format = (signIn: SignIn): string =>
  formatLines({ ...signIn, wallet: 'Neo', address: encodeAddress(signIn.account) });

export interface SignInLines extends Omit<SignIn, 'account'> {
  readonly wallet: 'Neo' | 'Ethereum';
  readonly address: string;
}

/** The lines that EIP-4361 and its form for Neo have in common; the fields are the caller's to check. */
export const formatLines = (signIn: SignInLines): string =>
  [
    `${signIn.domain} wants you to sign in with your ${signIn.wallet} account:`,
    signIn.address,
    '',
    ...(signIn.statement === undefined ? [] : [signIn.statement]),
    '',
    `URI: ${signIn.uri}`,
    'Version: 1',
    `Chain ID: ${signIn.network}`,
    `Nonce: ${signIn.nonce}`,
    `Issued At: ${formatTime(signIn.issuedAtSeconds)}`,
    `Expiration Time: ${formatTime(signIn.expiresAtSeconds)}`,
  ].join('\n');

/** RFC 3339 in UTC and whole seconds. */
const formatTime = (seconds: number): string =>
  new Date(1000 * seconds).toISOString().replace('.000Z', 'Z');

/** NaN, which is no time, for another form. */
const parseTime = (text: string): number =>
  TIME.test(text) ? Date.parse(text) / 1000 : Number.NaN;
