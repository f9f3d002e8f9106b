import { describe, expect, it } from 'vitest';
import { bannedNames } from '../../../scripts/house/banned-names.ts';
import { advice, places } from './tree-of.ts';

describe('banned names', () => {
  it.each([
    'worker/core/string-utils.ts',
    'worker/core/helpers/text.ts',
    'worker/core/keyManager.ts',
    'worker/http/handler.ts',
    'd1-migrations/0002_new_accounts.sql',
    'test/core/final.test.ts',
  ])('refuses the path %s', (path) => {
    expect(places(bannedNames, { [path]: '' })).toEqual([`${path}:1`]);
  });

  it.each([
    'worker/core/base58.ts',
    'worker/services/data-feeds/contract.ts',
    'worker/services/data-streams/contract.ts',
    'enclave-bridge/workloads/data-keys.ts',
    'worker/core/database-name.ts',
    'docs/data-and-retention.md',
    'sdk/src/generated/data.ts',
  ])('lets the path %s pass', (path) => {
    expect(places(bannedNames, { [path]: '' })).toEqual([]);
  });

  it.each([
    'interface AccountInfo {}',
    'export type NewAccount = string;',
    'export class KeyManager {}',
    'type RequestHandler = () => void;',
    'interface SealV2 {}',
    'interface HTTPUtil {}',
  ])('refuses %s', (text) => {
    expect(advice(bannedNames, 'worker/core/keys.ts', text)).toHaveLength(1);
  });

  it.each([
    'interface DataKey {}',
    'interface DataLinkDelivery {}',
    'type SharedSecret = Uint8Array;',
    'interface Metadata {}',
    'import type { ExportedHandler } from "x";',
    'const data = 1;',
  ])('lets pass %s', (text) => {
    expect(advice(bannedNames, 'worker/core/keys.ts', text)).toEqual([]);
  });

  it('lets routes speak of handlers', () => {
    const text = 'type CreateHandler = () => void;';
    expect(advice(bannedNames, 'worker/services/gasbank/routes.ts', text)).toEqual([]);
  });
});
