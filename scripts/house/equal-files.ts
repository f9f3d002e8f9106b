/**
 * Nothing is copied: two files that differ only in comments and white space are one module, or one
 * template.
 */
import {
  type Finding,
  isBinary,
  isCode,
  isForeign,
  isGenerated,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf } from './syntax.ts';

/** Files shorter than this (an index with two exports) may be equal by chance. */
const CHARACTERS_MIN = 200;

export function equalFiles(tree: SourceTree): readonly Finding[] {
  const firstByContent = new Map<string, string>();
  const found: Finding[] = [];
  for (const file of tree.filter(isCompared)) {
    const content = normalized(file);
    if (content.length < CHARACTERS_MIN) continue;
    const first = firstByContent.get(content);
    if (first === undefined) firstByContent.set(content, file.path);
    else
      found.push({
        path: file.path,
        line: 1,
        rule: 'equal files',
        instead: `use ${first}: it says the same`,
      });
  }
  return found;
}

function isCompared({ path }: SourceFile): boolean {
  // A released document is the generated one until the contract moves on.
  if (path.startsWith('docs/released/')) return false;
  return !isBinary(path) && !isForeign(path) && !isGenerated(path);
}

function normalized(file: SourceFile): string {
  const text = isCode(file.path) ? syntaxOf(file).uncommented : file.text;
  return text.replace(/\s+/g, ' ').trim();
}
