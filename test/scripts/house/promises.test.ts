/** The rules that hold the contract and the catalogue of errors to what they promise. */
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../scripts/house/error-codes.ts';
import { operationsTested } from '../../../scripts/house/operations-tested.ts';
import { advice, places, treeOf } from './tree-of.ts';

describe('operations tested', () => {
  const PATH = 'test/services/gas-bank/create-reservation.test.ts';
  const STATUSES = new Map([
    ['request.malformed', 400],
    ['gasbank.insufficient_funds', 402],
    ['gasbank.reservation_conflict', 409],
  ]);
  const rule = operationsTested({
    operations: [
      {
        id: 'gasBank.createReservation',
        successes: [{ status: 201 }],
        errors: [...STATUSES.keys()],
      },
    ],
    statusOf: (code) => STATUSES.get(code),
    isProvedByTheSuites: (code) => code.startsWith('request.'),
  });

  it('refuses an operation without its test file, naming the file', () => {
    expect(places(rule, { 'test/services/gas-bank/other.test.ts': '' })).toEqual([`${PATH}:1`]);
  });

  it('refuses each declared status that no describe is named after', () => {
    const text = `describe('201', () => {});\n// describe('402')\nit('409', () => {});\n`;
    expect(advice(rule, PATH, text)).toEqual([
      expect.stringContaining('declares 402'),
      expect.stringContaining('declares 409'),
    ]);
  });

  it('does not ask for the statuses that the suites prove for every operation', () => {
    const text = ['201 Created', '402', '409: another body']
      .map((title) => `describe('${title}', () => {});`)
      .join('\n');
    expect(rule(treeOf({ [PATH]: text }))).toEqual([]);
  });
});

describe('error codes', () => {
  const CATALOGUE = 'worker/core/errors.ts';
  const files = {
    [CATALOGUE]: [
      'export const ERRORS = {',
      `  'gasbank.insufficient_funds': { status: 402, 'a.detail': 1 },`,
      '} as const satisfies Record<string, ErrorEntry>;',
      `const OTHER = { 'not.a_code': 1 };`,
    ].join('\n'),
    'docs/errors.md': '## `gasbank.insufficient_funds`',
    'worker/core/ledger/decide.ts': `err('gasbank.insufficient_funds', {});`,
  };

  it('does not refuse a code that is made and documented', () => {
    expect(places(errorCodes, files)).toEqual([]);
  });

  it.each([
    ['a contract', 'worker/services/gasbank/contract.ts'],
    ['a test', 'test/core/ledger/decide.test.ts'],
    ['the SDK', 'sdk/src/errors.ts'],
  ])('refuses a code that only %s names', (_, path) => {
    const { 'worker/core/ledger/decide.ts': maker, ...rest } = files;
    expect(places(errorCodes, { ...rest, [path]: maker })).toEqual([`${CATALOGUE}:2`]);
  });

  it('refuses a code that the document does not explain', () => {
    const text = { ...files, 'docs/errors.md': '`gasbank.insufficient_funds_twice`' };
    expect(places(errorCodes, text)).toEqual([`${CATALOGUE}:2`]);
  });

  it('refuses a catalogue without its document', () => {
    const { 'docs/errors.md': _, ...rest } = files;
    expect(places(errorCodes, rest)).toEqual([`${CATALOGUE}:2`]);
  });
});
