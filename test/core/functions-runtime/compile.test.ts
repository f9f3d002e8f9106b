/** Compiling finds the entry form without running anything, and says where a source is wrong. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../worker/core/functions-runtime/compile.ts';
import { LIMITS } from '../../../worker/core/functions-runtime/limits.ts';
import { listRefusedUses } from '../../../worker/core/functions-runtime/source-uses.ts';
import { runtime } from './node-runtime.ts';

const formOf = (source: string) => {
  const compiled = compile(runtime, source);
  return compiled.ok ? compiled.value.entryForm : compiled.failure;
};

describe('compile', () => {
  it('finds the form and cuts trailing semicolons and comments off an expression', () => {
    expect(formOf('() => 1')).toEqual({ kind: 'expression', end: 7 });
    expect(formOf('() => 1 // a; b')).toEqual({ kind: 'expression', end: 15 });
    expect(formOf('() => 1; // a; b')).toEqual({ kind: 'expression', end: 7 });
    expect(formOf('() => 1 ; ;\n/* ; */ ;\n')).toEqual({ kind: 'expression', end: 8 });
    expect(formOf('export default 1;')).toEqual({ kind: 'module' });
    expect(formOf('const a = 1; export { a as default }')).toEqual({ kind: 'module' });
  });

  const wrong: readonly (readonly [
    string,
    string,
    number | undefined,
    number | undefined,
    string,
  ])[] = [
    ['a broken expression', '() => {\n  let x = ;\n}', 2, 11, "';'"],
    ['a broken first line', '() => { let x = ; }', 1, 17, "';'"],
    ['a broken module', 'export default () => {\n\n  foo(;\n}', 3, 7, "';'"],
    ['statements', 'const a = 1;', 1, 1, 'const'],
    ['two expressions', 'a; b', 1, 2, "';'"],
    ['a source that closes our bracket', '1); for (;;); (2', 1, 2, "')'"],
    ['an open bracket at the end', '(() => 1', 1, 9, 'ends too early'],
    ['nothing', '', 1, 1, 'empty'],
    ['blanks alone', ' \n ', 2, 2, 'empty'],
    ['an open string', '"abc', 1, 1, 'string'],
    [
      'a module without default export',
      'export const a = 1',
      undefined,
      undefined,
      'export default',
    ],
    ['an unknown import', 'import fs from "fs";\nexport default fs', undefined, undefined, "'fs'"],
    [
      'an unknown name of the Devpack',
      'import { nope } from "@service-layer/devpack";\nexport default nope',
      undefined,
      undefined,
      "'nope'",
    ],
    ['nesting without end', '('.repeat(200_000), undefined, undefined, 'too complex'],
  ];
  for (const [name, source, line, column, message] of wrong) {
    it(`refuses ${name} and tells where`, () => {
      const failure = formOf(source);
      expect(failure).toMatchObject({
        code: 'functions.source_invalid',
        detail: expect.stringContaining(message) as string,
        ...(line === undefined ? {} : { line, column }),
      });
    });
  }

  it('refuses a source over the limit, in bytes', () => {
    const limit = LIMITS.sourceBytesMax.value;
    expect(formOf(`'${'é'.repeat(limit / 2)}'`)).toMatchObject({ limit, observed: limit + 2 });
  });

  it('does not run the source, in whatever form', () => {
    expect(formOf('(() => { for (;;); })()')).toMatchObject({ kind: 'expression' });
    expect(formOf('for (;;);\nexport default 1')).toEqual({ kind: 'module' });
    expect(formOf('await new Promise(() => {});\nexport default 1')).toEqual({ kind: 'module' });
  });

  it('ends on sources that are long and dull or made to be slow', () => {
    expect(formOf(`() => [${'1,'.repeat(100_000)}]`)).toMatchObject({ kind: 'expression' });
    expect(formOf(`a ${'; /* x */ '.repeat(20_000)} b`)).toMatchObject({
      code: 'functions.source_invalid',
    });
    expect(formOf(`() => 1 ${'/*;*/'.repeat(700)}; x`)).toMatchObject({
      code: 'functions.source_invalid',
    });
  });
});

describe('what a source uses', () => {
  const usesOf = (source: string) => {
    const compiled = compile(runtime, source);
    if (!compiled.ok) throw new Error(compiled.failure.detail);
    return compiled.value.uses;
  };

  it('lists Devpack modules by global, destructuring and import', () => {
    expect(
      usesOf('() => { Devpack.gasBank.balance(); const { random, oracle } = Devpack; }').modules,
    ).toEqual(['gasBank', 'oracle', 'random']);
    expect(
      usesOf(
        "import { registerTrigger } from '@service-layer/devpack';\nexport default () => registerTrigger()",
      ).modules,
    ).toEqual(['triggers']);
    expect(usesOf('(p) => p.random').modules).toEqual([]);
  });

  it('lists HTTP and the hosts written out, and what permissions refuse of them', () => {
    const uses = usesOf(
      '() => Devpack.http.fetch("https://API.example.com/x") && Devpack.random.generate()',
    );
    expect(uses).toEqual({ modules: ['random'], http: true, httpHosts: ['api.example.com'] });
    expect(listRefusedUses(uses, { modules: [], httpHosts: ['*.example.com'] })).toEqual({
      modules: ['random'],
      httpHosts: [],
    });
    expect(listRefusedUses(uses, { modules: ['random'], httpHosts: [] })).toEqual({
      modules: [],
      httpHosts: ['api.example.com'],
    });
  });
});
