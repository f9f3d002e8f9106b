/** `GET /docs/deposit.js`: the one script of the deposit page. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';

describe('200', () => {
  it('is a script that asks no host anything', async () => {
    const { headers, text } = await call('GET /docs/deposit.js', { token: null });
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(text).toContain('Neo.DapiProvider.request');
    expect(text).not.toMatch(/fetch|XMLHttpRequest|WebSocket|innerHTML|https?:/);
  });
});
