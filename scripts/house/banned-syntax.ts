/**
 * What only the syntax tree can tell: the type `any`, an error swallowed in silence, an amount made
 * a float, and core reaching for the outside by a global.
 */
import type { BlockStatement, Node } from 'oxc-parser';
import {
  type Finding,
  isCode,
  isGenerated,
  lineAt,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf, textOf } from './syntax.ts';

/** Tools may load modules by a path they compute; the product says what it loads. */
const TOOLS = /^(scripts|test|cli)\//;

/** The one place where amounts become numbers, checked, for SQLite. */
const MONEY = 'worker/core/money.ts';

export function bannedSyntax(tree: SourceTree): readonly Finding[] {
  return tree
    .filter(({ path }) => isCode(path) && !isGenerated(path))
    .flatMap((file) =>
      syntaxOf(file).nodes.flatMap(({ node }) => {
        const instead = adviceFor(file, node);
        if (instead === undefined) return [];
        return [
          { path: file.path, line: lineAt(file.text, node.start), rule: 'banned syntax', instead },
        ];
      }),
    );
}

function adviceFor(file: SourceFile, node: Node): string | undefined {
  if (node.type === 'TSAnyKeyword') {
    return '`any` turns the checks off: use `unknown` and parse, or the real type';
  }
  if (node.type === 'CatchClause' && isSilent(file, node.body)) {
    return 'map or rethrow the error, or say in a comment why swallowing it is right';
  }
  if (file.path !== MONEY && makesFloat(file, node)) {
    return `amounts are bigint datoshi: convert them through ${MONEY}`;
  }
  if (
    node.type === 'ImportExpression' &&
    node.source.type !== 'Literal' &&
    !TOOLS.test(file.path)
  ) {
    return 'import by a literal path: neither the arrows nor the bundler can follow this one';
  }
  if (reachesOut(node) && file.path.startsWith('worker/core/')) {
    return 'core does no I/O and never waits: move it to an adapter';
  }
  return undefined;
}

function reachesOut(node: Node): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return false;
  return /^(fetch|setTimeout|setInterval)$/.test(node.callee.name);
}

function isSilent(file: SourceFile, block: BlockStatement): boolean {
  return block.body.length === 0 && textOf(file, block).replace(/[{}\s]/g, '') === '';
}

function makesFloat(file: SourceFile, node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  if (!/^(Number|(Number\.)?parse(Float|Int))$/.test(textOf(file, node.callee))) return false;
  return node.arguments.some((argument) => /amount|datoshi/i.test(textOf(file, argument)));
}
