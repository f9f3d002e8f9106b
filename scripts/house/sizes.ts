/**
 * Sizes a reader can hold: lines of a file, columns of a line, lines, parameters and nesting of a
 * function. Generated files and vectors are exempt; in tests so is the length of a `describe`
 * callback, which is a chapter and not a function.
 *
 * Nesting counts, inside one function, every `if`, loop, `switch` and `try`, and every callback
 * with a block, because it is read in the middle of its parent. `else if` is no deeper than its
 * `if`. A function that is declared, assigned or returned starts at zero again, as do the callbacks
 * of a test framework.
 */
import type { ArrowFunctionExpression, Function as FunctionNode, Node } from 'oxc-parser';
import {
  type Finding,
  isCode,
  isForeign,
  isGenerated,
  isTest,
  lineAt,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf, type Visited } from './syntax.ts';

const MAX = {
  fileLines: 400,
  testFileLines: 600,
  functionLines: 70,
  routeLines: 40,
  columns: 120,
  parameters: 4,
  nesting: 3,
} as const;

/** A hash, an address or a vector: it has no place to break. */
const UNBREAKABLE = /[^\s'"`]{80}/;
const DEEPER = new Set<Node['type']>([
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'SwitchStatement',
  'TryStatement',
]);
const TEST_FRAMEWORK = /^(describe|it|test|(before|after)(Each|All))$/;

type Func = FunctionNode | ArrowFunctionExpression;

export function sizes(tree: SourceTree): readonly Finding[] {
  return tree
    .filter(({ path }) => isCode(path) && !isGenerated(path) && !isForeign(path))
    .flatMap((file) => [...fileFindings(file), ...functionFindings(file), ...nesting(file)]);
}

function fileFindings(file: SourceFile): readonly Finding[] {
  const lines = file.text.split('\n');
  const max = isTest(file.path) ? MAX.testFileLines : MAX.fileLines;
  // The text ends with a line break, so the last element is no line.
  const count = lines.length - 1;
  const tooLong =
    count > max ? [finding(file, 1, `split the file: ${count} lines, at most ${max}`)] : [];
  const tooWide = lines.flatMap((line, index) =>
    line.length > MAX.columns && !UNBREAKABLE.test(line)
      ? [finding(file, index + 1, `break the line: ${line.length} columns, at most ${MAX.columns}`)]
      : [],
  );
  return [...tooLong, ...tooWide];
}

function functionFindings(file: SourceFile): readonly Finding[] {
  return syntaxOf(file).nodes.flatMap((visited) => {
    const { node } = visited;
    if (!isFunction(node)) return [];
    const line = lineAt(file.text, node.start);
    const count = lineAt(file.text, node.end) - line + 1;
    const isRoute = file.path.endsWith('/routes.ts') && /^handle[A-Z]/.test(nameOf(visited));
    const max = isRoute ? MAX.routeLines : MAX.functionLines;
    const found: Finding[] = [];
    if (count > max && frameworkCall(visited) !== 'describe') {
      const text = isRoute ? 'move work from the handler to service.ts' : 'split the function';
      found.push(finding(file, line, `${text}: ${count} lines, at most ${max}`));
    }
    if (node.params.length > MAX.parameters) {
      found.push(finding(file, line, `take an options object: ${node.params.length} parameters`));
    }
    return found;
  });
}

function nesting(file: SourceFile): readonly Finding[] {
  const depths = new Map<Visited, number>();
  const found: Finding[] = [];
  for (const visited of syntaxOf(file).nodes) {
    const above = visited.parent === undefined ? 0 : (depths.get(visited.parent) ?? 0);
    const depth = startsAnew(visited) ? 0 : above + (isDeeper(visited) ? 1 : 0);
    depths.set(visited, depth);
    if (depth === MAX.nesting + 1 && above === MAX.nesting) {
      const line = lineAt(file.text, visited.node.start);
      found.push(
        finding(
          file,
          line,
          `nest at most ${MAX.nesting} deep: return early or name the inner part`,
        ),
      );
    }
  }
  return found;
}

function startsAnew(visited: Visited): boolean {
  if (!isFunction(visited.node)) return false;
  return !isCallback(visited) || TEST_FRAMEWORK.test(frameworkCall(visited) ?? '');
}

function isDeeper(visited: Visited): boolean {
  const { node, parent } = visited;
  if (isFunction(node)) return node.body?.type === 'BlockStatement';
  if (!DEEPER.has(node.type)) return false;
  return !(parent?.node.type === 'IfStatement' && parent.node.alternate === node);
}

function isFunction(node: Node): node is Func {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

function isCallback({ parent }: Visited): boolean {
  return parent?.node.type === 'CallExpression' || parent?.node.type === 'NewExpression';
}

/**
 * `describe` of `describe.each(rows)('…', () => …)`, for the callback; nothing for other functions.
 */
function frameworkCall({ parent }: Visited): string | undefined {
  if (parent?.node.type !== 'CallExpression') return undefined;
  let callee: Node = parent.node.callee;
  while (callee.type !== 'Identifier') {
    if (callee.type === 'CallExpression') callee = callee.callee;
    else if (callee.type === 'MemberExpression') callee = callee.object;
    else if (callee.type === 'TaggedTemplateExpression') callee = callee.tag;
    else return undefined;
  }
  return TEST_FRAMEWORK.test(callee.name) ? callee.name : undefined;
}

/** Its own name, or that of the constant or field it is given to, be it wrapped in calls. */
function nameOf({ node, parent }: Visited): string {
  if (isFunction(node) && node.id !== null) return node.id.name;
  let holder = parent;
  while (holder?.node.type === 'CallExpression') holder = holder.parent;
  const named = holder?.node;
  if (named?.type === 'VariableDeclarator' && named.id.type === 'Identifier') return named.id.name;
  return named?.type === 'Property' && named.key.type === 'Identifier' ? named.key.name : '';
}

function finding(file: SourceFile, line: number, instead: string): Finding {
  return { path: file.path, line, rule: 'sizes', instead };
}
