/**
 * What a rule of the house check sees: the project as a list of paths and texts, and nothing else.
 * A rule is a pure function from this list to findings, so its test is a list with one file that
 * breaks it and one that does not. Files that are not text are listed with their bytes as Latin-1,
 * so that links to them resolve and they can be compared.
 */
export interface SourceFile {
  /** Relative to the root, with `/` on every system. */
  readonly path: string;
  readonly text: string;
}

export type SourceTree = readonly SourceFile[];

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  /** What to do about it, as an instruction. */
  readonly instead: string;
}

export type Rule = (tree: SourceTree) => readonly Finding[];

const CODE = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
const BINARY = /\.(wasm|png|jpg|jpeg|gif|ico|webp|woff2?|gz|zip|tar|nef|bin|der)$/;

export function isCode(path: string): boolean {
  return CODE.test(path);
}

export function isBinary(path: string): boolean {
  return BINARY.test(path);
}

/** Written by a program from another source; sizes and wording are that program's matter. */
export function isGenerated(path: string): boolean {
  return /(^|\/)generated\//.test(path) || path.startsWith('worker/runtimes/');
}

/** Material from others (test vectors), kept as its source gave it. */
export function isForeign(path: string): boolean {
  return path.startsWith('test/vectors/') || path === 'package-lock.json' || path === 'LICENSE';
}

export function isTest(path: string): boolean {
  return path.startsWith('test/');
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}
