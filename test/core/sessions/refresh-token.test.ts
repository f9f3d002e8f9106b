/** The form of refresh tokens: a session, a family, a secret. */
import { describe, expect, it } from 'vitest';
import {
  createFamily,
  encodeRefreshToken,
  hashFamily,
  parseRefreshToken,
} from '../../../worker/core/sessions/refresh-token.ts';

const sessionId = 'ses_01k4j8x1e0e4r9v2m3n5p6q7rs';
const family = createFamily(new Uint8Array(16).fill(0xfb));
const token = encodeRefreshToken({ sessionId, family }, new Uint8Array(32).fill(0xff));

describe('a refresh token', () => {
  it('names its session and keeps its family through rotations', () => {
    expect(parseRefreshToken(token)).toEqual({ sessionId, family });
    const next = encodeRefreshToken({ sessionId, family }, new Uint8Array(32));
    expect(next).not.toBe(token);
    expect(parseRefreshToken(next)).toEqual({ sessionId, family });
  });

  it('is nothing when its form is another', () => {
    for (const wrong of ['', token.slice(1), `${token}A`, token.replace('.', '_'), `${token}\n`])
      expect(parseRefreshToken(wrong), wrong).toBeNull();
  });

  it('has a family that is bound to its session', () => {
    const other = 'ses_01k4j8x1e0e4r9v2m3n5p6q7rt';
    expect(hashFamily({ sessionId: other, family })).not.toBe(hashFamily({ sessionId, family }));
  });
});
