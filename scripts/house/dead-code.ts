/**
 * Nothing is dead: every source file can be reached from an entry point, and every exported value
 * is taken by another file. What only a test reaches is dead too, for no user can reach it. Types
 * may be exported for the sake of signatures, and the tables of a service are read as one module by
 * drizzle, so both are exempt from the second rule.
 */
import type { Node } from 'oxc-parser';
import { importsOf, nameOf } from './imports.ts';
import {
  type Finding,
  isCode,
  isGenerated,
  isTest,
  lineAt,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf } from './syntax.ts';

/** What is started by people, by the platform or by a tool, and therefore imported by nobody. */
const ENTRY_POINTS: readonly RegExp[] = [
  /^worker\/index\.ts$/,
  /^enclave-bridge\/index\.ts$/,
  /^enclave-bridge\/host\/(index|main)\.ts$/,
  /^cli\/(src\/main\.ts|slctl\.mjs)$/,
  /^dashboard\/(src\/main\.tsx?|[^/]+\.config\.ts)$/,
  /^scripts\/[^/]+$/,
  // Bundled by esbuild, which is told their paths.
  /^scripts\/generate\/.+\.(source|inject)\.ts$/,
  /^sdk\/((src|keys)\/index\.ts|devpack\/.+)$/,
  /^examples\//,
  /^contracts\//,
  /^vitest\.config\.ts$/,
  /\.d\.ts$/,
];
/**
 * A protocol and the native contracts of a chain are implemented whole, as their documents have
 * them, and not by what the product calls today: here it is enough that a test reaches a file.
 */
const PROTOCOLS: readonly RegExp[] = [/^worker\/(core\/neo|chain\/contracts)\//];
const TEST_ENTRY_POINTS: readonly RegExp[] = [/^test\/.+\.(test|slow)\.ts$/];

interface Exported {
  readonly name: string;
  readonly offset: number;
}

export function deadFiles(tree: SourceTree): readonly Finding[] {
  const code = tree.filter(({ path }) => isCode(path));
  const alive = reach(code, ENTRY_POINTS);
  const aliveInTests = reach(code, [...ENTRY_POINTS, ...TEST_ENTRY_POINTS, ...namedInConfig(tree)]);
  return code
    .filter(({ path }) => !(isTest(path) || isProtocol(path) ? aliveInTests : alive).has(path))
    .map(({ path }) => ({
      path,
      line: 1,
      rule: 'dead files',
      instead: aliveInTests.has(path)
        ? 'only tests reach it: use it in the product or delete it'
        : 'nobody imports it: use it or delete it',
    }));
}

export function deadExports(tree: SourceTree): readonly Finding[] {
  const code = tree.filter(({ path }) => isCode(path));
  const taken = takenNames(code);
  return code.filter(isHeldToExports).flatMap((file) => {
    const names = taken.get(file.path);
    // A file nobody imports is one finding, made above.
    if (names === undefined || names.has('*')) return [];
    return exportsOf(file)
      .filter(({ name }) => !names.has(name))
      .map(({ name, offset }) => ({
        path: file.path,
        line: lineAt(file.text, offset),
        rule: 'dead exports',
        instead: `nobody imports ${name}: drop \`export\`, or the whole of it`,
      }));
  });
}

function isHeldToExports({ path }: SourceFile): boolean {
  return !isGenerated(path) && !path.endsWith('/tables.ts') && !isEntryPoint(path);
}

function isEntryPoint(path: string): boolean {
  return ENTRY_POINTS.some((pattern) => pattern.test(path));
}

const isProtocol = (path: string): boolean => PROTOCOLS.some((pattern) => pattern.test(path));

function reach(code: SourceTree, entries: readonly RegExp[]): ReadonlySet<string> {
  const byPath = new Map(code.map((file) => [file.path, file]));
  const queue = code.filter(({ path }) => entries.some((pattern) => pattern.test(path)));
  const alive = new Set(queue.map(({ path }) => path));
  for (const file of queue) {
    for (const { target } of importsOf(file)) {
      const found = target === undefined ? undefined : byPath.get(target);
      if (found === undefined || alive.has(found.path)) continue;
      alive.add(found.path);
      queue.push(found);
    }
  }
  return alive;
}

/** Set-up files of the tests are named in vitest.config.ts by path. */
function namedInConfig(tree: SourceTree): readonly RegExp[] {
  const config = tree.find(({ path }) => path === 'vitest.config.ts')?.text ?? '';
  return [...config.matchAll(/'\.\/(test\/[\w./-]+\.ts)'/g)].map(
    ([, path = '']) => new RegExp(`^${path.replaceAll('.', '\\.')}$`),
  );
}

function takenNames(code: SourceTree): ReadonlyMap<string, ReadonlySet<string>> {
  const taken = new Map<string, Set<string>>();
  for (const { target, names } of code.flatMap((file) => importsOf(file))) {
    if (target === undefined) continue;
    const known = taken.get(target) ?? new Set();
    for (const name of names) known.add(name);
    taken.set(target, known);
  }
  return taken;
}

function exportsOf(file: SourceFile): readonly Exported[] {
  return syntaxOf(file).nodes.flatMap(({ node }) => {
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type') return [];
    const declared = node.declaration === null ? [] : declaredValues(node.declaration);
    const named = node.specifiers
      .filter(({ exportKind }) => exportKind !== 'type')
      .map(({ exported }) => nameOf(exported));
    return [...declared, ...named].map((name) => ({ name, offset: node.start }));
  });
}

function declaredValues(declaration: Node): readonly string[] {
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) =>
      id.type === 'Identifier' ? [id.name] : [],
    );
  }
  const isValue =
    declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  return isValue && declaration.id !== null ? [declaration.id.name] : [];
}
