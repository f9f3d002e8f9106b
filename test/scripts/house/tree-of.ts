/** Makes the trees that rules are tried on, and says what they found in a form that fits one line. */
import type { Rule, SourceTree } from '../../../scripts/house/source-tree.ts';

export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

/** `path:line` of every finding of the rule, in its order. */
export function places(rule: Rule, files: Readonly<Record<string, string>>): readonly string[] {
  return rule(treeOf(files)).map(({ path, line }) => `${path}:${line}`);
}

/** What the rule says to do about one file. */
export function advice(rule: Rule, path: string, text: string): readonly string[] {
  return rule(treeOf({ [path]: text })).map(({ instead }) => instead);
}
