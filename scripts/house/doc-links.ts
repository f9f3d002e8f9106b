/**
 * Every relative link of a Markdown file leads to a file or folder of the project. Addresses
 * elsewhere are not tried.
 */
import { posix } from 'node:path';
import { type Finding, lineAt, type SourceFile, type SourceTree } from './source-tree.ts';

/** `[text](target)`, `![text](target "title")` and `[label]: target`. */
const LINK = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm;
const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/\/|#)/i;

export function docLinks(tree: SourceTree): readonly Finding[] {
  const known = new Set(tree.flatMap(({ path }) => [path, ...foldersOf(path)]));
  return tree
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((file) =>
      linksOf(file)
        .filter(({ target }) => !known.has(resolve(file, target)))
        .map(({ target, line }) => ({
          path: file.path,
          line,
          rule: 'doc links',
          instead: `${target} does not exist: mend the link`,
        })),
    );
}

function linksOf(file: SourceFile): readonly { readonly target: string; readonly line: number }[] {
  const prose = file.text.replace(/^(```|~~~)[\s\S]*?^\1/gm, blank).replace(/`[^`\n]*`/g, blank);
  return [...prose.matchAll(LINK)]
    .map((match) => ({ target: match[1] ?? match[2] ?? '', line: lineAt(file.text, match.index) }))
    .filter(({ target }) => !ELSEWHERE.test(target));
}

function resolve(file: SourceFile, target: string): string {
  const path = decodeURI(target.replace(/[#?].*$/, ''));
  const from = path.startsWith('/') ? '' : posix.dirname(file.path);
  return posix.normalize(posix.join(from, path)).replace(/^\/|\/$/g, '');
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return ['.', ...parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))];
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
