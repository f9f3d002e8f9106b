import { describe, expect, it } from 'vitest';
import { sizes } from '../../../scripts/house/sizes.ts';
import { advice, places } from './tree-of.ts';

const lines = (count: number, text = 'x();') => `${text}\n`.repeat(count);
const functionOf = (count: number, name = 'run') => `function ${name}() {\n${lines(count - 2)}}\n`;

describe('sizes', () => {
  it('refuses a source file of 401 lines and lets 400 pass', () => {
    expect(advice(sizes, 'worker/a.ts', lines(401))).toHaveLength(1);
    expect(advice(sizes, 'worker/a.ts', lines(400))).toEqual([]);
  });

  it('refuses a test file of 601 lines and lets 600 pass', () => {
    expect(advice(sizes, 'test/core/a.test.ts', lines(601))).toHaveLength(1);
    expect(advice(sizes, 'test/core/a.test.ts', lines(600))).toEqual([]);
  });

  it('does not hold generated files to any size', () => {
    expect(advice(sizes, 'sdk/src/generated/types.ts', lines(9_000))).toEqual([]);
  });

  it('refuses a function of 71 lines, at its first line, and lets 70 pass', () => {
    expect(places(sizes, { 'worker/a.ts': `\n${functionOf(71)}` })).toEqual(['worker/a.ts:2']);
    expect(places(sizes, { 'worker/a.ts': functionOf(70) })).toEqual([]);
  });

  it('refuses a route handler of 41 lines, however it is declared', () => {
    const path = 'worker/services/gasbank/routes.ts';
    const arrow = `const handleCreate = async () => {\n${lines(39)}};\n`;
    expect(advice(sizes, path, functionOf(41, 'handleCreate'))).toHaveLength(1);
    expect(advice(sizes, path, arrow)).toHaveLength(1);
    const wrapped = `const handleCreate = implement(create, async () => {\n${lines(39)}});\n`;
    expect(advice(sizes, path, wrapped)).toHaveLength(1);
    expect(advice(sizes, path, functionOf(40, 'handleCreate'))).toEqual([]);
    expect(advice(sizes, 'worker/http/answer.ts', functionOf(41, 'handleCreate'))).toEqual([]);
  });

  it('lets a describe be longer than a function, but not the test inside it', () => {
    const chapter = `describe('a', () => {\n${lines(100)}});\n`;
    const proof = `it('a', () => {\n${lines(100)}});\n`;
    expect(advice(sizes, 'test/core/a.test.ts', chapter)).toEqual([]);
    expect(advice(sizes, 'test/core/a.test.ts', proof)).toHaveLength(1);
  });

  it('refuses 121 columns and lets 120 pass', () => {
    const wide = (columns: number) => `// ${'word '.repeat(30)}`.slice(0, columns);
    expect(advice(sizes, 'worker/a.ts', `${wide(121)}\n`)).toHaveLength(1);
    expect(advice(sizes, 'worker/a.ts', `${wide(120)}\n`)).toEqual([]);
  });

  it('does not refuse a wide line that has no place to break', () => {
    expect(advice(sizes, 'worker/a.ts', `const key = '${'5e'.repeat(64)}';\n`)).toEqual([]);
  });

  it('refuses five parameters and lets four pass', () => {
    expect(advice(sizes, 'worker/a.ts', 'const f = (a, b, c, d, e) => a;')).toHaveLength(1);
    expect(advice(sizes, 'worker/a.ts', 'class A { f(a, b, c, d, e) {} }')).toHaveLength(1);
    expect(advice(sizes, 'worker/a.ts', 'const f = (a, b, c, d) => a;')).toEqual([]);
  });
});

describe('nesting', () => {
  const nested = (text: string) => places(sizes, { 'test/core/a.test.ts': text });

  it.each([
    [
      'loops, a switch and a try',
      'function f() { for (;;) { switch (a) { case 1: try { if (b) c(); } finally { d(); } } } }',
    ],
    [
      'a callback with a block',
      'function f() { if (a) { if (b) { c.map((d) => { if (d) e(); }); } } }',
    ],
    [
      'the end of an else-if chain',
      'function f() { if (a) b(); else if (c) { while (d) { do { if (e) g(); } while (h); } } }',
    ],
    ['a test', `it('a', () => { for (;;) { for (;;) { for (;;) { if (b) c(); } } } });`],
  ])('refuses a fourth level made of %s', (_, text) => {
    expect(nested(text)).toHaveLength(1);
  });

  it.each([
    ['three levels', 'function f() { for (;;) { switch (a) { case 1: if (b) c(); } } }'],
    [
      'a long else-if chain',
      'function f() { if (a) b(); else if (c) d(); else if (e) g(); else if (h) i(); else j(); }',
    ],
    [
      'a callback without a block',
      'function f() { for (;;) { for (;;) { if (a) b.map((c) => c + 1); } } }',
    ],
    [
      'a function with a name of its own',
      'function f() { if (a) { if (b) { const g = () => { if (c) { if (d) e(); } }; } } }',
    ],
    [
      'tests within describes',
      `describe.each([1])('b', () => { it('c', () => { for (;;) { for (;;) { if (b) c(); } } }); });`,
    ],
  ])('lets pass %s', (_, text) => {
    expect(nested(text)).toEqual([]);
  });
});
