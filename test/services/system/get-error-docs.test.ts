/** `/docs/errors`: where the `type` of every problem leads. */
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../../worker/contract.ts';
import { call } from '../../support/harness.ts';
import { brokenAnchors, expectSelfContained } from './documents.ts';

describe('200', () => {
  it('is a whole page of our own: no script, no style or host from elsewhere', async () => {
    const page = await call('GET /docs/errors', { token: null });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expectSelfContained(page);
    expect(brokenAnchors(page.text)).toEqual([]);
  });

  it('explains every code of the catalogue under an anchor of its own', async () => {
    const { text } = await call('GET /docs/errors', { token: null });
    for (const code of Object.keys(ERRORS)) {
      const anchor = code.replace(/[._]/g, '-');
      expect(text.split(`id="${anchor}"`), code).toHaveLength(2);
      expect(text, code).toContain(`<code>${code}</code>`);
    }
  });

  it('is where the `type` of a problem points', async () => {
    const refused = await call('GET /accounts', { token: null });
    const [path = '', anchor = ''] = String(refused.body.type).split('#');
    const page = await call(`GET ${path}`, { token: null });
    expect(page.text).toContain(`id="${anchor}"`);
  });
});
