/**
 * The generated table: everything of the contract is in it, and what cannot be offered faithfully
 * stops the generator.
 */

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { renderCommands, toKebab } from '../../scripts/generate/cli-commands.ts';
import { operations } from '../../worker/contract.ts';
import { buildOpenApi } from '../../worker/http/openapi.ts';
import { OPERATIONS, TABLE, tableOf } from './support/operations.ts';
import { run } from './support/run-cli.ts';

const [createBox] = OPERATIONS;
if (createBox === undefined) throw new Error('the small contract has operations');

describe('the table', () => {
  it('has a command, with help, for every operation of the contract', async () => {
    const table = tableOf(operations);
    expect(table.map(({ id }) => id).sort()).toEqual(operations.map(({ id }) => id).sort());
    const names = table.map(({ service, command }) => `${service} ${command}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { service, command, example } of table) {
      const { code, out } = await run([service, command, '--help'], { table });
      expect(code, `${service} ${command}`).toBe(0);
      expect(out).toContain(example);
    }
  });

  it('is the same text for the same contract', () => {
    const document = buildOpenApi(OPERATIONS, { version: '1.0.0' });
    expect(renderCommands(document)).toBe(renderCommands(document));
    expect(renderCommands(document).split('\n')[0]).toContain('npm run generate');
  });

  it('names fields in kebab case', () => {
    expect(['accountId', 'evmURL', 'sha256Hash', 'a'].map(toKebab)).toEqual([
      'account-id',
      'evm-url',
      'sha256-hash',
      'a',
    ]);
  });

  it('asks of a choice between bodies only what every one of them needs', () => {
    const update = TABLE.find(({ command }) => command === 'update-box');
    expect(update?.body?.flags.map(({ field, required }) => [field, required])).toEqual([
      ['name2', false],
      ['size', false],
    ]);
  });

  it('is not made when two fields want one flag', () => {
    const clash = { ...createBox, body: z.strictObject({ accountId: z.string() }) };
    expect(() => tableOf([clash])).toThrow('two fields want the flag --account-id');
  });
});
