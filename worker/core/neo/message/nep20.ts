/**
 * Wallet authentication of NEP-20: the challenge that is sent, the answer of a wallet, and whether
 * the one answers the other. That a nonce is used once is the caller's to see to, in one place and
 * before a session is made. Nonces are decimal text below 2^53, because a wallet in use passes them
 * through a JavaScript number; times are seconds, not the milliseconds of blocks.
 */
import { assert } from '../../assert.ts';
import { parseAddress } from '../address.ts';
import { type JsonReader, type Parsed, parseWhole } from '../json-reader.ts';
import { type PublicKey, parsePublicKey } from '../public-key.ts';
import type { ScriptHash } from '../script-hash.ts';
import { SIGNATURE_BYTES, verifySignature } from '../signature.ts';
import { accountOf } from '../verification-script.ts';
import { isDomain } from './domain.ts';
import { LIMITS } from './limits.ts';
import { encodeNep20, NEP20_LAYOUTS, type Nep20Layout } from './nep20-layout.ts';

const ACTION = 'Authentication';
const GRANT_TYPE = 'Signature';
const ALGORITHM = 'ECDSA-P256';
const NONCE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const U32_MAX = 0xffff_ffff;

export interface Nep20Challenge {
  /** The host that the user sees, which the wallet compares with the page's origin. */
  readonly domain: string;
  readonly networkMagics: readonly number[];
  /** Random, below 2^53. */
  readonly nonce: bigint;
  /** When it was issued, in seconds. */
  readonly timestamp: number;
}

/** The form on the wire. */
export interface Nep20ChallengeJson {
  readonly action: typeof ACTION;
  readonly grant_type: typeof GRANT_TYPE;
  readonly allowed_algorithms: readonly [typeof ALGORITHM];
  readonly domain: string;
  readonly networks: readonly number[];
  readonly nonce: string;
  readonly timestamp: number;
}

export interface Nep20Response {
  readonly networkMagic: number;
  readonly publicKey: PublicKey;
  readonly account: ScriptHash;
  readonly nonce: bigint;
  /** By the wallet's clock, in seconds. */
  readonly timestamp: number;
  readonly signature: Uint8Array;
}

export function formatNep20Challenge(challenge: Nep20Challenge): Nep20ChallengeJson {
  const { domain, networkMagics, nonce, timestamp } = challenge;
  assert(isDomain(domain), 'a domain in its one form');
  assert(nonce >= 0n && nonce <= NONCE_MAX, 'a nonce that a number holds');
  assert(networkMagics.length > 0, 'a network to sign in on');
  return {
    action: ACTION,
    grant_type: GRANT_TYPE,
    allowed_algorithms: [ALGORITHM],
    domain,
    networks: networkMagics,
    nonce: nonce.toString(),
    timestamp,
  };
}

/** For the one who answers; a challenge of anybody else may be one that is refused here. */
export const parseNep20Challenge = (json: unknown): Parsed<Nep20Challenge> =>
  parseWhole(json, (reader) => {
    reader.field('action').choice([ACTION]);
    reader.field('grant_type').choice([GRANT_TYPE]);
    const algorithms = reader.field('allowed_algorithms');
    const names = algorithms.list(8, (item) => item.text(32));
    if (!names.includes(ALGORITHM)) algorithms.refuse(`without ${ALGORITHM}`);
    const domain = reader.field('domain');
    return {
      domain: domain.parsed((text) => (isDomain(text) ? text : null), 'a domain'),
      networkMagics: readNetworks(reader.field('networks')),
      nonce: reader.field('nonce').decimal(0n, NONCE_MAX),
      timestamp: reader.field('timestamp').integer(0, U32_MAX),
    };
  });

function readNetworks(reader: JsonReader): readonly number[] {
  const networks = reader.list(LIMITS.challengeNetworksMax.value, (item) =>
    item.integer(0, U32_MAX),
  );
  return networks.length === 0 ? reader.refuse('no network') : networks;
}

export const parseNep20Response = (json: unknown): Parsed<Nep20Response> =>
  parseWhole(json, (reader) => {
    reader.field('algorithm').choice([ALGORITHM]);
    const signature = reader.field('signature').bytes(SIGNATURE_BYTES);
    if (signature.length !== SIGNATURE_BYTES) reader.field('signature').refuse('not 64 bytes');
    return {
      networkMagic: reader.field('network').integer(0, U32_MAX),
      publicKey: reader.field('pubkey').parsed(parsePublicKey, 'a public key'),
      account: reader.field('address').parsed(parseAddress, 'an address'),
      nonce: reader.field('nonce').decimal(0n, NONCE_MAX),
      timestamp: reader.field('timestamp').integer(0, U32_MAX),
      signature,
    };
  });

export interface Nep20Check {
  readonly challenge: Nep20Challenge;
  readonly response: Nep20Response;
  readonly nowSeconds: number;
  /** The accepted layout alone where nothing is said. */
  readonly layouts?: readonly Nep20Layout[];
}

export type Nep20Refusal =
  | 'nonce'
  | 'challenge_expired'
  | 'timestamp'
  | 'network'
  | 'account'
  | 'signature';

export type Nep20Outcome =
  | { readonly ok: true; readonly layout: Nep20Layout }
  | { readonly ok: false; readonly refusal: Nep20Refusal };

/** The refusal is for the log; one who guesses is told nothing but that it failed. */
export function verifyNep20(check: Nep20Check): Nep20Outcome {
  const refusal = refusalOf(check);
  if (refusal !== null) return { ok: false, refusal };
  const { challenge, response, layouts = ['nep-20'] } = check;
  const { publicKey, signature } = response;
  // Action and domain are ours, never the answer's: that is what binds it to this site.
  const fields = { ...response, action: ACTION, domain: challenge.domain };
  const layout = NEP20_LAYOUTS.filter((each) => layouts.includes(each)).find((each) =>
    verifySignature({ message: encodeNep20(each, fields), signature, publicKey }),
  );
  return layout === undefined ? { ok: false, refusal: 'signature' } : { ok: true, layout };
}

function refusalOf({ challenge, response, nowSeconds }: Nep20Check): Nep20Refusal | null {
  const skew = LIMITS.clockSkewSecondsMax.value;
  if (response.nonce !== challenge.nonce) return 'nonce';
  if (nowSeconds - challenge.timestamp > LIMITS.challengeSecondsMax.value)
    return 'challenge_expired';
  if (response.timestamp < challenge.timestamp - skew) return 'timestamp';
  if (response.timestamp > nowSeconds + skew) return 'timestamp';
  if (!challenge.networkMagics.includes(response.networkMagic)) return 'network';
  return accountOf(response.publicKey) === response.account ? null : 'account';
}
