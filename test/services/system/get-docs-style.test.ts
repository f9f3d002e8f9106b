/** The style of the reference: ours, and asking nothing of anybody. */
import { describe, expect, it } from 'vitest';
import { call } from '../../support/harness.ts';
import { expectLockedDown } from './documents.ts';

describe('200', () => {
  it('is a style sheet that loads nothing', async () => {
    const style = await call('GET /docs/reference.css', { token: null });
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(style.text).not.toMatch(/@import|url\(|expression\(|https?:/i);
    expectLockedDown(style);
  });

  it('is what the pages link to', async () => {
    for (const page of ['/docs', '/docs/errors'])
      expect((await call(`GET ${page}`, { token: null })).text).toContain(
        'href="/docs/reference.css"',
      );
  });
});
