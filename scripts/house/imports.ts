/**
 * Every way in which one file names another: static imports and exports, `import()`, `import('…')`
 * types and `new URL('…', import.meta.url)`. An import is of types only when the whole statement
 * says so: under `verbatimModuleSyntax` an `import { type A }` still loads the module at run time.
 */
import { posix } from 'node:path';
import type { ImportDeclarationSpecifier, ModuleExportName, NewExpression, Node } from 'oxc-parser';
import type { SourceFile } from './source-tree.ts';
import { syntaxOf, textOf } from './syntax.ts';

export interface Import {
  readonly specifier: string;
  /** Path from the root, when the specifier is relative. */
  readonly target: string | undefined;
  /** `file`: read at run time as bytes, not loaded as a module. */
  readonly kind: 'value' | 'type' | 'file';
  readonly offset: number;
  /** The exported names taken; `*` for all of them. */
  readonly names: readonly string[];
}

type Reference = Pick<Import, 'specifier' | 'kind' | 'names'>;

export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  for (const { node } of syntaxOf(file).nodes) {
    const reference = node.type === 'NewExpression' ? urlOf(file, node) : referenceOf(node);
    if (reference === undefined) continue;
    found.push({ ...reference, target: resolve(file, reference.specifier), offset: node.start });
  }
  return found;
}

function referenceOf(node: Node): Reference | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return {
        specifier: node.source.value,
        kind: node.importKind ?? 'value',
        names: node.specifiers.map(importedName),
      };
    case 'ExportNamedDeclaration':
      if (node.source === null) return undefined;
      return {
        specifier: node.source.value,
        kind: node.exportKind ?? 'value',
        names: node.specifiers.map((one) => nameOf(one.local)),
      };
    case 'ExportAllDeclaration':
      return whole(node.source, node.exportKind ?? 'value');
    case 'ImportExpression':
      return whole(node.source, 'value');
    case 'TSImportType':
      return whole(node.source, 'type');
    default:
      return undefined;
  }
}

function urlOf(file: SourceFile, node: NewExpression): Reference | undefined {
  const [source, base] = node.arguments;
  if (base === undefined || textOf(file, base) !== 'import.meta.url') return undefined;
  return whole(source, 'file');
}

function whole(source: Node | undefined, kind: Import['kind']): Reference | undefined {
  if (source?.type !== 'Literal' || typeof source.value !== 'string') return undefined;
  return { specifier: source.value, kind, names: ['*'] };
}

function importedName(specifier: ImportDeclarationSpecifier): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
}

export function nameOf(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name;
}

function resolve(file: SourceFile, specifier: string): string | undefined {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  const path = specifier.replace(/[?#].*$/, '');
  return posix.normalize(posix.join(posix.dirname(file.path), path));
}
