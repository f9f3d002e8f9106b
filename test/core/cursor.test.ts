/** Opaque cursors: whatever key goes in comes out, and nothing else is a cursor. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCursor, parseCursor } from '../../worker/core/cursor.ts';

const MALFORMED = { ok: false, failure: { code: 'request.malformed' } };

describe('cursors', () => {
  it('give back the key they were made of, in text safe for a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (key) => {
        const cursor = encodeCursor(key);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(parseCursor(cursor)).toEqual({ ok: true, value: key });
      }),
    );
  });

  it('refuse any other text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const parsed = parseCursor(text);
        if (parsed.ok) expect(encodeCursor(parsed.value)).toBe(text);
        else expect(parsed).toMatchObject(MALFORMED);
      }),
    );
  });

  it('refuse padding, a foreign version, bytes that are no UTF-8 and keys of any length', () => {
    const encode = (text: string) => Buffer.from(text, 'latin1').toString('base64url');
    for (const text of [
      '',
      `${encodeCursor('a')}=`,
      encode('c2.a'),
      encode('a'),
      encode('c1.\xff'),
      encode(`c1.${'k'.repeat(400)}`),
    ])
      expect(parseCursor(text), text).toMatchObject(MALFORMED);
  });
});
