/**
 * Imports go one way (docs/architecture.md): each import of each file is looked up in the table of
 * arrows.
 */
import { ARROWS, type Arrow } from './arrow-table.ts';
import { type Import, importsOf } from './imports.ts';
import { type Finding, isCode, lineAt, type SourceFile, type SourceTree } from './source-tree.ts';

export function arrows(tree: SourceTree): readonly Finding[] {
  return tree.filter((file) => isCode(file.path)).flatMap(findingsOf);
}

function findingsOf(file: SourceFile): readonly Finding[] {
  const rule = 'arrows';
  const arrow = ARROWS.find(({ files }) => files.test(file.path));
  if (arrow === undefined) {
    const instead =
      'move the file into a folder of docs/architecture.md, or give it a row in arrow-table.ts';
    return [{ path: file.path, line: 1, rule, instead }];
  }
  return importsOf(file)
    .filter((one) => !isAllowed(file, arrow, one))
    .map((one) => ({
      path: file.path,
      line: lineAt(file.text, one.offset),
      rule,
      instead: advice(arrow, one),
    }));
}

function isAllowed(file: SourceFile, arrow: Arrow, one: Import): boolean {
  const { target } = one;
  if (one.kind === 'file') return true;
  if (target === undefined) return arrow.packages.test(one.specifier);
  const own = arrow.files.exec(file.path)?.[0];
  if (own !== undefined && target.startsWith(own)) return true;
  if (arrow.may.some((pattern) => pattern.test(target))) return true;
  return one.kind === 'type' && arrow.mayTypes.some((pattern) => pattern.test(target));
}

function advice(arrow: Arrow, one: Import): string {
  const target = one.target ?? one.specifier;
  if (one.target !== undefined && arrow.mayTypes.some((pattern) => pattern.test(target))) {
    return `${arrow.zone} takes only types from ${target}: use \`import type\``;
  }
  return `${arrow.zone} must not import ${target}: take it as an argument or a port, or move the code`;
}
