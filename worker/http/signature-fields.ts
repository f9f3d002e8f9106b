/**
 * `Signature-Input` and `Signature` of RFC 9421, read by our profile: one signature, the components
 * that every request covers, the parameters below, and nothing else. Both fields must be written in
 * the one form that RFC 9651 serializes: what a lenient reading would drop in silence (a field sent
 * twice, a label or parameter named twice, a decimal, stray spaces) is no such form and is refused.
 */
import {
  type Dictionary,
  parseDictionary,
  serializeDictionary,
  serializeInnerList,
} from 'structured-headers';
import { LIMITS } from '../core/request-signature/limits.ts';
import { err, ok, type Result } from '../core/result.ts';

export interface SignatureFields {
  /** The value of `@signature-params`, as it was signed. */
  readonly signatureParams: string;
  readonly signature: Uint8Array;
  readonly created: number;
  readonly expires: number | null;
  readonly nonce: string;
  readonly keyId: string;
}

type Read<Value> = Result<Value, 'signature.malformed'>;
const malformed = (detail: string) => err('signature.malformed', { detail });

/** A request carries a signature when it has either field. */
export const carriesSignature = (headers: Headers): boolean =>
  headers.has('signature-input') || headers.has('signature');

export function parseSignatureFields(
  headers: Headers,
  components: readonly string[],
): Read<SignatureFields> {
  const input = parseMember(headers, 'Signature-Input');
  if (!input.ok) return input;
  const made = parseMember(headers, 'Signature');
  if (!made.ok) return made;
  if (input.value.label !== made.value.label)
    return malformed('`Signature-Input` and `Signature` have different labels.');
  const signature = parseSignature(made.value.member);
  if (!signature.ok) return signature;
  const parameters = parseInput(input.value.member, components);
  if (!parameters.ok) return parameters;
  return ok({ ...parameters.value, signature: signature.value });
}

type Member = Dictionary extends Map<string, infer Value> ? Value : never;

function parseMember(
  headers: Headers,
  name: string,
): Read<{ readonly label: string; readonly member: Member }> {
  const text = headers.get(name);
  if (text === null) return malformed(`\`${name}\` is missing.`);
  if (text.length > LIMITS.requestSignatureFieldCharsMax.value)
    return malformed(`\`${name}\` is too long.`);
  const dictionary = parseStrictly(text);
  if (dictionary === undefined)
    return malformed(`\`${name}\` is not a dictionary as RFC 9651 writes it, each name once.`);
  const [first, second] = dictionary;
  if (first === undefined || second !== undefined)
    return malformed(`\`${name}\` must have exactly one signature.`);
  const [label, member] = first;
  return ok({ label, member });
}

function parseStrictly(text: string): Dictionary | undefined {
  try {
    const dictionary = parseDictionary(text);
    return serializeDictionary(dictionary) === text ? dictionary : undefined;
  } catch {
    // The library throws for whatever is no dictionary, and has nothing to add that a caller needs.
    return undefined;
  }
}

const SIGNATURE_BYTES = 64;

function parseSignature([value, parameters]: Member): Read<Uint8Array> {
  const isBytes = value instanceof ArrayBuffer && value.byteLength === SIGNATURE_BYTES;
  return isBytes && parameters.size === 0
    ? ok(new Uint8Array(value))
    : malformed('`Signature` is not 64 bytes without parameters.');
}

const KNOWN = new Set(['created', 'expires', 'nonce', 'keyid', 'alg']);

function parseInput(
  [items, parameters]: Member,
  components: readonly string[],
): Read<Omit<SignatureFields, 'signature'>> {
  if (!Array.isArray(items)) return malformed('`Signature-Input` is not a list of components.');
  const covered = items.map(([name, own]) => (own.size === 0 ? name : undefined));
  const isExact =
    covered.length === components.length && components.every((name, at) => covered[at] === name);
  if (!isExact)
    return malformed(
      `It must cover exactly (${components.map((name) => `"${name}"`).join(' ')}), in this order.`,
    );
  const stray = [...parameters.keys()].find((name) => !KNOWN.has(name));
  if (stray !== undefined) return malformed(`The parameter \`${stray}\` has no place in it.`);
  const { created, expires, nonce, keyid, alg } = Object.fromEntries(parameters);
  if (alg !== 'ed25519') return malformed('`alg` must be "ed25519".');
  if (!isTime(created)) return malformed('`created` must be a whole number of seconds.');
  if (expires !== undefined && !(isTime(expires) && expires > created))
    return malformed('`expires` must be a whole number of seconds after `created`.');
  if (typeof keyid !== 'string') return malformed('`keyid` must be the id of the credential.');
  if (typeof nonce !== 'string' || !NONCE.test(nonce))
    return malformed(`\`nonce\` must be ${NONCE_CHARS} characters of base64url.`);
  const signatureParams = serializeInnerList([items, parameters]);
  return ok({ signatureParams, created, expires: expires ?? null, nonce, keyId: keyid });
}

const isTime = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const NONCE_CHARS = `${LIMITS.requestNonceCharsMin.value} to ${LIMITS.requestNonceCharsMax.value}`;
const NONCE = new RegExp(
  `^[\\w-]{${LIMITS.requestNonceCharsMin.value},${LIMITS.requestNonceCharsMax.value}}$`,
);
