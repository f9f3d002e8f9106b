/**
 * The generated files on disk are what the generator makes now, no more and no less: a change to
 * the contract cannot land without its document, its SDK and its CLI, and an edit by hand is found.
 */
import { type Finding, isBinary, type SourceTree } from './source-tree.ts';

export type Generated = ReadonlyMap<string, string | Uint8Array>;

export function generatedCurrent(generated: Generated): (tree: SourceTree) => readonly Finding[] {
  return (tree) => {
    const stored = new Map(tree.map(({ path, text }) => [path, text]));
    const behind = [...generated].filter(
      ([path, made]) => stored.get(path) !== asStored(path, made),
    );
    const strays = tree.filter(
      ({ path }) => /(^|\/)generated\//.test(path) && !generated.has(path),
    );
    return [
      ...behind.map(([path]) =>
        finding(path, 'run npm run generate: the file is not what it makes'),
      ),
      ...strays.map(({ path }) => finding(path, 'the generator does not make it: delete it')),
    ];
  };
}

function asStored(path: string, made: string | Uint8Array): string {
  if (typeof made === 'string') return made;
  return Buffer.from(made).toString(isBinary(path) ? 'latin1' : 'utf8');
}

function finding(path: string, instead: string): Finding {
  return { path, line: 1, rule: 'generated files', instead };
}
