/**
 * Canaries: secret values, API keys, an operator token, idempotency keys and credentials of
 * strangers are planted, every operation is run with them, and afterwards they are in no log line,
 * no row of the catalogue and no object, in clear, hex or base64. The Worker and the bridge log
 * everything they can. That the search finds what is there is checked too. The traces of the
 * platform are searched in test/traces.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeWith, callAltered } from '../support/altered-platform.ts';
import { type Door, found, KNOWN, runEveryOperation, toHex } from './canaries.ts';
import { readCatalogue, readObjects } from './stored-text.ts';

const OPERATOR = 'canaryOperatorToken7f3a9c1e5b2d8f604182';

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      lines.push(parts.map(String).join(' '));
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const alterations = {
  LOG_LEVEL: 'debug',
  API_TOKENS: `canary:${OPERATOR}`,
  BRIDGE: bridgeWith({ LOG_LEVEL: 'debug' }),
};
const door: Door = {
  ask: (request, options = {}) =>
    callAltered(alterations, request, { token: OPERATOR, ...options }),
  operator: OPERATOR,
};

describe('the search', () => {
  it('finds a secret in clear, in hex, and in base64 at any place of a longer text', () => {
    const secret = 'a-secret-that-is-long-enough-to-be-found';
    for (const before of ['', '{', '{"'])
      for (const form of [before + secret, toHex(before + secret), btoa(`${before}${secret}"}`)])
        expect(found(`x${form}y`, [secret, OPERATOR])).toEqual([secret.slice(0, 24)]);
  });
});

describe('a secret', () => {
  it('is in no answer, log line, row or object after every operation has run', {
    timeout: 300_000,
  }, async () => {
    const { tenant, canaries } = await runEveryOperation(door);
    const [catalogue, objects] = [await readCatalogue(), await readObjects()];
    const logged = lines.join('\n');
    expect(found(logged, canaries), 'in the log').toEqual([]);
    expect(found(catalogue, canaries), 'in the catalogue').toEqual([]);
    expect(found(objects, canaries), 'in objects').toEqual([]);
    expect(catalogue, 'the search reads the catalogue').toContain(KNOWN);
    expect(objects, 'and the objects').toContain(tenant.accountId);
    expect(logged, 'and the log').toContain('accounts.getAccount');
  });
});
