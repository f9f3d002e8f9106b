/**
 * The parsed form of a source file, made once and kept as long as the file object lives. Parsing is
 * oxc's: TypeScript 7 has no stable JavaScript API, and regular expressions over raw text find
 * banned words in strings and comments. A file that does not parse gives an empty tree; reporting
 * it is the compiler's work.
 */
import { type Node, parseSync, visitorKeys } from 'oxc-parser';
import type { SourceFile } from './source-tree.ts';

export interface Visited {
  readonly node: Node;
  readonly parent: Visited | undefined;
}

export interface Syntax {
  /** Every node, parents before children, in source order. */
  readonly nodes: readonly Visited[];
  /**
   * The text with comments, strings, templates and regular expressions blanked; offsets are kept.
   */
  readonly code: string;
  /** The text with comments blanked; offsets are kept. */
  readonly uncommented: string;
  /** The text with everything but comments blanked; offsets are kept. */
  readonly comments: string;
  /** The first comment, when nothing but a `#!` line stands before it. */
  readonly head: { readonly block: boolean; readonly text: string } | undefined;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const cache = new WeakMap<SourceFile, Syntax>();

export function syntaxOf(file: SourceFile): Syntax {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const made = parse(file);
  cache.set(file, made);
  return made;
}

export function textOf(file: SourceFile, span: Span): string {
  return file.text.slice(span.start, span.end);
}

function parse(file: SourceFile): Syntax {
  const { program, comments } = parseSync(file.path, file.text);
  const nodes: Visited[] = [];
  collect({ node: program, parent: undefined }, nodes);
  const before = program.hashbang?.end ?? 0;
  // The parser lists the `#!` line among the comments.
  const first = comments.find(({ start }) => start >= before);
  const isHead = first !== undefined && file.text.slice(before, first.start).trim() === '';
  return {
    nodes,
    code: blank(file.text, [...comments, ...nodes.map(({ node }) => node).filter(isQuoted)]),
    uncommented: blank(file.text, comments),
    comments: keep(file.text, comments),
    head: isHead ? { block: first.type === 'Block', text: first.value } : undefined,
  };
}

function collect(visited: Visited, into: Visited[]): void {
  into.push(visited);
  // The parser's own table says which keys hold children; their types differ by node, so they are
  // read as unknown.
  const fields = visited.node as unknown as Readonly<Record<string, unknown>>;
  for (const key of visitorKeys[visited.node.type] ?? []) {
    const children = Array.isArray(fields[key]) ? fields[key] : [fields[key]];
    for (const child of children) {
      if (isNode(child)) collect({ node: child, parent: visited }, into);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function isQuoted(node: Node): boolean {
  if (node.type === 'TemplateElement' || node.type === 'JSXText') return true;
  return node.type === 'Literal' && (typeof node.value === 'string' || 'regex' in node);
}

function blank(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, start), spaces(text.slice(start, end)));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

function keep(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(spaces(text.slice(at, start)), text.slice(start, end));
    at = end;
  }
  return parts.join('') + spaces(text.slice(at));
}

function spaces(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
