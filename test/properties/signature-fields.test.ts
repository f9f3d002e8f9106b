/**
 * The fields of a signature under any text: a typed refusal or a reading, never a throw; and a reading
 * says the whole of the text, so that no two texts are the same signature.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSignatureFields } from '../../worker/http/signature-fields.ts';
import { runsOf } from '../support/runs.ts';

const COMPONENTS = ['@method', '@target-uri', 'content-digest'];
const INPUT =
  'sig1=("@method" "@target-uri" "content-digest");created=1800000000' +
  ';nonce="nonce-of-a-test-000001";keyid="key_1";alg="ed25519"';
const SIGNATURE = `sig1=:${btoa('s'.repeat(64))}:`;

/** As `Headers` gives them, which hold no others. */
const text = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

const read = (input: string, signature: string) =>
  parseSignatureFields(new Headers({ 'signature-input': input, signature }), COMPONENTS);

/** The text with a part of it replaced by another. */
const changed = (whole: string) =>
  fc
    .tuple(fc.nat(whole.length), fc.nat(4), text)
    .map(
      ([at, length, other]) => whole.slice(0, at) + other.slice(0, 6) + whole.slice(at + length),
    );

const runs = runsOf('signature-fields', { usual: 2_000, slow: 20_000 });

describe('the fields of a signature', () => {
  it('end any text in a reading or a refusal', () => {
    fc.assert(
      fc.property(text, text, (input, signature) => {
        expect(read(input, signature).ok).toBe(false);
      }),
      runs,
    );
  });

  it('are read from one text alone: what is read gives the text back', () => {
    fc.assert(
      fc.property(changed(INPUT), (input) => {
        const fields = read(input, SIGNATURE);
        if (fields.ok) expect(`sig1=${fields.value.signatureParams}`).toBe(input.trim());
      }),
      runs,
    );
  });

  it('hold one signature: another text is another one, or none', () => {
    fc.assert(
      fc.property(changed(SIGNATURE), (signature) => {
        const fields = read(INPUT, signature);
        if (!fields.ok) return;
        const bytes = String.fromCharCode(...fields.value.signature);
        expect(`sig1=:${btoa(bytes)}:`).toBe(signature.trim());
      }),
      runs,
    );
  });
});
