/**
 * Prefixed, sortable ids in the TypeID form (https://github.com/jetify-com/typeid, spec 0.3): a
 * short word for the kind, `_`, and a UUIDv7 (RFC 9562 section 5.7) as 26 lower-case Crockford
 * base32 characters. Ids of one kind sort by the millisecond they were made in. Core makes none of
 * its own: time and 10 random bytes are arguments.
 */
import { assert } from './assert.ts';

export const ID_PREFIXES = {
  account: 'acc',
  apiKey: 'key',
  workspaceWallet: 'wal',
  secret: 'sec',
  function: 'fn',
  functionVersion: 'fnv',
  execution: 'exe',
  auditEntry: 'aud',
  event: 'evt',
  workItem: 'wrk',
  session: 'ses',
  signInChallenge: 'sic',
  approval: 'apr',
  wallet: 'nwl',
  transaction: 'txn',
  contract: 'con',
  gasAccount: 'gas',
  deposit: 'dep',
  platformWallet: 'pwl',
  withdrawal: 'wdr',
  sponsorshipPolicy: 'spp',
  sponsorship: 'spn',
  request: 'req',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SUFFIX_LENGTH = 26;

export interface IdSource {
  readonly now: number;
  /** Exactly 10 fresh random bytes. */
  readonly random: Uint8Array;
}

export function createId(kind: IdKind, source: IdSource): string {
  return `${ID_PREFIXES[kind]}_${encodeBase32(uuidV7(source))}`;
}

/**
 * The pattern every id of this kind matches; the first character carries only 3 bits, hence 0-7.
 */
export const idPattern = (kind: IdKind): RegExp =>
  new RegExp(`^${ID_PREFIXES[kind]}_[0-7][${ALPHABET}]{${SUFFIX_LENGTH - 1}}$`);

const SUFFIX = new RegExp(`^[0-7][${ALPHABET}]{${SUFFIX_LENGTH - 1}}$`);

export const isId = (kind: IdKind, text: string): boolean =>
  text.startsWith(`${ID_PREFIXES[kind]}_`) &&
  SUFFIX.test(text.slice(-SUFFIX_LENGTH)) &&
  text.length === ID_PREFIXES[kind].length + 1 + SUFFIX_LENGTH;

/** The millisecond in which an id was made, read from its first 48 bits. */
export function idTime(id: string): number {
  const suffix = id.slice(-SUFFIX_LENGTH);
  let value = 0n;
  for (const character of suffix) value = (value << 5n) | BigInt(ALPHABET.indexOf(character));
  return Number(value >> 80n);
}

/** RFC 9562 section 5.7: 48 bits of time, version 7, 12 random bits, variant 10, 62 random bits. */
function uuidV7({ now, random }: IdSource): Uint8Array {
  assert(random.length === 10, 'an id needs exactly 10 random bytes');
  assert(Number.isInteger(now) && now >= 0 && now < 2 ** 48, 'an id needs a time of 48 bits');
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 2 ** 16));
  view.setUint16(4, now % 2 ** 16);
  bytes.set(random.subarray(2), 8);
  const [first = 0, second = 0, third = 0] = random;
  view.setUint16(6, (7 << 12) | (first << 4) | (second >> 4));
  view.setUint8(8, 0x80 | (third & 0x3f));
  return bytes;
}

/** Crockford's base32 of 128 bits, which two leading zero bits make 26 times five. */
function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 2;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    for (; held >= 5; held -= 5) text += ALPHABET.charAt((bits >>> (held - 5)) & 31);
    bits &= 31;
  }
  return text;
}
