/**
 * Words that say nothing about a thing's job are not used in the names of files, folders and types.
 * Whole words only (`base58` and `metadata` stand), and the terms of the product and of the
 * standards it follows are exempt.
 */
import type { Node } from 'oxc-parser';
import {
  type Finding,
  isCode,
  isForeign,
  isGenerated,
  lineAt,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf } from './syntax.ts';

const BANNED = new Set(
  (
    'manager helper helpers util utils common misc shared base core2 new old temp impl data info ' +
    'handler processor engine enhanced advanced v2 final extended'
  ).split(' '),
);

/** Data feeds, data streams, data pipelines, data keys, DataLink; the shared secret of RFC 9180. */
const TERMS = /\b(data (feeds?|streams?|pipelines?|keys?|links?)|shared secrets?)\b/g;

export function bannedNames(tree: SourceTree): readonly Finding[] {
  const named = tree.filter(({ path }) => !isForeign(path) && !isGenerated(path));
  return [
    ...named.filter(({ path }) => !path.startsWith('docs/')).flatMap(inPath),
    ...named.filter(({ path }) => isCode(path)).flatMap(inTypes),
  ];
}

function inPath(file: SourceFile): readonly Finding[] {
  const names = file.path.split('/').map((part) => part.replace(/\.[a-z]+$/, ''));
  return bannedIn(names, file).map((word) => finding(file, 1, word));
}

function inTypes(file: SourceFile): readonly Finding[] {
  return syntaxOf(file).nodes.flatMap(({ node }) => {
    const name = typeName(node);
    if (name === undefined) return [];
    const line = lineAt(file.text, node.start);
    return bannedIn([name], file).map((word) => finding(file, line, word));
  });
}

function typeName(node: Node): string | undefined {
  const isType =
    node.type === 'TSInterfaceDeclaration' ||
    node.type === 'TSTypeAliasDeclaration' ||
    node.type === 'ClassDeclaration';
  return isType ? node.id?.name : undefined;
}

function bannedIn(names: readonly string[], file: SourceFile): readonly string[] {
  return names
    .flatMap((name) => wordsOf(name).replace(TERMS, '').split(' '))
    .filter((word) => BANNED.has(word))
    .filter((word) => word !== 'handler' || !file.path.endsWith('/routes.ts'));
}

/** `DataKeyStore`, `data-key-store` and `data_key_store` are all `data key store`. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase();
}

function finding(file: SourceFile, line: number, word: string): Finding {
  const instead = `name it after its job in the domain, without "${word}"`;
  return { path: file.path, line, rule: 'banned names', instead };
}
