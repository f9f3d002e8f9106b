/** A secret value of 8 bytes or more is never shown, wherever code has put it and however it is nested. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../worker/core/functions-runtime/redact.ts';

const redactor = (...values: readonly string[]) =>
  createRedactor(values.map((value, index) => ({ name: `S${index}`, value })));

describe('redact', () => {
  it('replaces values in text, in values and in keys', () => {
    const { text, json } = redactor('hunter2hunter2');
    expect(text('a hunter2hunter2 b hunter2hunter2')).toBe('a [secret:S0] b [secret:S0]');
    expect(json({ 'x-hunter2hunter2': ['hunter2hunter2', 1, null, { a: true }] })).toEqual({
      'x-[secret:S0]': ['[secret:S0]', 1, null, { a: true }],
    });
  });

  it('finds values in bytes that are no text, and leaves bytes without them as they are', () => {
    const { bytes } = createRedactor([{ name: 'Schlüssel', value: 'pässword' }]);
    const of = (text: string) => new TextEncoder().encode(text);
    const [before, after] = [Uint8Array.of(0xff, 0xc3), Uint8Array.of(0x00, 0xfe)];
    const mixed = (text: string) => Uint8Array.of(...before, ...of(text), ...after);
    expect(bytes(mixed('pässword'))).toEqual(mixed('[secret:Schlüssel]'));
    const clean = mixed('passwort');
    expect(bytes(clean)).toBe(clean);
  });

  it('leaves values under 8 bytes alone and counts bytes, not characters', () => {
    expect(redactor('1234567').text('1234567')).toBe('1234567');
    expect(redactor('éééé').text('éééé')).toBe('[secret:S0]');
  });

  it('replaces the longest value first when one holds another', () => {
    const { text } = redactor('password', 'password-and-more');
    expect(text('password-and-more password')).toBe('[secret:S1] [secret:S0]');
  });

  it('finds values that went through JSON once or twice, or into a URL', () => {
    const value = 'line one\n"quoted" \\ end';
    const { text } = redactor(value);
    const once = JSON.stringify({ value });
    for (const form of [once, JSON.stringify({ once }), encodeURIComponent(value)]) {
      expect(text(form)).toContain('[secret:S0]');
      expect(text(form)).not.toContain('quoted');
    }
  });

  it('keeps own keys named __proto__ and does not touch prototypes', () => {
    const value = JSON.parse('{"__proto__":{"polluted":"hunter2hunter2"}}') as { a?: string };
    const { json } = redactor('hunter2hunter2');
    expect(JSON.stringify(json(value))).toBe('{"__proto__":{"polluted":"[secret:S0]"}}');
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('does not search its own marks, even when a secret spells like one', () => {
    expect(redactor('[secret:', 'secret:S0]').text('[secret:x')).toBe('[secret:S0]x');
  });

  it('leaves no value behind in any JSON', () => {
    const secret = fc
      .string({ minLength: 8, maxLength: 20 })
      .filter((value) => !'[secret:S0]'.includes(value));
    fc.assert(
      fc.property(secret, fc.json(), fc.nat(), (value, text, at) => {
        const place = at % (text.length + 1);
        const planted = { [value]: [text.slice(0, place) + value + text.slice(place)] };
        const [[key, list]] = Object.entries(redactor(value).json(planted)) as [[string, string[]]];
        expect(key).toBe('[secret:S0]');
        expect(list[0]?.split('[secret:S0]').some((part) => part.includes(value))).toBe(false);
      }),
    );
  });
});
