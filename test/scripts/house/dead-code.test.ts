import { describe, expect, it } from 'vitest';
import { deadExports, deadFiles } from '../../../scripts/house/dead-code.ts';
import { places } from './tree-of.ts';

const INDEX = 'worker/index.ts';

describe('dead files', () => {
  it('refuses a file that nobody imports', () => {
    expect(places(deadFiles, { [INDEX]: '', 'worker/app.ts': '' })).toEqual(['worker/app.ts:1']);
  });

  it('refuses a file that only another dead file imports', () => {
    const files = {
      [INDEX]: '',
      'worker/a.ts': `import './b.ts';`,
      'worker/b.ts': `import './a.ts';`,
    };
    expect(places(deadFiles, files)).toEqual(['worker/a.ts:1', 'worker/b.ts:1']);
  });

  it('refuses a source file that only a test reaches', () => {
    const files = {
      'worker/core/a.ts': '',
      'test/core/a.test.ts': `import '../../worker/core/a.ts';`,
    };
    expect(places(deadFiles, files)).toEqual(['worker/core/a.ts:1']);
  });

  it('refuses a support file that no test uses', () => {
    const files = { 'test/support/a.ts': '', 'test/core/a.test.ts': '' };
    expect(places(deadFiles, files)).toEqual(['test/support/a.ts:1']);
  });

  it('does not refuse what is imported as a type, later, or as a file', () => {
    const files = {
      [INDEX]: `import type { A } from './a.ts'; await import('./b.ts');`,
      'worker/a.ts': `new URL('./c.ts', import.meta.url);`,
      'worker/b.ts': '',
      'worker/c.ts': '',
    };
    expect(places(deadFiles, files)).toEqual([]);
  });

  it('does not refuse set-up files that the test configuration names', () => {
    const files = {
      'vitest.config.ts': `export default { setupFiles: ['./test/support/setup.ts'] };`,
      'test/support/setup.ts': '',
    };
    expect(places(deadFiles, files)).toEqual([]);
  });
});

describe('dead files of a protocol', () => {
  it('takes what only a test reaches, and refuses what nothing does', () => {
    const files = {
      'worker/core/neo/a.ts': 'export const a = 1;',
      'worker/core/neo/b.ts': 'export const b = 1;',
      'test/core/neo/a.test.ts': "import { a } from '../../../worker/core/neo/a.ts'; a;",
    };
    expect(places(deadFiles, files)).toEqual(['worker/core/neo/b.ts:1']);
  });
});

describe('dead exports', () => {
  it('refuses exported values that no other file takes, each at its line', () => {
    const files = {
      [INDEX]: `import { used } from './a.ts';`,
      'worker/a.ts':
        'export const used = 1;\nexport const spare = 2;\nexport class Idle {}\nconst a = 1;\nexport { a as b };\n',
    };
    expect(places(deadExports, files)).toEqual([2, 3, 5].map((line) => `worker/a.ts:${line}`));
  });

  it('does not refuse types, tables, whole-module imports, generated files or entry points', () => {
    const files = {
      [INDEX]: [
        `import { used } from './a.ts';`,
        `import * as all from './b.ts';`,
        `import { table } from './services/secrets/tables.ts';`,
        `import { one } from './generated/c.ts';`,
        'export const entry = 1;',
      ].join('\n'),
      'worker/a.ts': 'export const used = 1; export interface Shape {}',
      'worker/b.ts': 'export const any = 1;',
      'worker/services/secrets/tables.ts': 'export const table = 1; export const other = 2;',
      'worker/generated/c.ts': 'export const one = 1; export const two = 2;',
    };
    expect(places(deadExports, files)).toEqual([]);
  });

  it('counts an export that is passed on under another name', () => {
    const files = {
      [INDEX]: `export { a as b } from './a.ts';`,
      'worker/a.ts': 'export class a {}',
    };
    expect(places(deadExports, files)).toEqual([]);
  });
});
