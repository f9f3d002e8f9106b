/**
 * The two fields of a signature: one accepted form, and every other refused with the word for what is
 * wrong with it.
 */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../worker/core/request-signature/limits.ts';
import { parseSignatureFields } from '../../worker/http/signature-fields.ts';

const COMPONENTS = ['@method', '@target-uri', 'content-digest'];
const COVERED = '("@method" "@target-uri" "content-digest")';
const NONCE = 'nonce-of-a-test-000001';
const PARAMS = `;created=1800000000;nonce="${NONCE}";keyid="key_1";alg="ed25519"`;
const INPUT = `sig1=${COVERED}${PARAMS}`;
const SIGNATURE = `sig1=:${btoa('s'.repeat(64))}:`;

function read(input: string | null, signature: string | null = SIGNATURE) {
  const headers = new Headers();
  if (input !== null) headers.set('signature-input', input);
  if (signature !== null) headers.set('signature', signature);
  const parsed = parseSignatureFields(headers, COMPONENTS);
  return parsed.ok ? parsed.value : `${parsed.failure.code}: ${parsed.failure.detail}`;
}

const params = (changes: string) => `sig1=${COVERED}${changes}`;

describe('a signature', () => {
  it('is read with the parameters as they were signed', () => {
    expect(read(INPUT)).toEqual({
      signatureParams: `${COVERED}${PARAMS}`,
      signature: new Uint8Array(64).fill('s'.charCodeAt(0)),
      created: 1_800_000_000,
      expires: null,
      nonce: NONCE,
      keyId: 'key_1',
    });
  });

  it('may have another label, its parameters in another order, and an end', () => {
    const turned = `;alg="ed25519";keyid="key_1";expires=1800000060;nonce="${NONCE}";created=1800000000`;
    expect(read(`proof=${COVERED}${turned}`, SIGNATURE.replace('sig1', 'proof'))).toMatchObject({
      signatureParams: `${COVERED}${turned}`,
      expires: 1_800_000_060,
    });
  });

  const other = `sig2=${COVERED}${PARAMS}`;
  it.each<[string, string | null, string | null, RegExp]>([
    ['without its input', null, SIGNATURE, /`Signature-Input` is missing/],
    ['without its value', INPUT, null, /`Signature` is missing/],
    ['with an empty field', '', SIGNATURE, /exactly one/],
    ['that is no dictionary', 'sig1=(', SIGNATURE, /not a dictionary/],
    [
      'of an older draft',
      'keyId="key_1",algorithm="ed25519"',
      SIGNATURE,
      /not a dictionary|exactly/,
    ],
    ['and a second one', `${INPUT}, ${other}`, SIGNATURE, /exactly one/],
    ['with two values', INPUT, `${SIGNATURE}, ${SIGNATURE.replace('sig1', 'sig2')}`, /exactly one/],
    ['whose field was sent twice', `${INPUT}, ${INPUT}`, SIGNATURE, /each name once/],
    ['whose value was sent twice', INPUT, `${SIGNATURE}, ${SIGNATURE}`, /each name once/],
    ['of two labels', other, SIGNATURE, /different labels/],
    ['with stray spaces', INPUT.replace('" "', '"  "'), SIGNATURE, /RFC 9651/],
    ['with a parameter twice', `${INPUT};created=1800000000`, SIGNATURE, /each name once/],
    ['longer than any is', `${INPUT};tag="${'x'.repeat(1024)}"`, SIGNATURE, /too long/],
  ])('%s is refused', (_, input, value, detail) => {
    expect(read(input, value)).toMatch(detail);
  });

  it.each<[string, string, RegExp]>([
    ['less', INPUT.replace(' "content-digest"', ''), /cover exactly/],
    ['more', INPUT.replace('")', '" "date")'), /cover exactly/],
    ['nothing', INPUT.replace(COVERED, '()'), /cover exactly/],
    [
      'it in another order',
      INPUT.replace('"@method" "@target-uri"', '"@target-uri" "@method"'),
      /in this order/,
    ],
    ['it twice', INPUT.replace('"@method"', '"@method" "@method"'), /cover exactly/],
    [
      'a part of it',
      INPUT.replace('"content-digest"', '"content-digest";key="sha-256"'),
      /exactly/,
    ],
    ['another request', INPUT.replace('"@method"', '"@method";req'), /cover exactly/],
    ['a token in place of a name', INPUT.replace('"@method"', 'method'), /cover exactly/],
    ['no list', 'sig1="@method"', /not a list/],
  ])('that covers %s is refused', (_, input, detail) => {
    expect(read(input)).toMatch(detail);
  });

  const without = (name: string) => PARAMS.replace(new RegExp(`;${name}=[^;]+`), '');
  it.each<[string, string, RegExp]>([
    ['no time', without('created'), /`created`/],
    ['no nonce', without('nonce'), /`nonce`/],
    ['no key', without('keyid'), /`keyid`/],
    ['no algorithm', without('alg'), /`alg`/],
    ['another algorithm', PARAMS.replace('ed25519', 'hmac-sha256'), /`alg`/],
    ['a token as algorithm', PARAMS.replace('"ed25519"', 'ed25519'), /`alg`/],
    ['a tag', `${PARAMS};tag="web-bot-auth"`, /`tag` has no place/],
    ['a name of nobody', `${PARAMS};surprise`, /`surprise` has no place/],
    ['a time that is text', PARAMS.replace('=1800000000', '="1800000000"'), /`created`/],
    ['a time that is a date', PARAMS.replace('=1800000000', '=@1800000000'), /`created`|RFC 9651/],
    ['a time with a fraction', PARAMS.replace('=1800000000', '=1800000000.5'), /`created`/],
    ['a decimal that looks whole', PARAMS.replace('=1800000000', '=1800000000.0'), /RFC 9651/],
    ['a time before all', PARAMS.replace('=1800000000', '=-1'), /`created`/],
    ['an end before its time', `${PARAMS};expires=1800000000`, /`expires`/],
    ['an end that is text', `${PARAMS};expires="1800000060"`, /`expires`/],
    ['a short nonce', PARAMS.replace(NONCE, 'x'.repeat(21)), /22 to 64/],
    ['a long nonce', PARAMS.replace(NONCE, 'x'.repeat(65)), /22 to 64/],
    ['a nonce of odd characters', PARAMS.replace(NONCE, `${'x'.repeat(22)} '`), /22 to 64/],
    ['a nonce of bytes', PARAMS.replace(`"${NONCE}"`, `:${btoa('x'.repeat(32))}:`), /`nonce`/],
  ])('with %s is refused', (_, changed, detail) => {
    expect(read(params(changed))).toMatch(detail);
  });

  it.each<[string, string]>([
    ['63 bytes', `sig1=:${btoa('s'.repeat(63))}:`],
    ['65 bytes', `sig1=:${btoa('s'.repeat(65))}:`],
    ['text', `sig1="${'s'.repeat(64)}"`],
    ['a list', 'sig1=()'],
    ['parameters', `${SIGNATURE};alg="ed25519"`],
  ])('of %s is refused', (_, value) => {
    expect(read(INPUT, value)).toMatch(/`Signature` is not 64 bytes/);
  });

  it('in Base64 of another spelling is refused', () => {
    for (const value of [SIGNATURE.replace('==', ''), SIGNATURE.replace('=:', '==:')])
      expect(read(INPUT, value)).toMatch(/signature\.malformed/);
  });

  it('is never more than the parser is given', () => {
    const longest = LIMITS.requestSignatureFieldCharsMax.value;
    expect(INPUT.length * 2).toBeLessThan(longest);
  });
});
