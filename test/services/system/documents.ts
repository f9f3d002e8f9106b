/** What every page the platform serves about itself owes its reader. */
import { expect } from 'vitest';
import type { Called } from '../../support/harness.ts';

/** Nothing on the page runs or loads from elsewhere, by its text and by the policy beside it. */
export function expectSelfContained(page: Called): void {
  expect(page.text).not.toMatch(/<script|<iframe|<object|<embed|<base|<form|<meta[^>]+refresh/i);
  expect(page.text).not.toMatch(/\son[a-z]+\s*=\s*["']/i);
  expect(page.text).not.toMatch(/\sstyle\s*=\s*["']|<style/i);
  expect(page.text).not.toMatch(/javascript:/i);
  const targets = [...page.text.matchAll(/\s(?:src|href|action)\s*=\s*"([^"]*)"/g)];
  const outside = targets
    .map(([, target = '']) => target)
    .filter((to) => !/^(?:#|\/(?!\/))/.test(to));
  expect(outside, 'links of our own only').toEqual([]);
  expectLockedDown(page);
}

/** No script, no framing, no sniffing, no host but ours. */
export function expectLockedDown({ headers }: Called): void {
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*|script-src/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
}

/** Where the links of a page into itself lead nowhere. */
export function brokenAnchors(text: string): readonly string[] {
  const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
  const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id = '']) => id);
  return links.filter((id) => !ids.has(id));
}
