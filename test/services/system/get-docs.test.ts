/** `/docs`: every operation of the contract, readable without a script, a foreign host or a credential. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../../worker/contract.ts';
import { call } from '../../support/harness.ts';
import { brokenAnchors, expectSelfContained } from './documents.ts';

describe('200', () => {
  it('is a whole page of our own: no script, no style or host from elsewhere', async () => {
    const page = await call('GET /docs', { token: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toMatch(/^<!doctype html>/i);
    expectSelfContained(page);
  });

  it('describes every operation with its method and path', async () => {
    const { text } = await call('GET /docs', { token: null });
    for (const { id, path, summary } of operations) {
      expect(text, id).toContain(path);
      expect(text, id).toContain(summary.replaceAll("'", '&#39;'));
    }
  });

  it('has no link into itself that leads nowhere, and its links to our other pages lead somewhere', async () => {
    const { text } = await call('GET /docs', { token: null });
    expect(brokenAnchors(text)).toEqual([]);
    const pages = new Set([...text.matchAll(/href="(\/[^"#]*)/g)].map(([, path = '']) => path));
    expect(pages.size).toBeGreaterThan(0);
    for (const path of pages)
      expect((await call(`GET ${path}`, { token: null })).status, path).toBe(200);
  });
});
