/**
 * A source file begins by saying what it guarantees, in a block comment; a generated one says that
 * it is generated.
 */
import {
  type Finding,
  isCode,
  isGenerated,
  isTest,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf } from './syntax.ts';

/** Shorter files are read whole as fast as a comment. */
const LINES_MIN = 15;

export function fileHeads(tree: SourceTree): readonly Finding[] {
  return tree
    .filter(({ path }) => isCode(path) && !isTest(path) && !path.startsWith('examples/functions/'))
    .filter((file) => !hasHead(file))
    .map(({ path }) => ({
      path,
      line: 1,
      rule: 'file heads',
      instead: isGenerated(path)
        ? 'let the generator say on line 1 that the file is generated'
        : 'begin with a block comment: what the file guarantees, and what it does not do',
    }));
}

function hasHead(file: SourceFile): boolean {
  if (isGenerated(file.path)) return /generated/i.test(file.text.split('\n', 1)[0] ?? '');
  if (file.text.split('\n').length - 1 <= LINES_MIN) return true;
  const { head } = syntaxOf(file);
  return head?.block === true;
}
