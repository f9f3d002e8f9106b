/**
 * Every code of the error catalogue is made somewhere in the product and explained in
 * docs/errors.md: a code that nothing answers with is a promise nobody keeps. Declaring a code in a
 * contract is not making it.
 */
import {
  type Finding,
  isCode,
  isGenerated,
  lineAt,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf, type Visited } from './syntax.ts';

const CATALOGUE = /^worker\/core\/errors(\.ts$|\/)/;
const DOCUMENT = 'docs/errors.md';
const MAKERS = /^(worker|durable-objects|enclave-bridge)\//;

interface Code {
  readonly code: string;
  readonly path: string;
  readonly line: number;
}

export function errorCodes(tree: SourceTree): readonly Finding[] {
  const catalogue = tree.filter(({ path }) => CATALOGUE.test(path));
  if (catalogue.length === 0) return [];
  const made = new Set(tree.filter(isMaker).flatMap(literalsOf));
  const codes = catalogue.flatMap(codesOf);
  return [
    ...codes
      .filter(({ code }) => !made.has(code))
      .map((place) => finding(place, `nothing makes ${place.code}: answer with it, or delete it`)),
    ...undocumented(tree, codes),
  ];
}

function undocumented(tree: SourceTree, codes: readonly Code[]): readonly Finding[] {
  const document = tree.find(({ path }) => path === DOCUMENT);
  if (document === undefined)
    return codes
      .slice(0, 1)
      .map((place) => finding(place, `${DOCUMENT} is missing: run npm run generate`));
  return codes
    .filter(({ code }) => !document.text.includes(`\`${code}\``))
    .map((place) =>
      finding(place, `${DOCUMENT} does not explain ${place.code}: run npm run generate`),
    );
}

function isMaker({ path }: SourceFile): boolean {
  const declares = CATALOGUE.test(path) || path.endsWith('/contract.ts');
  return isCode(path) && MAKERS.test(path) && !declares && !isGenerated(path);
}

function literalsOf(file: SourceFile): readonly string[] {
  return syntaxOf(file).nodes.flatMap(({ node }) =>
    node.type === 'Literal' && typeof node.value === 'string' ? [node.value] : [],
  );
}

function codesOf(catalogue: SourceFile): readonly Code[] {
  return syntaxOf(catalogue).nodes.flatMap((visited) => {
    const { node } = visited;
    if (node.type !== 'Property' || node.key.type !== 'Literal' || !isRow(visited)) return [];
    const line = lineAt(catalogue.text, node.start);
    return [{ code: String(node.key.value), path: catalogue.path, line }];
  });
}

/**
 * A row stands in a table itself: above it are the object, then only `as const` and `satisfies`,
 * then `ERRORS` or a table that goes into it.
 */
function isRow(visited: Visited): boolean {
  let above = visited.parent?.parent;
  while (above?.node.type === 'TSAsExpression' || above?.node.type === 'TSSatisfiesExpression') {
    above = above.parent;
  }
  const declarator = above?.node;
  if (declarator?.type !== 'VariableDeclarator') return false;
  return declarator.id.type === 'Identifier' && /(^|_)ERRORS$/.test(declarator.id.name);
}

const finding = ({ path, line }: Code, instead: string): Finding => ({
  path,
  line,
  rule: 'error codes',
  instead,
});
